"""A need in whole packs, for one line."""

from decimal import ROUND_CEILING, Decimal


def in_whole_packs(need: Decimal, minimum: Decimal, pack: Decimal) -> Decimal:
    """The least number of units in whole packs that covers the need and the supplier's minimum."""
    packs = (max(need, minimum) / pack).to_integral_value(rounding=ROUND_CEILING)
    return packs * pack
