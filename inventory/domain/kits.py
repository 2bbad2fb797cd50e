"""SKUs that are sold together under one code: what a kit takes from the shelf, and what its parts cost of its price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from inventory.domain.movements import ZERO

MONEY = Decimal("0.0001")
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a SKU in one kit; `price` is the one of its own card."""

    sku_id: int
    quantity: Decimal
    price: Decimal = ZERO


def buildable(parts: Iterable[Part], available: Mapping[int, Decimal]) -> Decimal:
    """How many whole kits the parts that are there make up; `available` by SKU."""
    counts = [(available.get(part.sku_id, ZERO) / part.quantity).quantize(WHOLE, ROUND_DOWN) for part in parts]
    return max(min(counts, default=ZERO), ZERO)


def part_prices(parts: Sequence[Part], kit_price: Decimal) -> list[Decimal]:
    """The price of one unit of each part, so that together they cost what the kit costs.

    It is shared out by what the parts cost alone, or evenly when they cost nothing. Rounded to four decimals.
    """
    worth = [part.price * part.quantity for part in parts]
    total = sum(worth, ZERO)
    shares = [value / total for value in worth] if total else [WHOLE / len(parts)] * len(parts)
    return [(kit_price * share / part.quantity).quantize(MONEY) for part, share in zip(parts, shares, strict=True)]
