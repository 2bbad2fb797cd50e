"""Simple methods to measure a forecast against, with one way to quantiles for all of them.

Their sums get negative binomial quantiles: mean = the method's sum, variance-to-mean ratio = that of the series'
rolling sums around their trailing mean, shrunk to the median series. Stockouts are filled before they look
(`filled`): a part-period by its share in stock, a whole one by the series' mean of that weekday in stock.
statsforecast is no dependency of the product: its methods take part where it is installed.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from forecasting.engine.kernels import F64
from forecasting.engine.panel import Panel
from forecasting.engine.spread import count_quantiles, normal_quantiles
from forecasting.engine.trial import SCORED, Trial

AVERAGE = {"D": 28, "W": 8, "M": 3}


def filled(panel: Panel, origin: int) -> F64:
    """float64 [n, origin]: demand with stockouts filled (see above), days before the first on sale as zero."""
    demand = panel.demand[:, :origin].astype(np.float64)
    if panel.in_stock_share is None:
        return demand
    share = panel.in_stock_share[:, :origin].astype(np.float64)
    out = demand / np.where(share >= 0.5, share, 1.0)
    for place in range(panel.season):
        days = np.arange(place, origin, panel.season)
        usual = demand[:, days].sum(axis=1) / np.maximum(share[:, days].sum(axis=1), 0.5)
        out[:, days] = np.where(share[:, days] >= 0.5, out[:, days], np.maximum(usual[:, None], demand[:, days]))
    if panel.first_day is not None:
        out[np.arange(origin)[None, :] < panel.first_day[:, None]] = 0.0
    return np.asarray(out, dtype=np.float64)


def simple_sums(trial: Trial) -> dict[str, F64]:
    """float64 [n, o] of the seasonal naive and of the plain average, by name."""
    window, season = AVERAGE[trial.panel.frequency], trial.panel.season
    naive, average = [], []
    for origin in trial.origins:
        history = filled(trial.panel, origin)
        last = history[:, -season:]
        naive.append(last[:, np.arange(trial.horizon) % last.shape[1]].sum(axis=1))
        average.append(history[:, -window:].mean(axis=1) * trial.horizon)
    return {"seasonal naive": np.stack(naive, axis=1), f"average of {window}": np.stack(average, axis=1)}


def has_statsforecast() -> bool:
    """Whether statsforecast is installed."""
    return find_spec("statsforecast") is not None


def statsforecast_sums(trial: Trial, jobs: int = 1) -> Iterator[tuple[int, dict[str, F64]]]:
    """(origin, float64 [n] of each method's sums) for one origin after another in `jobs` processes; slow (AutoETS: 8
    series a second and process).
    """
    library: Any = import_module("statsforecast")
    models: Any = import_module("statsforecast.models")
    for origin in trial.origins:
        history = filled(trial.panel, origin)
        n, d = history.shape
        days = np.tile(np.arange(1, d + 1), n)
        frame = pd.DataFrame({"unique_id": np.repeat(np.arange(n), d), "ds": days, "y": history.ravel()})
        fallback = models.WindowAverage(min(28, d))
        job = library.StatsForecast(
            models=_models(models, trial.panel.season), freq=1, n_jobs=jobs, fallback_model=fallback
        )
        found = job.forecast(df=frame, h=trial.horizon).groupby("unique_id").sum()
        yield origin, {name: np.maximum(found[name].to_numpy(), 0.0) for name in found.columns if name != "ds"}


def _models(models: Any, season: int) -> list[Any]:
    return [
        models.AutoETS(season_length=season, alias="AutoETS"),
        models.CrostonOptimized(alias="CrostonOptimized"),
        models.TSB(0.05, 0.05, alias="TSB .05"),
        models.TSB(0.1, 0.1, alias="TSB .1"),
        models.IMAPA(alias="IMAPA"),
    ]


def sum_ratio(trial: Trial, origin: int) -> F64:
    """float64 [n]: variance-to-mean ratio of rolling sums around their trailing mean, shrunk to the median."""
    history = filled(trial.panel, origin)
    h, trail = trial.horizon, 12 * max(trial.panel.season, 1)
    sums = np.cumsum(np.pad(history, ((0, 0), (1, 0))), axis=1)
    begin = np.arange(min(trail, origin // 2), origin - h + 1)
    back = np.minimum(trail, begin)
    mean = (sums[:, begin] - sums[:, begin - back]) / back * h
    square = (sums[:, begin + h] - sums[:, begin] - mean) ** 2
    own = square.sum(axis=1) / np.maximum(mean.sum(axis=1), 1e-9)
    windows = len(begin) / h
    shrunk = (windows * own + 10 * np.median(own)) / (windows + 10)
    return np.asarray(np.clip(shrunk, 0.3, None), dtype=np.float64)


def rival_quantiles(trial: Trial, sums: F64) -> F64:
    """float64 [n, o, q] for SCORED: negative binomial quantiles of the sums [n, o]; in steps of the least demand where
    not counted, whole where counted.
    """
    unit = np.ones(trial.panel.n_series)
    counted = bool(trial.panel.integer().all())
    if not counted:
        positive = np.where(trial.panel.demand > 0, trial.panel.demand, np.inf).min(axis=1)
        unit = np.where(np.isfinite(positive), positive, 1.0).astype(np.float64)
    parts = []
    for j, origin in enumerate(trial.origins):
        ratio = sum_ratio(trial, origin)
        parts.append(count_quantiles(sums[:, j] / unit, ratio / unit, np.array(SCORED), normal_quantiles(SCORED)))
    found = np.stack(parts, axis=1) * unit[:, None, None]
    return np.maximum(np.ceil(found - 0.5), 0) if counted else found
