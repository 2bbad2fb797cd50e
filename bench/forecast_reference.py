"""What simple methods and statsforecast's best reach on the same work, kept between runs: they take half an hour."""

import os

import numpy as np

from bench.datasets import Task, cache_folder
from forecasting.engine.kernels import F64
from forecasting.engine.rivals import simple_sums, statsforecast_sums


def reference_sums(task: Task) -> dict[str, F64]:
    """float64 [n, o] of each method's sums; computed once, then read from the cache folder."""
    path = cache_folder() / f"reference {task.name} {task.panel.n_series}.npz"
    if not path.exists():
        parts = [found for _origin, found in statsforecast_sums(task, os.cpu_count() or 1)]
        stacked = {name: np.stack([p[name] for p in parts], axis=1) for name in parts[0]}
        np.savez(path, allow_pickle=False, **(simple_sums(task) | stacked))
    with np.load(path) as stored:
        return {name: stored[name] for name in stored}
