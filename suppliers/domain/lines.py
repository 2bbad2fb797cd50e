"""What a line of an order can be."""

from decimal import ROUND_CEILING, Decimal


def least_of_a_line(minimum: Decimal, pack: Decimal) -> Decimal:
    """The fewest units that are delivered: whole packs, one at least."""
    return (max(minimum, pack) / pack).to_integral_value(rounding=ROUND_CEILING) * pack
