"""What a supplier delivers of a SKU, against what a person wants to order by hand."""

from decimal import Decimal
from enum import Enum

from orders.domain.whole_packs import in_whole_packs
from suppliers.domain.lines import least_of_a_line


class Fault(Enum):
    """Why the supplier does not deliver a quantity."""

    BELOW_LEAST = "below_least"
    BROKEN_PACK = "broken_pack"
    ABOVE_MOST = "above_most"


def orderable(quantity: Decimal, least: Decimal, pack: Decimal) -> Decimal:
    """The next quantity from this one on that the supplier delivers: whole packs, one at least, and at least the
    least."""
    return in_whole_packs(quantity, least_of_a_line(least, pack), pack)


def most_orderable(most: Decimal, least: Decimal, pack: Decimal) -> Decimal:
    """The largest quantity that the supplier delivers: whole packs within the most, but never less than the least that
    they deliver at all."""
    return max(most // pack * pack, least_of_a_line(least, pack))


def fault_of(quantity: Decimal, least: Decimal, pack: Decimal, most: Decimal | None = None) -> Fault | None:
    """None when it can be ordered."""
    if quantity < least:
        return Fault.BELOW_LEAST
    if most is not None and quantity > most:
        return Fault.ABOVE_MOST
    return Fault.BROKEN_PACK if quantity % pack else None
