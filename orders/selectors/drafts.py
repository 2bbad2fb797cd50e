"""What the page of a draft looks up: the SKU that was scanned or typed, and what its supplier delivers of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from inventory.selectors.lookup import Suggestion, find_by_code, suggest
from orders.domain.draft_checks import orderable
from orders.models import PurchaseOrder
from suppliers.selectors.terms import offers_of


@dataclass(frozen=True)
class Wanted:
    """A SKU and the units to begin with; or, when several may be meant, which."""

    sku_id: int | None = None
    quantity: Decimal = Decimal(0)
    suggestions: Sequence[Suggestion] = field(default_factory=list)


def find_wanted(text: str, order: PurchaseOrder) -> Wanted:
    """By barcode, code or a part of the name; the quantity is what the supplier delivers at least from that pack on.
    Raises InvalidInput when nothing matches."""
    if not text:
        return Wanted()
    found = find_by_code(text)
    if found is not None:
        return _wanted(found.sku.pk, found.pack_quantity, order)
    meant = suggest(text, order.location)
    if not meant:
        raise InvalidInput(
            _("No SKU has the code, barcode or name “%(text)s”. Check it, or search by name.") % {"text": text}
        )
    return _wanted(meant[0].sku.pk, Decimal(1), order) if len(meant) == 1 else Wanted(suggestions=meant)


def _wanted(sku_id: int, quantity: Decimal, order: PurchaseOrder) -> Wanted:
    offer = offers_of(order.supplier_id, [sku_id]).get(sku_id)
    if offer is None:
        return Wanted(sku_id, quantity)
    return Wanted(sku_id, orderable(quantity, offer.minimum_quantity, offer.pack_size))
