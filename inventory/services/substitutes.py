"""The ranked list of what serves instead of a SKU."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from inventory.models import Sku, Substitute

MOST = 20


def set_substitutes(*, sku: Sku, substitute_ids: Sequence[int]) -> None:
    """These in this order and no others; the caller holds the lock of the SKU. Raises `InvalidInput`."""
    wanted = list(dict.fromkeys(substitute_ids))
    if sku.pk in wanted:
        raise _refused(_("A SKU cannot be its own substitute."))
    if len(wanted) > MOST:
        raise _refused(_("A SKU has at most %(most)d substitutes.") % {"most": MOST})
    if Sku.objects.filter(pk__in=wanted).count() < len(wanted):
        raise _refused(_("One of the substitutes is not there any more."))
    Substitute.objects.filter(sku=sku).delete()
    Substitute.objects.bulk_create(
        [Substitute(sku=sku, substitute_id=pk, rank=rank) for rank, pk in enumerate(wanted, start=1)]
    )


def _refused(message: str) -> InvalidInput:
    return wrong_field("substitutes", message)
