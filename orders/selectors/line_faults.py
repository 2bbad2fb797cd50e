"""Why a supplier does not deliver a quantity, and the next one that they do, in words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.domain.movements import plain
from orders.domain.draft_checks import Fault, fault_of, orderable
from suppliers.selectors.terms import Offer


def ordered_fault(quantity: Decimal, offer: Offer) -> str:
    """Empty when they do."""
    least, pack = offer.minimum_quantity, offer.pack_size
    fault, more = fault_of(quantity, least, pack), orderable(quantity, least, pack)
    if fault is Fault.BELOW_LEAST:
        values = {"least": plain(least), "more": plain(more)}
        return _("At least %(least)s are delivered: order %(more)s.") % values
    if fault is Fault.BROKEN_PACK:
        choices = " / ".join(plain(value) for value in (more - pack, more) if value > 0)
        return _("It comes in packs of %(pack)s: order %(choices)s.") % {"pack": plain(pack), "choices": choices}
    return ""
