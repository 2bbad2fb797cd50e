"""How far a delivery may be off what was ordered."""

from decimal import ROUND_DOWN, Decimal

HUNDRED = Decimal(100)


def most_over(quantity: Decimal, percent: Decimal, unit: str) -> Decimal:
    """Units that may come beyond the ordered ones; whole ones of what is counted, else to the third decimal."""
    step = Decimal(1) if unit == "each" else Decimal("0.001")
    return (quantity * percent / HUNDRED).quantize(step, ROUND_DOWN)


def is_near_enough(quantity: Decimal, received: Decimal, percent: Decimal) -> bool:
    """Whether so little is missing of a line of which something has come that nobody waits for it."""
    return 0 < received < quantity and quantity - received <= quantity * percent / HUNDRED
