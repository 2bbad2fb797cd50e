"""Why a supplier does not deliver a quantity, and the next one that they do, in words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.domain.movements import plain
from orders.domain.draft_checks import Fault, fault_of, most_orderable, orderable
from suppliers.selectors.terms import Offer


def ordered_fault(quantity: Decimal, offer: Offer) -> str:
    """Empty when they do."""
    least, pack = offer.minimum_quantity, offer.pack_size
    most = offer.maximum_quantity
    fault, more = fault_of(quantity, least, pack, most), orderable(quantity, least, pack)
    if fault is Fault.ABOVE_MOST and most is not None:
        values = {"most": plain(most), "less": plain(most_orderable(most, least, pack))}
        return _("At most %(most)s are delivered in an order: order %(less)s.") % values
    if fault is Fault.BELOW_LEAST:
        values = {"least": plain(least), "more": plain(more)}
        return _("At least %(least)s are delivered: order %(more)s.") % values
    if fault is Fault.BROKEN_PACK:
        choices = " / ".join(plain(value) for value in (more - pack, more) if value >= orderable(pack, least, pack))
        values = {"quantity": plain(quantity), "pack": plain(pack), "choices": choices}
        return _("%(quantity)s is no whole number of packs of %(pack)s: order %(choices)s.") % values
    return ""
