"""The money on both sides of a turn that a calendar would pass on, for one SKU of a plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from orders.domain.in_time import Outlook, TooLate, Turn, gap_days, is_kept_away
from orders.domain.lots import MOST_LOT_DAYS, lot_days
from orders.domain.policy import Policy, Target
from orders.domain.quantity import to_number
from orders.domain.turn import Seller, Stakes, Step, Unknown, Weighed, pass_on, weigh
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


def steps_of(
    offers: Sequence[Offer],
    first: int,
    outlook: Outlook,
    worth_of: WorthOf,
    rates: Mapping[str, Decimal],
    choose: Callable[[Sequence[int]], int],
) -> list[Step]:
    """How the turn passes on from the `first` of several offers of one SKU; `choose` says who of some has it on any
    day. No statement, and no step where no calendar keeps the goods of the first away."""
    sku_id, shelf = offers[0].sku_id, outlook.shelves[offers[0].sku_id]
    comings = [outlook.comings[sku_id, offer.supplier_id] for offer in offers]
    if not is_kept_away(comings[first], shelf.empty_in):
        return []
    gaps = [gap_days(coming, shelf.empty_in) for coming in comings]
    return pass_on(first, gaps, _weigher(offers, first, outlook, worth_of, rates), choose)


def turn_of(step: Step, offers: Sequence[Offer], outlook: Outlook) -> Turn:
    """In names and days."""
    holder, other = offers[step.holder], offers[step.other]
    late = outlook.too_late(holder.sku_id, holder.supplier_id, holder.supplier_name)
    return Turn(other.supplier_name, late, step.weighed, step.is_passed)


def later_than(row: int, offers: Sequence[Offer], outlook: Outlook) -> tuple[TooLate, ...]:
    """Those of the offers of one SKU who would leave the shelf empty for longer than this one."""
    sku_id, empty_in = offers[0].sku_id, outlook.shelves[offers[0].sku_id].empty_in
    gaps = [gap_days(outlook.comings[sku_id, offer.supplier_id], empty_in) for offer in offers]
    return tuple(
        outlook.too_late(sku_id, offer.supplier_id, offer.supplier_name)
        for offer, gap in zip(offers, gaps, strict=True)
        if gap > gaps[row]
    )


def _weigher(
    offers: Sequence[Offer], first: int, outlook: Outlook, worth_of: WorthOf, rates: Mapping[str, Decimal]
) -> Callable[[int, int], Weighed]:
    """Weighs two of the offers, by the rule that holds with the first; or says why it cannot."""
    shelf = outlook.shelves[offers[0].sku_id]
    if shelf.daily is None:
        return lambda _holder, _other: Weighed(unknown=Unknown.NO_FORECAST)
    worth = worth_of(offers[first].supplier_id)
    if worth is None:
        return lambda _holder, _other: Weighed(unknown=Unknown.NO_MARGIN)
    stakes = _stakes(worth, shelf.daily, shelf.held, _home_price(offers[first], rates))

    def weighed(holder: int, other: int) -> Weighed:
        mine, theirs = (_seller(offers[row], outlook, rates) for row in (holder, other))
        return Weighed(unknown=Unknown.NO_RATE) if mine is None or theirs is None else weigh(stakes, mine, theirs)

    return weighed


def _stakes(worth: Worth, daily: float, held: float, price: float) -> Stakes:
    policy = worth.policy
    days = lot_days(
        daily_demand=np.array([daily]), unit_cost=np.array([price]), ordering_cost=np.array([policy.ordering_cost]),
        holding_rate=np.array([policy.holding_rate]), fixed_days=np.array([float(policy.lot_days)]),
        most_days=np.array([float(worth.shelf_life_days or MOST_LOT_DAYS)]),
    )  # fmt: skip
    is_typed = policy.target is Target.MIN_MAX and policy.minimum is not None and policy.maximum is not None
    typed = (policy.minimum or 0.0, policy.maximum or 0.0) if is_typed else None
    return Stakes(
        worth.lost_unit, daily, held, float(days[0]), policy.review_days, policy.ordering_cost, policy.holding_rate,
        typed,
    )  # fmt: skip


def _seller(offer: Offer, outlook: Outlook, rates: Mapping[str, Decimal]) -> Seller | None:
    """None without a rate."""
    rate = rates.get(offer.currency)
    if rate is None:
        return None
    pair = offer.sku_id, offer.supplier_id
    breaks = [(to_number(least), to_number(price * rate)) for least, price in offer.breaks]
    return Seller(
        outlook.comings[pair].day, outlook.lost[pair], to_number(offer.price * rate), to_number(offer.pack_size),
        to_number(offer.minimum_quantity), breaks,
    )  # fmt: skip


def _home_price(offer: Offer, rates: Mapping[str, Decimal]) -> float:
    return to_number(offer.price * rates.get(offer.currency, Decimal(1)))
