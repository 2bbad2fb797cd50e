"""A code that nobody knows yet is attached to a SKU in the middle of an entry, and the entry goes on."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.requests import UserRequest
from accounts.roles import EDIT_CATALOGUE, is_permitted
from inventory.forms_entry import Entry, read_quantity
from inventory.forms_entry_lines import add_sku
from inventory.models import Sku
from inventory.selectors.lookup import find_by_code, suggest
from inventory.services.barcodes import attach_barcode


def attach_code(request: UserRequest, entry: Entry, chosen: str) -> None:
    """Attaches `unknown_code` to the SKU that was chosen by its code, or typed; then puts it on the entry."""
    if not is_permitted(request.user, EDIT_CATALOGUE) or not entry.unknown_code:
        entry.problem = _("Only managers and administrators attach barcodes. Ask one of them.")
        return
    sku = _sku(entry, chosen or entry.attach_sku)
    if sku is None:
        return
    units = read_quantity(entry.attach_quantity)
    try:
        barcode = attach_barcode(
            sku_id=sku.pk,
            code=entry.unknown_code,
            # Zero is what the service refuses, with the words for it.
            pack_quantity=Decimal(0) if units is None else units,
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        entry.problem = refusal.message
        return
    entry.unknown_code = entry.attach_sku = ""
    add_sku(entry, sku, barcode.pack_quantity)


def _sku(entry: Entry, text: str) -> Sku | None:
    """The one SKU that is meant; several become suggestions below the code."""
    found = find_by_code(text)
    if found is not None:
        return found.sku
    entry.attach_choices = suggest(text, entry.location) if text else []
    if len(entry.attach_choices) == 1:
        return entry.attach_choices.pop().sku
    entry.problem = (
        _("Choose below which SKU %(code)s belongs to.") % {"code": entry.unknown_code}
        if entry.attach_choices
        else _("No SKU has the code or name “%(text)s”.") % {"text": text}
    )
    return None
