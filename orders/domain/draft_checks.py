"""What a supplier delivers of a SKU, against what a person wants to order by hand."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import Enum

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineTerms:
    """Price of a unit, units in a pack, least units of a line; breaks are (units, price of every unit), ascending."""

    price: Decimal
    pack: Decimal
    least: Decimal
    breaks: tuple[tuple[Decimal, Decimal], ...] = ()


class Fault(Enum):
    """Why the supplier does not deliver a quantity."""

    BELOW_LEAST = "below_least"
    BROKEN_PACK = "broken_pack"


def price_of(quantity: Decimal, terms: LineTerms) -> Decimal:
    """Of a unit, when so many are ordered."""
    reached = [price for least, price in terms.breaks if quantity >= least]
    return reached[-1] if reached else terms.price


def orderable(quantity: Decimal, terms: LineTerms) -> Decimal:
    """The next quantity from this one on that the supplier delivers: whole packs, at least the least."""
    packs = (max(quantity, terms.least) / terms.pack).to_integral_value(ROUND_CEILING)
    return max(packs, Decimal(1)) * terms.pack


def fault_of(quantity: Decimal, terms: LineTerms) -> Fault | None:
    """None when it can be ordered."""
    if quantity < terms.least:
        return Fault.BELOW_LEAST
    return Fault.BROKEN_PACK if quantity % terms.pack else None
