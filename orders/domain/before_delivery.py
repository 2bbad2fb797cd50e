"""What will be asked for in vain before an order can come is no need of that order.

A position counts what stands on the shelf and what is on order alike, whenever it comes. A shelf that will be empty for
three days before any delivery then looks as if it still had to serve the demand of these three days, though whoever
asks in vain does not wait. With the dates of what is coming they can be told apart. Each quantile of the demand over
the protection interval stands for a course on which every day asks for as much more or less than expected; on it

    max over the days s before the delivery of (D_s - S_s)+

units are lost, D_s being asked for and S_s having been there by the end of day s. The rest is the demand that reaches
the order, and by its distribution the reorder point is the highest position at which a lot is better ordered tonight.
The lot stays that of the rule; up to which level is ordered falls by the units expected to be lost. Only listings at or
below their plain reorder point are looked at, since nothing is taken off where nothing would be ordered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64
from orders.domain.economic import Costs, Points
from orders.domain.economic_kernels import chances_of, dated_points, less_lost
from orders.domain.waiting import Ahead


@dataclass(frozen=True)
class Supply:
    """Of n listings, units: `position` [n]; `there` [n, D] what will have been there to sell by the end of each day,
    today's being the first: today's stock and what is expected to have come."""

    position: F64
    there: F64

    @property
    def days(self) -> int:
        return len(self.there.T)

    @property
    def today(self) -> F64:
        """[n]: what there is to sell today."""
        found: F64 = np.maximum(self.there[:, 0], 0.0)
        return found

    def rows(self, index: Sequence[int] | NDArray[np.int64]) -> "Supply":
        """Those at `index`."""
        return Supply(self.position[index], self.there[index])


@dataclass(frozen=True)
class Lengths:
    """k lengths that the protection interval of n listings may have: days of it before the delivery and chance of each
    [n, k], quantiles [n, k, q] at `levels` [q] of the demand until its end and until the day before."""

    lead_days: F64
    chances: F64
    until_end: F64
    until_eve: F64
    levels: F64


@dataclass(frozen=True)
class Reaching:
    """The demand of `lengths` that reaches an order of tonight, and the units [n] expected to be lost before it."""

    lengths: Lengths
    lost: F64


def reaching(lengths: Lengths, daily: F64, supply: Supply) -> Reaching:
    """`daily` [n, D]: expected demand of each day ahead, today first. What is lost after D days is not left out."""
    chances = chances_of(lengths.levels)
    there = np.maximum(supply.there, 0.0)
    until_end, lost = less_lost(lengths.until_end, chances, lengths.lead_days, daily, there)
    until_eve, _lost = less_lost(lengths.until_eve, chances, lengths.lead_days, daily, there)
    found = Lengths(lengths.lead_days, lengths.chances, until_end, until_eve, lengths.levels)
    return Reaching(found, (lost * lengths.chances).sum(axis=1))


def lowered_levels(found: Reaching, plain: Points, costs: Costs, pack: F64, step: F64, ahead: Ahead) -> tuple[F64, F64]:
    """[n] each: reorder point and level to order up to, now that what is lost before the delivery is left out. At the
    point at least a step is ordered, unless the plain rule orders nothing at all."""
    point = np.maximum(lowered_points(found, plain, costs, pack, step, ahead), 0.0)
    up_to = plain.levels(pack, step)[1]
    return point, np.maximum(up_to - found.lost, np.minimum(point + step, up_to))


def lowered_points(found: Reaching, plain: Points, costs: Costs, pack: F64, step: F64, ahead: Ahead) -> F64:
    """[n]: the reorder points of `plain` lowered to the highest position at which a lot should not wait, now that what
    is lost before the delivery is left out; -1 cell where it can wait at each."""
    lengths = found.lengths
    points = dated_points(
        lengths.until_end, lengths.until_eve, lengths.chances, lengths.levels, costs.holding, costs.empty_day,
        costs.lost_unit, plain.reorder_point, plain.lot, pack, step, ahead.passed, ahead.share,
    )  # fmt: skip
    lowered: F64 = np.minimum(plain.reorder_point, points)
    return lowered
