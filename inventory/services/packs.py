"""The packs of a SKU."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from inventory.domain.movements import quantity_fault
from inventory.domain.packs import PackSize
from inventory.models import Pack, Sku

NAME_LENGTH = 40
MOST = 20


def set_packs(*, sku: Sku, packs: Sequence[PackSize]) -> None:
    """These and no others; the caller holds the lock of the SKU. Raises `InvalidInput` and names the pack."""
    _check(sku, packs)
    old = {pack.name.casefold(): pack for pack in Pack.objects.filter(sku=sku)}
    wanted = {pack.name.casefold(): pack for pack in packs}
    gone = [pack.pk for name, pack in old.items() if name not in wanted]
    Pack.objects.filter(pk__in=gone).delete()
    kept = [pack for name, pack in old.items() if name in wanted]
    for pack in kept:
        size = wanted[pack.name.casefold()]
        pack.name, pack.quantity = size.name, size.quantity
    Pack.objects.bulk_update(kept, ["name", "quantity"])
    new = [Pack(sku=sku, name=pack.name, quantity=pack.quantity) for name, pack in wanted.items() if name not in old]
    Pack.objects.bulk_create(new)


def _check(sku: Sku, packs: Sequence[PackSize]) -> None:
    if len(packs) > MOST:
        raise _refused(_("A SKU has at most %(most)d packs.") % {"most": MOST})
    for pack in packs:
        if not pack.name or len(pack.name) > NAME_LENGTH:
            raise _refused(_("Give each pack a name of at most %(most)d letters.") % {"most": NAME_LENGTH})
        if quantity_fault(pack.quantity, sku.unit):
            raise _refused(
                _("A pack “%(pack)s” cannot hold %(quantity)s of a SKU counted in “%(unit)s”.")
                % {"pack": pack.name, "quantity": pack.quantity, "unit": sku.get_unit_display()}
            )
    if len({pack.name.casefold() for pack in packs}) < len(packs):
        raise _refused(_("Two packs have the same name. Give each its own."))


def _refused(message: str) -> InvalidInput:
    return wrong_field("packs", message)
