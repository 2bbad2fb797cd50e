"""What simple methods and statsforecast's best reach on the same work, with the same way to quantiles for all.

Their sums get negative binomial quantiles: mean = the method's sum, variance-to-mean ratio = that of the series'
rolling sums around their trailing mean, shrunk to the median series. Stockouts are filled before they look
(`filled`): a part-period by its share in stock, a whole one by the series' mean of that weekday in stock.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsforecast import StatsForecast
from statsforecast.models import (
    IMAPA,
    TSB,
    AutoETS,
    CrostonOptimized,
    SeasonalNaive,
    WindowAverage,
)

from bench.datasets import Task, cache_folder
from forecasting.engine.spread import count_quantiles, normal_quantiles

Sums = dict[str, NDArray[np.float64]]


def reference_sums(task: Task) -> Sums:
    """float64 [n, o] of each method's sums; computed once, then read from the cache folder."""
    path = cache_folder() / f"reference {task.name} {task.panel.n_series}.npz"
    if not path.exists():
        parts = [_at_origin(task, origin) for origin in task.origins]
        stacked = {name: np.stack([p[name] for p in parts], axis=1) for name in parts[0]}
        np.savez(path, allow_pickle=False, **stacked)
    with np.load(path) as stored:
        return {name: stored[name] for name in stored}


def _models(season: int) -> list[object]:
    window = 28 if season == 7 else 8
    return [
        SeasonalNaive(season, alias="seasonal naive"),
        WindowAverage(window, alias=f"average of {window}"),
        AutoETS(season_length=season, alias="AutoETS"),
        CrostonOptimized(alias="CrostonOptimized"),
        TSB(0.05, 0.05, alias="TSB .05"),
        TSB(0.1, 0.1, alias="TSB .1"),
        IMAPA(alias="IMAPA"),
    ]


def _at_origin(task: Task, origin: int) -> Sums:
    history = filled(task, origin)
    n, d = history.shape
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(n), d),
            "ds": np.tile(np.arange(1, d + 1), n),
            "y": history.ravel(),
        }
    )
    fallback = WindowAverage(min(28, d))
    models = StatsForecast(models=_models(task.panel.season), freq=1, n_jobs=1, fallback_model=fallback)
    found = models.forecast(df=frame, h=task.horizon).groupby("unique_id").sum()
    return {name: np.maximum(found[name].to_numpy(), 0.0) for name in found.columns if name != "ds"}


def filled(task: Task, origin: int) -> NDArray[np.float64]:
    """float64 [n, origin]: demand with stockouts filled (see above), days before the first on sale as zero."""
    demand = task.panel.demand[:, :origin].astype(np.float64)
    if task.panel.in_stock_share is None:
        return demand
    share = task.panel.in_stock_share[:, :origin].astype(np.float64)
    season = task.panel.season
    out = demand / np.where(share >= 0.5, share, 1.0)
    for place in range(season):
        days = np.arange(place, origin, season)
        usual = demand[:, days].sum(axis=1) / np.maximum(share[:, days].sum(axis=1), 0.5)
        out[:, days] = np.where(share[:, days] >= 0.5, out[:, days], np.maximum(usual[:, None], demand[:, days]))
    if task.panel.first_day is not None:
        out[np.arange(origin)[None, :] < task.panel.first_day[:, None]] = 0.0
    return out


def sum_ratio(task: Task, origin: int) -> NDArray[np.float64]:
    """float64 [n]: variance-to-mean ratio of rolling sums around their trailing mean, shrunk to the median."""
    history = filled(task, origin)
    h, trail = task.horizon, 12 * max(task.panel.season, 1)
    sums = np.cumsum(np.pad(history, ((0, 0), (1, 0))), axis=1)
    begin = np.arange(min(trail, origin // 2), origin - h + 1)
    back = np.minimum(trail, begin)
    mean = (sums[:, begin] - sums[:, begin - back]) / back * h
    square = (sums[:, begin + h] - sums[:, begin] - mean) ** 2
    own = square.sum(axis=1) / np.maximum(mean.sum(axis=1), 1e-9)
    windows = len(begin) / h
    shrunk = (windows * own + 10 * np.median(own)) / (windows + 10)
    return np.asarray(np.clip(shrunk, 0.3, None), dtype=np.float64)


def reference_quantiles(task: Task, sums: NDArray[np.float64], levels: tuple[float, ...]) -> NDArray[np.float64]:
    """float64 [n, o, q]: negative binomial quantiles of the sums; in steps of the least demand where not counted."""
    unit = np.ones(task.panel.n_series)
    if not task.panel.integer().all():
        positive = np.where(task.panel.demand > 0, task.panel.demand, np.inf).min(axis=1)
        unit = np.where(np.isfinite(positive), positive, 1.0).astype(np.float64)
    parts = []
    for j, origin in enumerate(task.origins):
        ratio = sum_ratio(task, origin)
        parts.append(count_quantiles(sums[:, j] / unit, ratio / unit, np.array(levels), normal_quantiles(levels)))
    return np.stack(parts, axis=1) * unit[:, None, None]
