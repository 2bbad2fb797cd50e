"""What keeps a level from being as high, or as low, as its target wants: shelf, spoiling, the end of a SKU."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from orders.domain.before_delivery import Supply
from orders.domain.curves import F64, mean_at
from orders.domain.levels import Demand, Levels, Protection
from orders.domain.policy import Phase, Policy, Target
from orders.domain.targets import FINE_LEVELS

# What keeps longer than this does not spoil within any lot.
LONGEST_SHELF_LIFE = 180
LEAST_RATIO, MOST_RATIO = 0.05, 0.99


class Limit(IntFlag):
    """What bound a level; several may."""

    NONE = 0
    PRESENTATION = 1
    CAPACITY = 2
    SHELF_LIFE = 4
    PHASE_OUT = 8


@dataclass(frozen=True)
class Bounded:
    """Levels within their bounds, and which Limit [n] changed each."""

    levels: Levels
    limits: NDArray[np.int64]


def within_bounds(
    levels: Levels,
    policies: Sequence[Policy],
    demand: Demand,
    protection: Protection,
    shelf_life_days: F64,
    sold_value: F64,
    supply: Supply | None = None,
) -> Bounded:
    """Raises levels to the presentation minimum, then lowers them to what keeps, is asked for until the end, and has
    room; the lowest bound holds.

    shelf_life_days [n], inf for what does not spoil; sold_value [n], see `newsvendor_ratio`; supply, that by which the
    levels leave out what is lost: no bound asks for it either.
    """
    bound = _Bounding(levels, supply)
    _raise_to_presentation(bound, policies, demand, protection)
    _cap_what_spoils(bound, policies, demand, protection, shelf_life_days, sold_value)
    _cap_at_the_end(bound, policies, demand)
    room = np.array([np.inf if policy.capacity is None else policy.capacity for policy in policies])
    bound.lower(room, Limit.CAPACITY)
    return Bounded(replace(levels, reorder_point=bound.point, order_up_to=bound.up_to), bound.limits)


def newsvendor_ratio(earned: F64, cost: F64) -> F64:
    """[n]: the certainty with which what spoils is best stocked, of what a sold unit earns to that and its cost
    together; never so sure of itself that the tails of a forecast decide."""
    found: F64 = np.clip(earned / np.maximum(earned + cost, 1e-9), LEAST_RATIO, MOST_RATIO)
    return found


class _Bounding:
    def __init__(self, levels: Levels, supply: Supply | None) -> None:
        self.point, self.up_to = levels.reorder_point.copy(), levels.order_up_to.copy()
        self.limits = np.zeros(len(self.point), dtype=np.int64)
        self.lost = levels.lost
        self._today = self.lost * 0.0 if supply is None else supply.today

    def served(self, asked: F64) -> F64:
        """[n]: what of the units asked for is not lost. The shelf serves what it has of them, also where the delivery
        comes after the last of them."""
        found: F64 = np.maximum(asked - self.lost, np.minimum(asked, self._today))
        return found

    def lower(self, most: F64, limit: Limit) -> None:
        is_lower = most < self.up_to
        self.limits |= np.where(is_lower, int(limit), 0)
        self.up_to = np.minimum(self.up_to, most)
        self.point = np.minimum(self.point, self.up_to)


def _raise_to_presentation(
    bound: _Bounding, policies: Sequence[Policy], demand: Demand, protection: Protection
) -> None:
    """So much is to stand there when the delivery comes as is expected to be asked for until then, and the minimum."""
    shown = np.array([policy.presentation for policy in policies])
    if not shown.any():
        return
    mean = np.asarray(demand.mean, dtype=np.float64)
    least = shown + bound.served(mean_at(mean, protection.mean_interval[:, None])[:, 0])
    is_raised = (shown > 0.0) & (least > bound.point)
    lot = bound.up_to - bound.point
    bound.point = np.where(is_raised, least, bound.point)
    bound.up_to = np.where(is_raised, bound.point + lot, bound.up_to)
    bound.limits |= np.where(is_raised, int(Limit.PRESENTATION), 0)


def _cap_what_spoils(
    bound: _Bounding,
    policies: Sequence[Policy],
    demand: Demand,
    protection: Protection,
    shelf_life_days: F64,
    sold_value: F64,
) -> None:
    """No more than is asked for before it spoils, with the certainty that the target wants. Under an economic target
    that is the newsvendor's: a unit more is worth its margin when it sells, and costs its cost when it does not."""
    spoils = shelf_life_days <= LONGEST_SHELF_LIFE
    if not spoils.any():
        return
    days = np.where(spoils, shelf_life_days, 0.0)
    curve = demand.over(protection.lead_days + days[:, None], protection.chances, FINE_LEVELS).astype(np.float64)
    wanted = np.array([policy.cycle_service_level for policy in policies])
    is_economic = np.array([policy.target is Target.ECONOMIC for policy in policies])
    most = bound.served(quantile_at(curve, np.where(is_economic, sold_value, wanted)))
    bound.lower(np.where(spoils, most, np.inf), Limit.SHELF_LIFE)


def _cap_at_the_end(bound: _Bounding, policies: Sequence[Policy], demand: Demand) -> None:
    """Of what is being phased out, what is expected to be asked for until its last day."""
    is_ending = np.array([policy.phase is Phase.PHASE_OUT for policy in policies])
    if not is_ending.any():
        return
    left = np.array([float(policy.days_left or 0) for policy in policies])
    most = bound.served(mean_at(np.asarray(demand.mean, dtype=np.float64), left[:, None])[:, 0])
    bound.lower(np.where(is_ending, most, np.inf), Limit.PHASE_OUT)


def quantile_at(curve: F64, wanted: F64) -> F64:
    """[n]: the quantile at the level `wanted` [n] of curves [n, q] at FINE_LEVELS, straight between two of them; under
    the lowest it falls straight to 0."""
    chances = np.array([0.0, *FINE_LEVELS])
    knots = np.concatenate([np.zeros((len(curve), 1)), curve], axis=1)
    right = np.clip(np.searchsorted(chances, wanted), 1, len(chances) - 1)
    rows = np.arange(len(curve))
    part = np.clip((wanted - chances[right - 1]) / (chances[right] - chances[right - 1]), 0.0, 1.0)
    found: F64 = knots[rows, right - 1] + part * (knots[rows, right] - knots[rows, right - 1])
    return found
