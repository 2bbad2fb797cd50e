"""Units expected to be asked for in vain before the ordinary delivery.

Until a day as many units are lost as demand had, on the worst day so far, beyond all that had come: max (D_s - S_s)+.
Where nothing comes in between, the last day is the worst one for certain, and its quantiles give the exact answer.
Where something does, nobody knows beforehand which day it will be, and the largest of the expectations is less than the
expectation of the largest. That difference is measured on ways that demand may take, always the same ones: a random
walk says at which quantile each day's sum lies, so that sums of days that are near each other are alike.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import kernel
from orders.domain.curves import F64, STORED_LEVELS, expected_excess

I64 = NDArray[np.int64]
WAYS, SEED = 128, 20


def lost_units(curves: F64, supply: F64, until: I64) -> F64:
    """[n]: of n listings over H days; curves [n, H, Q] quantiles at STORED_LEVELS of the demand of the first 1 .. H
    days, supply [n, H] units that have been there by the end of each day, until [n] days before the delivery."""
    count, days, levels = curves.shape
    if not count or not days:
        return np.zeros(count)
    excess = expected_excess(curves.reshape(count * days, levels), np.array(STORED_LEVELS), supply.ravel())
    counted = np.where(np.arange(days) < until[:, None], excess.reshape(count, days), 0.0)
    worst = counted.argmax(axis=1).astype(np.int64)
    piece, part = demand_ways(days)
    more = _beyond_worst_day(np.ascontiguousarray(curves), np.ascontiguousarray(supply), until, worst, piece, part)
    found: F64 = counted.max(axis=1) + more
    return found


@cache
def demand_ways(days: int) -> tuple[I64, F64]:
    """[WAYS, days] each: the piece of a curve on which the sum of the first 1 .. `days` days lies, 0 below its lowest
    quantile, and how far along it, beyond 1 in the tail. Of each day all chances occur equally often."""
    steps = np.random.default_rng(SEED).standard_normal((WAYS // 2, days))
    walk = np.cumsum(np.concatenate([steps, -steps]), axis=1)
    chance = (walk.argsort(axis=0).argsort(axis=0) + 0.5) / WAYS
    ends = np.array([0.0, *STORED_LEVELS])
    last = len(STORED_LEVELS) - 1
    piece = np.minimum(np.searchsorted(ends, chance, side="right") - 1, last)
    inside = (chance - ends[piece]) / (ends[piece + 1] - ends[piece])
    tail = 1.0 + np.log((1.0 - ends[-1]) / (1.0 - chance)) / np.log((1.0 - ends[-2]) / (1.0 - ends[-1]))
    return piece.astype(np.int64), np.where(chance > ends[-1], tail, inside)


@kernel
def _beyond_worst_day(curves: F64, supply: F64, until: I64, worst: I64, piece: I64, part: F64) -> F64:
    """[n]: how much more than on the day that is worst on average is lost on average on the worst day of each way."""
    out = np.zeros(len(curves))
    for i in range(len(curves)):
        arrivals = 0
        for day in range(until[i] - 1):
            arrivals += supply[i, day + 1] > supply[i, day]
        if arrivals == 0:
            continue
        for way in range(len(piece)):
            most = usual = 0.0
            for day in range(until[i]):
                if day != worst[i] and day + 1 < until[i] and supply[i, day + 1] <= supply[i, day]:
                    continue
                k = piece[way, day]
                low = curves[i, day, k - 1] if k > 0 else 0.0
                lost = low + part[way, day] * (curves[i, day, k] - low) - supply[i, day]
                most = max(most, lost)
                if day == worst[i]:
                    usual = max(lost, 0.0)
            out[i] += (most - usual) / len(piece)
    return out
