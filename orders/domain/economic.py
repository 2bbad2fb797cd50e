"""Reorder point and lot that cost least: holding, an empty shelf, lost units and order lines, each weighed.

With stock and orders together at position y, the day at the end of the protection interval is expected to cost

    G(y) = h E[(y - D)+] + e P(D >= y) + u (E[(D - y)+] - E[(D' - y)+])

with D the demand until the end of that day and D' until the day before, h the cost of holding a unit for a day, e the
cost of a day with an empty shelf, u that of a lost unit. Under the policy "at or below r order lots of Q" the position
is spread evenly over r + 1 .. r + Q in the long run, so a day costs (K d + G(r + 1) + .. + G(r + Q)) / Q, with K the
cost of an order line and d the demand of a day. The best window is found as in Federgruen and Zheng, An efficient
algorithm for computing an optimal (r, Q) policy in continuous review stochastic inventory systems, Operations Research
40 (1992): take the cheapest neighbour until it costs more than the average. Lots are whole packs. Lost units are taken
as if they waited, which is close as long as few are lost. Where the days ahead are given, the reorder point is lowered
to where an order should not wait for a night on which demand may have fallen; see orders.domain.waiting.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import kernel
from orders.domain.curves import F64
from orders.domain.waiting import Ahead, latest_point

I64 = NDArray[np.int64]
MOST_CELLS = 600
TAIL_LENGTHS = 6.0


@dataclass(frozen=True)
class Costs:
    """Money, [n] each: holding a unit for a day, a day with an empty shelf, a lost unit, an order line."""

    holding: F64
    empty_day: F64
    lost_unit: F64
    order_line: F64


@dataclass(frozen=True)
class Points:
    """[n] each, units: at or below `reorder_point` order lots of `lot`."""

    reorder_point: F64
    lot: F64

    def order_up_to(self, pack: F64, step: F64) -> F64:
        """[n]: the level for which whole packs rounded up make just a lot at the reorder point; it is never passed by
        as much as a pack."""
        found: F64 = self.reorder_point + self.lot - pack + step
        return found


def economic_points(
    until_end: F64, until_eve: F64, levels: F64, costs: Costs, daily_demand: F64, pack: F64, step: F64, most_lot: F64,
    ahead: Ahead | None = None,
) -> Points:  # fmt: skip
    """The cheapest window of each of n series.

    until_end, until_eve  [n, q] quantiles at `levels` [q] of the demand until the end of the protection interval and
                          until the day before.
    daily_demand, pack, step, most_lot  [n] units: mean demand of a day; lots are multiples of `pack`, positions of
                          `step`; a lot above `most_lot` is not looked at (what spoils), a single pack always is.
    ahead                 the nights to come; None: demand goes on as it is.
    """
    if ahead is None:
        still = np.zeros((len(until_end), 1))
        ahead = Ahead(still, still + 1.0)
    found = _all_windows(
        until_end, until_eve, levels, costs.holding, costs.empty_day, costs.lost_unit, costs.order_line, daily_demand,
        pack, step, most_lot, ahead.passed, ahead.share,
    )  # fmt: skip
    return Points(found[:, 0], found[:, 1])


@kernel
def _all_windows(
    until_end: F64, until_eve: F64, levels: F64, holding: F64, empty_day: F64, lost_unit: F64, order_line: F64,
    daily_demand: F64, pack: F64, step: F64, most_lot: F64, passed: F64, share: F64,
) -> F64:  # fmt: skip
    out = np.zeros((len(until_end), 2))
    chances = chances_of(levels)
    for i in range(len(until_end)):
        rate = tail_rate(until_end[i], levels)
        top = until_end[i, -1] + TAIL_LENGTHS / rate + 2.0 * pack[i]
        cell = step[i] * max(1.0, np.ceil(top / step[i] / MOST_CELLS))
        end = chances_below(until_end[i], levels, cell, int(top / cell) + 2)
        eve = chances_below(until_eve[i], levels, cell, int(top / cell) + 2)
        growing = position_costs(end, eve, holding[i] * cell, 0.0, lost_unit[i] * cell)
        empty = position_costs(end, eve, 0.0, empty_day[i], 0.0)
        first, cells = best_window(
            growing + empty, order_line[i] * daily_demand[i] / cell, max(1, round(pack[i] / cell)),
            max(1, int(most_lot[i] / cell)),
        )  # fmt: skip
        mean = (until_end[i] * chances).sum()
        if passed.shape[1] > 1 and mean > 0.0:
            first = 1 + latest_point(
                first - 1, cells, growing, empty, holding[i] * cell, until_end[i] / mean, chances, passed[i] / cell,
                share[i],
            )  # fmt: skip
        out[i, 0] = (first - 1) * cell
        out[i, 1] = max(pack[i], round(cells * cell / pack[i]) * pack[i])
    return out


@kernel
def chances_of(levels: F64) -> F64:
    """[q]: the chance that each quantile stands for, half-way to its neighbours."""
    q = len(levels)
    out = np.zeros(q)
    for j in range(q):
        low = 0.0 if j == 0 else (levels[j - 1] + levels[j]) / 2.0
        high = 1.0 if j == q - 1 else (levels[j] + levels[j + 1]) / 2.0
        out[j] = high - low
    return out


@kernel
def tail_rate(curve: F64, levels: F64) -> float:
    """Rate of the exponential tail beyond the last quantile of a curve [q] at levels [q], from the last two."""
    gap = max(curve[-1] - curve[-2], 1e-6)
    return float(np.log((1.0 - levels[-2]) / (1.0 - levels[-1])) / gap)


@kernel
def chances_below(curve: F64, levels: F64, cell: float, count: int) -> F64:
    """[count]: P(D <= k cells), with half a cell added since quantiles of counts come unrounded from the forecast."""
    out = np.zeros(count)
    rate = tail_rate(curve, levels)
    j = 0
    for k in range(count):
        x = (k + 0.5) * cell
        if x >= curve[-1]:
            out[k] = 1.0 - (1.0 - levels[-1]) * np.exp(-rate * (x - curve[-1]))
        elif x < curve[0]:
            out[k] = levels[0] * x / curve[0]
        else:
            while x >= curve[j + 1]:
                j += 1
            part = (x - curve[j]) / max(curve[j + 1] - curve[j], 1e-12)
            out[k] = levels[j] + part * (levels[j + 1] - levels[j])
    return out


@kernel
def position_costs(until_end: F64, until_eve: F64, holding: float, empty_day: float, lost_unit: float) -> F64:
    """[m]: G of the positions 0 .. m - 1 cells; `until_end`, `until_eve` [m] are P(D <= k cells)."""
    m = len(until_end)
    out = np.zeros(m)
    mean = 0.0
    eve_excess = 0.0
    for k in range(m):
        mean += 1.0 - until_end[k]
        eve_excess += 1.0 - until_eve[k]
    excess = mean
    for y in range(m):
        is_empty = 1.0 if y == 0 else 1.0 - until_end[y - 1]
        out[y] = holding * (y - mean + excess) + empty_day * is_empty + lost_unit * (excess - eve_excess)
        excess -= 1.0 - until_end[y]
        eve_excess -= 1.0 - until_eve[y]
    return out


@kernel
def best_window(daily: F64, ordering: float, pack: int, most: int) -> tuple[int, int]:
    """(first, length) of the window of positions with the least (ordering + sum of daily) / length; the length is a
    multiple of `pack`, at most `most` unless that is less than a pack."""
    low = 0
    for y in range(len(daily)):
        if daily[y] < daily[low]:
            low = y
    high = low
    total = daily[low]
    best = np.inf
    first = low
    length = pack
    while True:
        count = high - low + 1
        if count % pack == 0 and (ordering + total) / count < best:
            best = (ordering + total) / count
            first = low
            length = count
        below = daily[low - 1] if low > 0 else np.inf
        above = daily[high + 1] if high + 1 < len(daily) else np.inf
        cheapest = min(below, above)
        if cheapest == np.inf or count >= max(most, pack):
            return first, length
        if count >= pack and count % pack == 0 and cheapest >= best:
            return first, length
        if below <= above:
            low -= 1
        else:
            high += 1
        total += cheapest
