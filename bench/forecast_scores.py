"""Scores of quantiles of sums, each per series first, so that they can be bootstrapped over series."""

import numpy as np
from numpy.typing import NDArray

from bench.datasets import Task

SCORED = (0.5, 0.8, 0.9, 0.95, 0.98)
F64 = NDArray[np.float64]


def scaled_pinball(task: Task, quantiles: F64) -> F64:
    """float64 [n]: mean over windows and levels of the pinball loss / the series' scale; NaN where none counts.

    quantiles [n, o, 5] for SCORED.
    """
    levels = np.array(SCORED)
    miss = task.truth()[:, :, None] - quantiles
    loss = np.maximum(levels * miss, (levels - 1) * miss).mean(axis=2) / np.maximum(task.scale(), 1e-9)[:, None]
    return _over_windows(task, loss)


def _over_windows(task: Task, values: F64) -> F64:
    counts = task.counts()
    total = np.where(counts, values, 0.0).sum(axis=1)
    return np.where(counts.any(axis=1), total / np.maximum(counts.sum(axis=1), 1), np.nan)


def coverage(task: Task, quantiles: F64) -> F64:
    """float64 [5]: share of counted windows at or under each quantile."""
    below = task.truth()[:, :, None] <= quantiles + 1e-6
    return np.asarray(below[task.counts()].mean(axis=0), dtype=np.float64)


def smooth_coverage(task: Task, quantiles: F64) -> F64:
    """float64 [5]: the same, an outcome equal to the quantile counting a half."""
    truth = task.truth()[:, :, None]
    half = 0.5 * (truth <= quantiles + 1e-6) + 0.5 * (truth < quantiles - 1e-6)
    return np.asarray(half[task.counts()].mean(axis=0), dtype=np.float64)


def bias(task: Task, sums: F64) -> float:
    """(forecast - actual) / actual over all counted windows."""
    counts = task.counts()
    return float(sums[counts].sum() / task.truth()[counts].sum() - 1)


def paired_gain(ours: F64, theirs: F64, draws: int = 500, seed: int = 0) -> tuple[float, float, float]:
    """How far our mean loss lies under theirs (0.08 = 8% under) and its 95% interval over resampled series."""
    both = np.isfinite(ours) & np.isfinite(theirs)
    a, b = ours[both], theirs[both]
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(a), (draws, len(a)))
    gains = 1 - a[picks].mean(axis=1) / b[picks].mean(axis=1)
    return float(1 - a.mean() / b.mean()), float(np.quantile(gains, 0.025)), float(np.quantile(gains, 0.975))
