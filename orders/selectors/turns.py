"""The money on both sides of a turn that a calendar would pass on, for all SKUs of a plan at once."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from orders.domain.in_time import Lateness, TooLate, Turn, gap_days
from orders.domain.lots import MOST_LOT_DAYS, lot_days
from orders.domain.policy import Policy, Target
from orders.domain.quantity import to_number
from orders.domain.turn import Pair, Sellers, Stakes, Step, Unknown, Weighed, weigh
from suppliers.selectors.terms import Offer


@dataclass(frozen=True, slots=True)
class Worth:
    """What a unit that is asked for in vain costs, margin and disappointed customer; the rule that says how much is
    ordered at a time; and how long the goods keep, None for any time."""

    lost_unit: float
    policy: Policy
    shelf_life_days: int | None


WorthOf = Callable[[int], Worth | None]
"""By the supplier who would be asked; None where it is not known."""


def nothing_known(_supplier_id: int) -> None:
    """The worth of a SKU for those who look at days alone."""


@dataclass(frozen=True, slots=True)
class Late:
    """The offers [k] of a SKU. A calendar keeps that in row `first` away, who would be asked on any day; each would
    leave the shelf empty for `gaps` [k] days; `worth` is what the SKU is worth with the first, None where that is not
    known."""

    offers: Sequence[Offer]
    first: int
    gaps: Sequence[int]
    worth: Worth | None

    @property
    def sku_id(self) -> int:
        return self.offers[0].sku_id

    def pairs(self) -> list[Pair]:
        """Who might pass the turn, and to whom: to somebody who leaves the shelf empty for less days."""
        gaps = list(enumerate(self.gaps))
        return [(holder, other) for holder, longer in gaps for other, gap in gaps if gap < longer]


def weigh_turns(late: Sequence[Late], lateness: Lateness, rates: Mapping[str, Decimal]) -> list[dict[Pair, Weighed]]:
    """Of each SKU: what it would save and cost to ask one of the offers instead of another who would leave the shelf
    empty for longer, or why that is unknown. No statement."""
    found: list[dict[Pair, Weighed]] = [{} for _ in late]
    known: list[tuple[int, Pair]] = []
    for place, each in enumerate(late):
        for pair in each.pairs():
            reason = _unknown(each, pair, lateness, rates)
            if reason is None:
                known.append((place, pair))
            else:
                found[place][pair] = Weighed(unknown=reason)
    sums = _weigh([(late[place], pair) for place, pair in known], lateness, rates) if known else []
    for (place, pair), weighed in zip(known, sums, strict=True):
        found[place][pair] = weighed
    return found


def gaps_of(offers: Sequence[Offer], lateness: Lateness) -> list[int]:
    """Days for which each of the offers of one SKU would leave its shelf empty."""
    empty_in = lateness.shelves[offers[0].sku_id].empty_in
    return [gap_days(lateness.comings[offer.sku_id, offer.supplier_id], empty_in) for offer in offers]


def turn_of(step: Step, offers: Sequence[Offer], lateness: Lateness) -> Turn:
    """In names and days."""
    holder, other = offers[step.holder], offers[step.other]
    late = lateness.too_late(holder.sku_id, holder.supplier_id, holder.supplier_name)
    return Turn(other.supplier_name, late, step.weighed, step.is_passed)


def later_than(row: int, late: Late, lateness: Lateness) -> tuple[TooLate, ...]:
    """Those who would leave the shelf empty for longer than the offer in this row."""
    return tuple(
        lateness.too_late(offer.sku_id, offer.supplier_id, offer.supplier_name)
        for offer, gap in zip(late.offers, late.gaps, strict=True)
        if gap > late.gaps[row]
    )


def _unknown(late: Late, pair: Pair, lateness: Lateness, rates: Mapping[str, Decimal]) -> Unknown | None:
    if lateness.shelves[late.sku_id].daily is None:
        return Unknown.NO_FORECAST
    if late.worth is None:
        return Unknown.NO_MARGIN
    return None if all(late.offers[row].currency in rates for row in pair) else Unknown.NO_RATE


def _weigh(pairs: Sequence[tuple[Late, Pair]], lateness: Lateness, rates: Mapping[str, Decimal]) -> list[Weighed]:
    """Of pairs of which all is known; the rule of a SKU is that which holds with the first of its offers."""
    holders = _sellers([late.offers[holder] for late, (holder, _other) in pairs], lateness, rates)
    others = _sellers([late.offers[other] for late, (_holder, other) in pairs], lateness, rates)
    return weigh(_stakes([late for late, _pair in pairs], lateness, rates), holders, others).weighed()


def _stakes(late: Sequence[Late], lateness: Lateness, rates: Mapping[str, Decimal]) -> Stakes:
    worths = [each.worth for each in late if each.worth is not None]
    policies = [worth.policy for worth in worths]
    shelves = [lateness.shelves[each.sku_id] for each in late]
    firsts = [each.offers[each.first] for each in late]
    daily = np.array([shelf.daily for shelf in shelves], dtype=np.float64)
    ordering_cost = np.array([policy.ordering_cost for policy in policies])
    holding_rate = np.array([policy.holding_rate for policy in policies])
    days = lot_days(
        daily_demand=daily,
        unit_cost=np.array([to_number(offer.price * rates.get(offer.currency, Decimal(1))) for offer in firsts]),
        ordering_cost=ordering_cost,
        holding_rate=holding_rate,
        fixed_days=np.array([policy.lot_days for policy in policies], dtype=np.float64),
        most_days=np.array([worth.shelf_life_days or MOST_LOT_DAYS for worth in worths], dtype=np.float64),
    )
    bounds = np.array([_typed(policy) for policy in policies])
    return Stakes(
        lost_unit=np.array([worth.lost_unit for worth in worths]),
        daily=daily,
        held=np.array([shelf.held for shelf in shelves]),
        lot_days=days,
        review_days=np.array([policy.review_days for policy in policies], dtype=np.float64),
        ordering_cost=ordering_cost,
        holding_rate=holding_rate,
        minimum=bounds[:, 0],
        maximum=bounds[:, 1],
    )


def _typed(policy: Policy) -> tuple[float, float]:
    if policy.target is not Target.MIN_MAX or policy.minimum is None or policy.maximum is None:
        return math.nan, math.nan
    return policy.minimum, policy.maximum


def _sellers(offers: Sequence[Offer], lateness: Lateness, rates: Mapping[str, Decimal]) -> Sellers:
    """Of offers whose currencies have a rate."""
    breaks = np.full((len(offers), max(len(offer.breaks) for offer in offers), 2), np.inf)
    for row, offer in enumerate(offers):
        for place, (least, price) in enumerate(offer.breaks):
            breaks[row, place] = to_number(least), to_number(price * rates[offer.currency])
    pairs = [(offer.sku_id, offer.supplier_id) for offer in offers]
    return Sellers(
        day=np.array([lateness.comings[pair].day for pair in pairs], dtype=np.float64),
        lost=np.array([lateness.lost[pair] for pair in pairs]),
        price=np.array([to_number(offer.price * rates[offer.currency]) for offer in offers]),
        pack=np.array([to_number(offer.pack_size) for offer in offers]),
        least=np.array([to_number(offer.minimum_quantity) for offer in offers]),
        break_units=breaks[:, :, 0],
        break_prices=breaks[:, :, 1],
    )
