"""Reorder points and levels for targets other than a cycle service level; rows of other targets keep what they have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from orders.domain.before_delivery import Lengths, Supply, lowered_levels, reaching
from orders.domain.curves import F64, expected_excess, mean_at
from orders.domain.economic import Costs, economic_points
from orders.domain.levels import Demand, Levels, Protection
from orders.domain.policy import Policy, Target
from orders.domain.waiting import later_pace, look_ahead

# Fine enough for an expected shortage: the curves between two published quantiles are straight anyway.
FINE_LEVELS = (0.02, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99)
HALVINGS = 48
DAYS_A_YEAR = 365.0
# Goods that cost nothing still take room; without a holding cost the best lot would be endless.
LEAST_COST = 0.01
# Of what is a whole number of steps.
NOISE = 1e-9


@dataclass(frozen=True)
class LotTerms:
    """[n] each: cost and margin of a unit, money; pack and step, units; most_lot, units of one lot that do not spoil
    and have not outlived the forecast."""

    cost: F64
    margin: F64
    pack: F64
    step: F64
    most_lot: F64


def with_targets(
    levels: Levels,
    policies: Sequence[Policy],
    demand: Demand,
    protection: Protection,
    terms: LotTerms,
    supply: Supply | None = None,
) -> Levels:
    """Levels whose rows follow their own target. Their curves stay as they are. With `supply` those of least cost leave
    out what will be lost before an order of tonight can come."""
    of_target = {target: [i for i, policy in enumerate(policies) if policy.target is target] for target in Target}
    point, up_to, lost = levels.reorder_point.copy(), levels.order_up_to.copy(), levels.lost.copy()
    lot = up_to - point
    curves = _Curves(demand, protection)
    if rows := of_target[Target.FILL]:
        rates = np.array([policies[row].fill_rate for row in rows])
        point[rows] = fill_rate_points(curves.until_end[rows], np.array(FINE_LEVELS), rates, lot[rows])
        up_to[rows] = point[rows] + lot[rows]
    if rows := of_target[Target.ECONOMIC]:
        point[rows], up_to[rows], lost[rows] = _economic([policies[row] for row in rows], rows, curves, terms, supply)
    for row in of_target[Target.MIN_MAX]:
        policy = policies[row]
        point[row] = policy.minimum or 0.0
        up_to[row] = max(policy.maximum or 0.0, point[row])
    return replace(levels, reorder_point=point, order_up_to=up_to, lost=lost)


def fill_rate_points(curve: F64, levels: F64, rate: F64, lot: F64) -> F64:
    """[n]: the least reorder point at which the share `rate` [n] of units is served at once, with lots of `lot` [n].

    curve [n, q] quantiles of the demand D over the protection interval. A lot of Q is met with E[(D - s)+] less
    E[(D - s - Q)+] units short (Silver, Pyke and Thomas, 4th ed., section 6.7.6 and 6.10), which is to be (1 - rate) Q.
    """
    lot = np.maximum(lot, 1e-9)
    allowed = (1.0 - rate) * lot
    low, high = np.zeros(len(curve)), np.maximum(curve[:, -1] * 3.0, 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        short = expected_excess(curve, levels, middle) - expected_excess(curve, levels, middle + lot)
        is_enough = short <= allowed
        low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
    return np.where(curve[:, -1] <= 0.0, 0.0, high)


class _Curves:
    """Curves at FINE_LEVELS that are only made where a target needs them."""

    def __init__(self, demand: Demand, protection: Protection) -> None:
        self._demand, self._protection = demand, protection
        self._made: dict[float, F64] = {}

    @property
    def until_end(self) -> F64:
        """[n, q]: of the demand over the protection interval."""
        return self._less(0.0)

    @property
    def until_eve(self) -> F64:
        """[n, q]: of the demand until the day before it ends."""
        return self._less(1.0)

    def mean(self, rows: list[int]) -> F64:
        """[len(rows), H]: expected demand of each day."""
        found: F64 = np.asarray(self._demand.mean, dtype=np.float64)[rows]
        return found

    def interval(self, rows: list[int]) -> F64:
        """[len(rows)]: expected days of the protection interval."""
        return self._protection.mean_interval[rows]

    def review(self, rows: list[int]) -> F64:
        """[len(rows)]: days from one order to the next, as far as they come into the interval."""
        return self.interval(rows) - self._protection.mean_lead[rows]

    def lengths(self, rows: list[int]) -> Lengths:
        """Of the demand over each length that the protection interval of these rows may have."""
        protection = self._protection
        return Lengths(
            lead_days=protection.days_before[rows],
            chances=protection.chances[rows],
            until_end=self._by_length(rows, 0.0),
            until_eve=self._by_length(rows, 1.0),
            levels=np.array(FINE_LEVELS),
        )

    def daily(self, rows: list[int], days: int) -> F64:
        """[len(rows), days]: expected demand of each of so many days, today first."""
        ends = np.arange(days + 1, dtype=np.float64)[None, :]
        found: F64 = np.diff(mean_at(self.mean(rows), np.repeat(ends, len(rows), axis=0)), axis=1)
        return found

    def _by_length(self, rows: list[int], less: float) -> F64:
        demand = self._demand.rows(np.array(rows, dtype=np.int64))
        intervals = np.maximum(self._protection.interval_days[rows] - less, 0.0)
        columns = [demand.over(column[:, None], None, FINE_LEVELS) for column in intervals.T]
        return np.stack(columns, axis=1).astype(np.float64)

    def _less(self, days: float) -> F64:
        if days not in self._made:
            intervals = np.maximum(self._protection.interval_days - days, 0.0)
            found = self._demand.over(intervals, self._protection.chances, FINE_LEVELS)
            self._made[days] = found.astype(np.float64)
        return self._made[days]


def _economic(
    policies: Sequence[Policy], rows: list[int], curves: _Curves, terms: LotTerms, supply: Supply | None
) -> tuple[F64, F64, F64]:
    """[len(rows)] each: reorder point, level to order up to, units lost before the delivery."""
    holding = np.array([policy.holding_rate for policy in policies]) / DAYS_A_YEAR
    costs = Costs(
        holding=holding * np.maximum(terms.cost[rows], LEAST_COST),
        empty_day=np.zeros(len(policies)),
        lost_unit=terms.margin[rows] + np.array([policy.disappointment for policy in policies]),
        order_line=np.array([policy.ordering_cost for policy in policies]),
    )
    pack, step = terms.pack[rows], terms.step[rows]
    mean, interval = curves.mean(rows), curves.interval(rows)
    ahead = look_ahead(mean, interval, curves.review(rows))
    found = economic_points(
        curves.until_end[rows], curves.until_eve[rows], np.array(FINE_LEVELS), costs, later_pace(mean, interval),
        pack, step, terms.most_lot[rows], ahead,
    )  # fmt: skip
    (point, up_to), lost = found.levels(pack, step), np.zeros(len(rows))
    if supply is None:
        return point, up_to, lost
    at = np.flatnonzero(supply.position[rows] <= np.ceil(point / step - NOISE) * step)
    if len(at):
        asked = [rows[place] for place in at]
        there = supply.rows(asked)
        reach = reaching(curves.lengths(asked), curves.daily(asked, there.days), there)
        plain, own_costs = found.rows(at), costs.rows(at)
        point[at], up_to[at] = lowered_levels(reach, plain, own_costs, pack[at], step[at], ahead.rows(at))
        lost[at] = reach.lost
    return point, up_to, lost
