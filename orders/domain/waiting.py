"""Whether an order can wait, where demand is about to change.

A lot ordered tonight rather than tomorrow is there one day sooner, which is worth gain(0): what the first day it could
be there costs at the position as it is, less what that day costs with the lot. Where demand goes on as it is, tomorrow
would order as well, so gain(0) >= 0 is the whole question. Where it is about to fall tomorrow may see no need, and the
lot lies idle until one returns. With the choice made anew each night, ordering is better than waiting when

    gain(0) + E[ min over t of (0, gain(1) + .. + gain(t)) ] >= 0,

the expectation being over how demand turns out: each quantile of the demand over the protection interval stands for a
course on which every day asks for as much more or less than expected. On it the position falls night by night, and
gain(k) is taken there, with the demand over the interval that begins k nights later in place of tonight's.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.engine.kernels import kernel
from orders.domain.curves import F64, mean_at

# Looking at twenty nights orders as looking at twelve does.
NIGHTS = 12
PACE_DAYS = 7
LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Ahead:
    """Of n series and the NIGHTS from tonight on that may order: `passed` [n, k] units expected to be asked for before
    each, `share` [n, k] what is expected over the protection interval that begins there, as a share of tonight's."""

    passed: F64
    share: F64


def look_ahead(mean: F64, interval_days: F64, review_days: F64) -> Ahead:
    """From the expected demand of each day, `mean` [n, H], the days of the protection interval [n] and those from one
    night that may order to the next [n]."""
    nights = np.arange(NIGHTS, dtype=np.float64) * np.maximum(review_days, 1.0)[:, None]
    passed = mean_at(mean, nights)
    coming = mean_at(mean, nights + interval_days[:, None]) - passed
    share = coming / np.maximum(coming[:, :1], 1e-9)
    return Ahead(passed, np.where(coming[:, :1] > 0.0, np.maximum(share, LEAST_SHARE), 1.0))


def later_pace(mean: F64, interval_days: F64) -> F64:
    """[n]: expected demand of a day after the protection interval, when a lot ordered tonight is sold; of a week at
    least."""
    horizon = mean.shape[1]
    begin = np.minimum(interval_days, max(horizon - PACE_DAYS, 0))[:, None]
    end = np.full((len(mean), 1), float(horizon))
    found: F64 = ((mean_at(mean, end) - mean_at(mean, begin)) / (end - begin))[:, 0]
    return found


@kernel
def latest_point(
    point: int, lot: int, growing: F64, empty: F64, slope: float, courses: F64, chances: F64, passed: F64, share: F64
) -> int:
    """The highest position up to `point` at which a lot should not wait; -1 where it can at each.

    growing, empty    [m]: cost of a day at the positions 0 .. m - 1 by its units, which grows with demand, and of its
                      shelf being empty; beyond the last the first goes on with `slope`.
    courses, chances  [q]: demand of each course as a share of the expected one, and its chance.
    passed, share     [k]: as in `Ahead`.
    """
    for position in range(point, -1, -1):
        now = gain(growing, empty, slope, float(position), lot, share[0])
        if now >= 0.0 and now >= idle(growing, empty, slope, position, lot, courses, chances, passed, share):
            return position
    return -1


@kernel
def idle(
    growing: F64, empty: F64, slope: float, position: int, lot: int, courses: F64, chances: F64, passed: F64, share: F64
) -> float:
    """What a lot ordered tonight is expected to cost on nights that would not have ordered it."""
    found = 0.0
    for j in range(len(courses)):
        sum_of_gains, least = 0.0, 0.0
        for k in range(1, len(passed)):
            sum_of_gains += gain(growing, empty, slope, position - passed[k] * courses[j], lot, share[k])
            least = min(least, sum_of_gains)
        found -= chances[j] * least
    return found


@kernel
def gain(growing: F64, empty: F64, slope: float, position: float, lot: int, share: float) -> float:
    """What a day costs at a position, less what it costs with a lot more, with `share` of the demand of the tables."""
    low, high = position / share, (position + lot) / share
    less = at(empty, low, 0.0) - at(empty, high, 0.0)
    return less + share * (at(growing, low, slope) - at(growing, high, slope))


@kernel
def at(table: F64, place: float, slope: float) -> float:
    """The value at a place between the whole ones; before the first its own, behind the last on with `slope`."""
    last = len(table) - 1
    if place <= 0.0:
        return float(table[0])
    if place >= last:
        return float(table[last] + slope * (place - last))
    left = int(place)
    return float(table[left] + (place - left) * (table[left + 1] - table[left]))
