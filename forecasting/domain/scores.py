"""How right a past forecast was, once its window has closed. Arrays in, arrays out.

A window is the sum of demand over the days after an origin. Time out of stock is masked, not taken for missing demand:
the expectation is compared over the part of each day in which demand could show, and quantiles are judged only by
windows that were in stock (nearly) all the time. So a shelf that stood empty neither praises nor blames the forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I16 = NDArray[np.int16]
I64 = NDArray[np.int64]
WINDOWS = (7, 14, 28)  # days; between them lies the protection interval of nearly every SKU
WEEK = 7
# What is kept of each window of a series. `in_stock` is its share of opening hours, below 0 where there was no
# forecast; the others are units over the part in stock. `spread` is the standard deviation that the quantiles claim.
FIGURES = ("in_stock", "actual", "mean", "planned", "naive", "spread", "pinball", "naive_pinball", "is_touched")
LEAST_SEEN, NEARLY_WHOLE = 0.5, 0.95
NOT_JUDGED = -1
SPREAD_LEVELS, SPREAD_WIDTH = (0.05, 0.95), 3.2897
DRIFT_WEEKS, DRIFT_LEAST_WEEKS = 8, 4
DRIFT_SIGMAS, DRIFT_SHARE = 4.0, 0.25


@dataclass(frozen=True)
class Origin:
    """A past forecast of n series: mean [n, H] and quantiles [n, g, q] of sums over the next grid[i] days; NaN where
    there was none. `factors` [n, H] are what planners had said by then, 1 where nothing."""

    mean: F32
    sum_quantiles: F32
    grid: tuple[int, ...]
    levels: tuple[float, ...]
    factors: F64


@dataclass(frozen=True)
class Seen:
    """What came: demand and share in stock, [n, w] each, of the days of a window; `week_before` [n, 7]: the demand of
    the last week that the origin knew, which the naive forecast repeats."""

    demand: F32
    share: F32
    week_before: F32


@dataclass(frozen=True)
class Scored:
    """figures [n, len(FIGURES)]; missed [n]: how many of the levels lay below what came, tied [n]: how many met it
    exactly; NOT_JUDGED where the window was not in stock all the time."""

    figures: F64
    missed: I16
    tied: I16


def not_scored(count: int) -> Scored:
    """Of a window that no forecast is old enough for."""
    figures = np.zeros((count, len(FIGURES)))
    figures[:, FIGURES.index("in_stock")] = NOT_JUDGED
    ranks = np.full(count, NOT_JUDGED, dtype=np.int16)
    return Scored(figures, ranks, ranks)


def score_window(origin: Origin, seen: Seen) -> Scored:
    """One window of n series; its length is that of `seen` and one of the origin's grid."""
    days = seen.demand.shape[1]
    share = seen.share.astype(np.float64)
    open_days = share > 0
    mean = origin.mean[:, :days].astype(np.float64)
    known = np.asarray(np.isfinite(mean).all(axis=1), dtype=np.bool_)
    mean = np.where(known[:, None], mean, 0.0)
    actual = np.where(open_days, seen.demand, 0.0).sum(axis=1)
    naive = _repeated(seen.week_before, days) * share
    expected = (mean * share).sum(axis=1)
    planned = (mean * origin.factors[:, :days] * share).sum(axis=1)
    in_stock = np.where(known, share.mean(axis=1), NOT_JUDGED)
    quantiles = np.where(known[:, None], origin.sum_quantiles[:, origin.grid.index(days)], 0.0).astype(np.float64)
    whole = known & (in_stock >= NEARLY_WHOLE)
    levels = np.array(origin.levels)
    losses = (_pinball(actual, values, levels) for values in (quantiles, naive.sum(axis=1)[:, None]))
    pinball, naive_pinball = (np.where(whole, loss, 0.0) for loss in losses)
    touched = known & (np.abs(planned - expected) > 1e-6 * np.maximum(expected, 1e-6))
    figures = {
        "in_stock": in_stock, "actual": actual, "mean": expected, "planned": planned, "naive": naive.sum(axis=1),
        "spread": _spread(quantiles, origin.levels, expected), "pinball": pinball, "naive_pinball": naive_pinball,
        "is_touched": touched,
    }  # fmt: skip
    below, equal = quantiles < actual[:, None], quantiles == actual[:, None]
    return Scored(
        np.stack([np.asarray(figures[name], dtype=np.float64) for name in FIGURES], axis=1),
        np.where(whole, below.sum(axis=1), NOT_JUDGED).astype(np.int16),
        np.where(whole, equal.sum(axis=1), NOT_JUDGED).astype(np.int16),
    )


def _repeated(week: F32, days: int) -> F64:
    """[n, days]: the week over and over."""
    return np.asarray(week[:, np.arange(days) % WEEK], dtype=np.float64)


def _pinball(actual: F64, quantiles: F64, levels: F64) -> F64:
    """[n]: mean pinball loss over the levels."""
    away = actual[:, None] - quantiles
    return np.asarray(np.maximum(levels * away, (levels - 1) * away).mean(axis=1), dtype=np.float64)


def _spread(quantiles: F64, levels: tuple[float, ...], expected: F64) -> F64:
    """[n]: at least that of chance arrivals, so that a forecast of 0 to 0 is not infinitely sure of itself."""
    low, high = (int(np.argmin(np.abs(np.array(levels) - level))) for level in SPREAD_LEVELS)
    return np.maximum((quantiles[:, high] - quantiles[:, low]) / SPREAD_WIDTH, np.sqrt(np.maximum(expected, 0.25)))


def drift(weeks: F64) -> I16:
    """int16 [n]: 1 where demand runs away above the forecast, -1 where it stays below, 0 otherwise; `weeks`
    [n, k, len(FIGURES)] are the windows of 7 days of the last weeks, NaN where there was none.

    It drifts when the errors add up to more than DRIFT_SIGMAS of what the forecast's own spread allows, and to more
    than DRIFT_SHARE of the demand: a forecast that is only unlucky errs in both directions.
    """
    column = {name: weeks[:, :, index] for index, name in enumerate(FIGURES)}
    counts = np.nan_to_num(column["in_stock"], nan=NOT_JUDGED) >= LEAST_SEEN
    actual, mean, spread = (np.where(counts, column[name], 0.0) for name in ("actual", "mean", "spread"))
    error = (actual - mean).sum(axis=1)
    sigmas = np.abs(error) / np.maximum(np.sqrt((spread**2).sum(axis=1)), 1e-9)
    volume = np.maximum(actual.sum(axis=1), mean.sum(axis=1))
    is_drifting = (counts.sum(axis=1) >= DRIFT_LEAST_WEEKS) & (sigmas >= DRIFT_SIGMAS)
    is_drifting &= np.abs(error) >= DRIFT_SHARE * volume
    return np.where(is_drifting, np.sign(error), 0).astype(np.int16)


# Sums over many windows, in the order of the columns of `forecasting.models.ScoreSummary`.
SUMS = (
    "windows", "masked", "actual", "mean", "planned", "naive", "error", "planned_error", "naive_error", "touched",
    "touched_actual", "touched_error", "touched_planned_error", "judged", "pinball", "naive_pinball",
)  # fmt: skip


@dataclass(frozen=True)
class Summed:
    """Sums [g, len(SUMS)] of g groups; at_or_below and below [g, q]: judged windows whose demand came out at or below
    (strictly below) each level."""

    sums: F64
    at_or_below: F64
    below: F64


def summed(scored: Scored, group: I64, groups: int, levels: int) -> Summed:
    """Adds up the windows of each group; group [n] is 0 .. groups - 1."""
    column = {name: scored.figures[:, index] for index, name in enumerate(FIGURES)}
    known = column["in_stock"] >= 0
    counts = column["in_stock"] >= LEAST_SEEN
    touched = counts & (column["is_touched"] > 0)
    judged = counts & (scored.missed != NOT_JUDGED)
    error, planned_error, naive_error = (
        np.abs(column["actual"] - column[name]) for name in ("mean", "planned", "naive")
    )
    values = (
        (counts, 1), (known & ~counts, 1), (counts, column["actual"]), (counts, column["mean"]),
        (counts, column["planned"]), (counts, column["naive"]), (counts, error), (counts, planned_error),
        (counts, naive_error), (touched, 1), (touched, column["actual"]), (touched, error), (touched, planned_error),
        (judged, 1), (judged, column["pinball"]), (judged, column["naive_pinball"]),
    )  # fmt: skip
    sums: F64 = np.stack([np.bincount(group, np.where(mask, value, 0.0), groups) for mask, value in values], axis=1)
    rank = np.arange(levels)[None, :]
    missed, tied = scored.missed[:, None], scored.tied[:, None]
    at_or_below, below = ((judged[:, None] & (count <= rank)).astype(np.float64) for count in (missed, missed + tied))
    return Summed(sums, _by_group(at_or_below, group, groups), _by_group(below, group, groups))


def _by_group(values: F64, group: I64, groups: int) -> F64:
    found = np.zeros((groups, values.shape[1]))
    np.add.at(found, group, values)
    return found


def week_end(day: date) -> date:
    """The Sunday on or before a day: windows close with the week."""
    return day - timedelta(days=day.isoweekday() % WEEK)


def awaited(runs: Sequence[tuple[int, date]], today: date, horizon_days: int) -> set[int]:
    """Of runs (id, last day), newest first, those that will still be scored: the last one of each week that ends less
    than a week more than the horizon before `today`.
    """
    found: dict[date, int] = {}
    for run_id, as_of in runs:
        closes = week_end(as_of + timedelta(days=WEEK - 1))
        if (today - closes).days < horizon_days + WEEK:
            found.setdefault(closes, run_id)
    return set(found.values())
