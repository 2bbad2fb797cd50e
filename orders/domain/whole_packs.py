"""What a supplier delivers of a need, and at which price: `order_quantities` and `price_at` for one line, exactly."""

from collections.abc import Collection, Iterable
from decimal import ROUND_CEILING, Decimal


def in_whole_packs(need: Decimal, minimum: Decimal, pack: Decimal) -> Decimal:
    """The least number of units in whole packs that covers the need and the supplier's minimum."""
    packs = (max(need, minimum) / pack).to_integral_value(rounding=ROUND_CEILING)
    return packs * pack


def proposed_for_all(need: Decimal, packs: Collection[Decimal]) -> Decimal:
    """What to ask several suppliers for at once: the need in whole packs where all of them pack alike. Where they do
    not it stays the need, which each is asked for in packs of their own."""
    return in_whole_packs(need, Decimal(0), next(iter(packs))) if len(set(packs)) == 1 else need


def price_of(quantity: Decimal, price: Decimal, breaks: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Of a unit, when so many are ordered; breaks are (units, price of every unit), ascending."""
    reached = [lower for least, lower in breaks if quantity >= least]
    return reached[-1] if reached else price
