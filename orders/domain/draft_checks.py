"""What a supplier delivers of a SKU, against what a person wants to order by hand."""

from decimal import Decimal
from enum import Enum

from orders.domain.whole_packs import in_whole_packs


class Fault(Enum):
    """Why the supplier does not deliver a quantity."""

    BELOW_LEAST = "below_least"
    BROKEN_PACK = "broken_pack"


def orderable(quantity: Decimal, least: Decimal, pack: Decimal) -> Decimal:
    """The next quantity from this one on that the supplier delivers: whole packs, one at least, and at least the
    least."""
    return in_whole_packs(quantity, max(least, pack), pack)


def fault_of(quantity: Decimal, least: Decimal, pack: Decimal) -> Fault | None:
    """None when it can be ordered."""
    if quantity < least:
        return Fault.BELOW_LEAST
    return Fault.BROKEN_PACK if quantity % pack else None
