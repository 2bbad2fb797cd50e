"""Demand over a protection interval: quantiles of the sum over any number of days, certain or not.

Between the horizons of the forecast's grid, mean and quantiles are interpolated; beyond the last one the mean goes on
at its last week's pace and the spread grows with the power of time seen on the grid. When the interval is uncertain
the demand over it is a mixture: F(x) = sum of w_j F(x | interval_j), and its quantile is found by bisection. Where only
one interval has a chance its quantile is read off.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import F32, F64, kernel

ROUNDING = 1e-4  # whole demand is rounded half up here: bisection may end a hair under a count


class Sums(Protocol):
    """What is needed of a `Forecast`, in the shapes that stand there, so that one read back from a store serves as
    well."""

    @property
    def mean(self) -> F32: ...
    @property
    def sum_quantiles(self) -> F32: ...
    @property
    def grid(self) -> tuple[int, ...]: ...
    @property
    def levels(self) -> tuple[float, ...]: ...
    @property
    def state(self) -> NDArray[np.int8]: ...
    @property
    def is_integer(self) -> NDArray[np.bool_]: ...


def lead_time_quantiles(
    forecast: Sums,
    intervals: NDArray[np.floating | np.integer] | float,
    weights: F64 | None = None,
    levels: tuple[float, ...] | None = None,
) -> F32:
    """Quantiles of demand over the protection interval of each series.

    intervals  one number for all series, or [n] periods per series, or [n, k] possible numbers of periods.
    weights    [n, k] or [k] chances of the k possibilities (any positive scale); None: equal.
    levels     quantile levels; None: those of the forecast.
    returns    float32 [n, q], ascending, at least 0, whole where counted; NaN where the forecast has none.
    Raises ValueError for a negative interval, or weights that do not fit or have no positive sum.
    """
    days = _days(np.asarray(intervals, dtype=np.float64), len(forecast.state))
    chance = _chances(weights, days)
    wanted = np.array(forecast.levels if levels is None else levels, dtype=np.float64)
    if not np.all((wanted > 0) & (wanted < 1)):
        raise ValueError(f"levels must lie inside (0, 1), not {tuple(wanted)}.")
    n, _g, q = forecast.sum_quantiles.shape
    known = np.concatenate([np.zeros((n, 1, q)), np.nan_to_num(forecast.sum_quantiles.astype(np.float64))], axis=1)
    curves = np.stack([_at_interval(forecast, known, days[:, j]) for j in range(days.shape[1])], axis=1)
    found = mixture_quantiles(curves, chance, np.array(forecast.levels), wanted)
    found = np.where(forecast.is_integer[:, None], np.ceil(found - 0.5 + ROUNDING), found)
    return np.where((forecast.state == 2)[:, None], np.nan, found).astype(np.float32)


def _days(intervals: F64, n: int) -> F64:
    days = np.full((n, 1), intervals) if intervals.ndim == 0 else intervals.reshape(len(intervals), -1)
    if intervals.ndim > 2 or len(days) != n:
        raise ValueError(f"intervals must have one row per series ({n}), not the shape {intervals.shape}.")
    if not np.all(days >= 0):
        raise ValueError("A protection interval is a number of periods of at least 0.")
    return days


def _chances(weights: F64 | None, days: F64) -> F64:
    given = np.ones(days.shape) if weights is None else np.asarray(weights, np.float64)
    if given.shape not in (days.shape, days.shape[1:]):
        raise ValueError(f"weights must be one of each interval ({days.shape[1]}), not the shape {given.shape}.")
    chance = np.broadcast_to(given, days.shape)
    total = chance.sum(axis=1, keepdims=True)
    if np.any(chance < 0) or np.any(total <= 0):
        raise ValueError("The weights of the intervals must be at least 0, and some of each row positive.")
    return np.asarray(chance / total, dtype=np.float64)


def _at_interval(forecast: Sums, known: F64, days: F64) -> F64:
    """float64 [n, q]: quantiles of the sum over `days` [n], each in its own row; `known` [n, 1 + g, q] are those of the
    grid behind those of no time at all."""
    grid = np.array((0, *forecast.grid), dtype=np.float64)
    right = np.clip(np.searchsorted(grid, days), 1, len(grid) - 1)
    part = np.minimum((days - grid[right - 1]) / (grid[right] - grid[right - 1]), 1.0)[:, None]
    rows = np.arange(len(days))
    found: F64 = known[rows, right - 1] * (1 - part) + known[rows, right] * part
    far = np.flatnonzero(days > grid[-1])
    if far.size:
        found[far] = _beyond(forecast, far, known[far], days[far])
    return found


def _beyond(forecast: Sums, rows: NDArray[np.int64], known: F64, days: F64) -> F64:
    """Of these rows, whose days lie beyond the grid."""
    horizon = forecast.mean.shape[1]
    mean = np.nan_to_num(forecast.mean[rows].astype(np.float64))
    centre = mean.sum(axis=1)
    pace = mean[:, -7:].mean(axis=1)
    more = np.maximum(days / horizon, 1.0)
    middle = max(len(forecast.grid) // 2, 1)
    wide = known[:, -1, -1] - known[:, -1, 0]
    narrow = known[:, middle, -1] - known[:, middle, 0]
    power = np.log(np.maximum(wide, 1e-9) / np.maximum(narrow, 1e-9)) / np.log(
        horizon / forecast.grid[middle - 1] + 1e-9
    )
    power = np.clip(np.where((wide > 0) & (narrow > 0), power, 0.5), 0.5, 1.0)
    grown = (known[:, -1] - centre[:, None]) * (more**power)[:, None]
    far = centre[:, None] + (pace * np.maximum(days - horizon, 0))[:, None] + grown
    return np.asarray(np.maximum(far, known[:, -1]), dtype=np.float64)


@kernel
def mixture_quantiles(curves: F64, chance: F64, levels: F64, wanted: F64) -> F64:
    """float64 [n, w]: quantiles of mixtures of distributions given by their quantiles.

    curves [n, k, q] ascending along q at `levels` [q]; chance [n, k], rows sum to 1; wanted [w].
    Between two quantiles the distribution function is straight; under the lowest it falls straight to 0 at demand 0,
    over the highest the tail is exponential with the slope of the last piece.
    """
    n, k, q = curves.shape
    out = np.zeros((n, wanted.shape[0]))
    for i in range(n):
        top, possible, only = 0.0, 0, 0
        for j in range(k):
            if chance[i, j] > 0.0:
                top = max(top, curves[i, j, q - 1])
                possible, only = possible + 1, j
        for w in range(wanted.shape[0]):
            if possible == 1:
                out[i, w] = _read_off(curves[i, only], levels, wanted[w])
                continue
            low, high = 0.0, top * 3.0 + 1.0
            for _ in range(60):
                x = 0.5 * (low + high)
                if high - low <= 1e-6 * (1.0 + high):
                    break
                if _mixed_below(curves[i], chance[i], levels, x) >= wanted[w]:
                    high = x
                else:
                    low = x
            out[i, w] = high
    return out


@kernel
def _mixed_below(curves: F64, chance: F64, levels: F64, x: float) -> float:
    """P(D < x) of the mixture of the distributions with the quantiles `curves` [k, q] at `levels` [q]."""
    k, q = curves.shape
    below = 0.0
    for j in range(k):
        if chance[j] <= 0.0:
            continue
        curve = curves[j]
        if x >= curve[q - 1]:
            rate = np.log((1.0 - levels[q - 2]) / (1.0 - levels[q - 1])) / max(curve[q - 1] - curve[q - 2], 1e-9)
            below += chance[j] * (1.0 - (1.0 - levels[q - 1]) * np.exp(-rate * (x - curve[q - 1])))
        elif x < curve[0]:
            below += chance[j] * levels[0] * x / curve[0]
        else:
            a = 0
            while x >= curve[a + 1]:
                a += 1
            part = (x - curve[a]) / max(curve[a + 1] - curve[a], 1e-12)
            below += chance[j] * (levels[a] + part * (levels[a + 1] - levels[a]))
    return below


@kernel
def _read_off(curve: F64, levels: F64, p: float) -> float:
    """The quantile at p of the one distribution that has the quantiles `curve` [q] at `levels` [q]."""
    q = len(curve)
    if p <= levels[0]:
        return float(curve[0] * p / levels[0])
    if p >= levels[q - 1]:
        step = max(curve[q - 1] - curve[q - 2], 1e-9)
        rate = np.log((1.0 - levels[q - 2]) / (1.0 - levels[q - 1])) / step
        return float(curve[q - 1] + np.log((1.0 - levels[q - 1]) / (1.0 - p)) / rate)
    a = 0
    while p > levels[a + 1]:
        a += 1
    part = (p - levels[a]) / (levels[a + 1] - levels[a])
    return float(curve[a] + part * (curve[a + 1] - curve[a]))


def mixture_quantiles_slow(curves: F64, chance: F64, levels: F64, wanted: F64) -> F64:
    """The same with a distribution function and a bisection of their own for each series."""
    return np.array(
        [[_invert(c, weights, levels, p) for p in wanted] for c, weights in zip(curves, chance, strict=True)]
    )


def _invert(curves: F64, chance: F64, levels: F64, p: float) -> float:
    low, high = 0.0, 3 * max(curve[-1] for curve, w in zip(curves, chance, strict=True) if w > 0) + 1
    while high - low > 1e-6 * (1 + high):
        middle = (low + high) / 2
        below = sum(w * _below(middle, curve, levels) for curve, w in zip(curves, chance, strict=True) if w > 0)
        low, high = (low, middle) if below >= p else (middle, high)
    return float(high)


def _below(x: float, curve: F64, levels: F64) -> float:
    if x >= curve[-1]:
        rate = np.log((1 - levels[-2]) / (1 - levels[-1])) / max(curve[-1] - curve[-2], 1e-9)
        return float(1 - (1 - levels[-1]) * np.exp(-rate * (x - curve[-1])))
    if x < curve[0]:
        return float(levels[0] * x / curve[0])
    a = int(np.searchsorted(curve, x, side="right")) - 1
    return float(levels[a] + (x - curve[a]) / max(curve[a + 1] - curve[a], 1e-12) * (levels[a + 1] - levels[a]))
