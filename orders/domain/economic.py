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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64
from orders.domain.economic_kernels import all_windows
from orders.domain.waiting import Ahead


@dataclass(frozen=True)
class Costs:
    """Money, [n] each: holding a unit for a day, a day with an empty shelf, a lost unit, an order line."""

    holding: F64
    empty_day: F64
    lost_unit: F64
    order_line: F64

    def rows(self, index: Sequence[int] | NDArray[np.int64]) -> "Costs":
        """Those at `index`."""
        return Costs(self.holding[index], self.empty_day[index], self.lost_unit[index], self.order_line[index])


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

    def levels(self, pack: F64, step: F64) -> tuple[F64, F64]:
        """[n] each: the reorder point, which is never below 0, and the level to order up to."""
        point = np.maximum(self.reorder_point, 0.0)
        return point, np.maximum(self.order_up_to(pack, step), point)

    def rows(self, index: Sequence[int] | NDArray[np.int64]) -> "Points":
        """Those at `index`."""
        return Points(self.reorder_point[index], self.lot[index])


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
    found = all_windows(
        until_end, until_eve, levels, costs.holding, costs.empty_day, costs.lost_unit, costs.order_line, daily_demand,
        pack, step, most_lot, ahead.passed, ahead.share,
    )  # fmt: skip
    return Points(found[:, 0], found[:, 1])
