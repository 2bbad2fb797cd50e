"""Speed of the engine on one core: synthetic series of 730 days, process time, kernels compiled beforehand."""

import time
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from bench.report import Row
from forecasting.engine import Config, Panel, choose, forecast
from forecasting.engine.boosted.training import Training, train


def synthetic(n_series: int, n_days: int = 730, seed: int = 0) -> Panel:
    """Overdispersed counts of very different volume with a week profile, in 40 categories and 10 locations."""
    rng = np.random.default_rng(seed)
    rate = np.exp(rng.normal(0, 1.2, n_series))[:, None]
    week = 1 + 0.4 * np.sin(2 * np.pi * np.arange(n_days) / 7)
    demand = rng.poisson(rate * week * rng.gamma(2, 0.5, (n_series, n_days))).astype(np.float32)
    category, location = rng.integers(0, 40, n_series), rng.integers(0, 10, n_series)
    return Panel(demand, date(2024, 1, 1), category=category.astype(np.int32), location=location.astype(np.int32))


def _rate(n_series: int, work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return n_series / (time.process_time() - began)


def speed_rows(n_series: int) -> Iterator[Row]:
    """Series per second and core of each part of the work."""
    panel, config = synthetic(n_series), Config()
    few = panel.rows(slice(0, 300))
    model = train(panel.rows(slice(0, 500)), config, Training(rows=20_000))
    choice = choose(few, config)
    forecast(few, config, choice, model)
    unit = "series/s/core"
    yield Row(
        "choice of methods, 730 days", _rate(n_series, lambda: choose(panel, config)), unit, 7.8, 2_000, higher=True
    )
    choice = choose(panel, config)
    everyday = _rate(n_series, lambda: forecast(panel, config, choice))
    yield Row("everyday run, choice made, 730 days", everyday, unit, 7.8, 10_000, higher=True)
    both = _rate(n_series, lambda: forecast(panel, config, choice, model))
    yield Row("everyday run with the global model", both, unit, 7.8, None, higher=True)
    alone = 1 / (1 / both - 1 / everyday)
    yield Row("global model alone (features, all quantiles)", alone, unit, 7.8, 20_000, higher=True)
    began = time.process_time()
    train(panel, config, Training())
    yield Row("training of the global model, 500,000 examples", time.process_time() - began, "s", None, 180)
