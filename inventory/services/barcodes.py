"""Barcodes of a SKU, each with the units it stands for."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.movements import plain, quantity_fault
from inventory.locks import lock_sku
from inventory.models import Barcode, Sku

CODE_LENGTH = 60


@transaction.atomic
def attach_barcode(*, sku_id: int, code: str, pack_quantity: Decimal, user: User | None, now: datetime) -> Barcode:
    """One more barcode. Raises `InvalidInput` when it belongs to another SKU or the quantity is none of its unit."""
    sku = lock_sku(sku_id)
    check_barcode(sku, code, pack_quantity)
    found = Barcode.objects.filter(code=code).select_related("sku").first()
    if found is not None and found.sku_id != sku_id:
        raise taken(code, found.sku)
    barcode = _write(sku, code, pack_quantity)
    record_audit(
        actor=user,
        action="attach_barcode",
        object_type="sku",
        object_id=sku_id,
        now=now,
        data={"barcode": code, "pack_quantity": plain(pack_quantity)},
    )
    return barcode


def set_barcodes(*, sku: Sku, quantities: Mapping[str, Decimal]) -> None:
    """These and no others; the caller holds the lock of the SKU. Raises `InvalidInput` as `attach_barcode` does."""
    for code, quantity in quantities.items():
        check_barcode(sku, code, quantity)
    foreign = Barcode.objects.filter(code__in=quantities).exclude(sku=sku).select_related("sku").first()
    if foreign is not None:
        raise taken(foreign.code, foreign.sku)
    Barcode.objects.filter(sku=sku).exclude(code__in=quantities).delete()
    rows = [Barcode(sku=sku, code=code, pack_quantity=quantity) for code, quantity in quantities.items()]
    # A rival may take one of them at this moment; then the count is short, and the refusal undoes all of this.
    Barcode.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["pack_quantity"])
    if Barcode.objects.filter(code__in=quantities, sku=sku).count() != len(quantities):
        raise InvalidInput(
            _("One of the barcodes was given to another SKU a moment ago. Reload the page and look again.")
        )


def check_barcode(sku: Sku, code: str, pack_quantity: Decimal) -> None:
    if not code or len(code) > CODE_LENGTH or not code.isprintable():
        raise _refused(_("“%(code)s” is no barcode. Scan it again or type its digits.") % {"code": code})
    if quantity_fault(pack_quantity, sku.unit):
        raise _refused(
            _("The barcode %(code)s cannot stand for %(quantity)s of a SKU counted in “%(unit)s”.")
            % {"code": code, "quantity": pack_quantity, "unit": sku.get_unit_display()}
        )


def taken(code: str, owner: Sku) -> InvalidInput:
    return InvalidInput(
        _("The barcode %(code)s belongs to %(sku)s already.") % {"code": code, "sku": owner.code},
        details=[{"field": "barcodes", "message": _("%(code)s is taken.") % {"code": code}}],
    )


def _refused(message: str) -> InvalidInput:
    return wrong_field("barcodes", message)


def _write(sku: Sku, code: str, pack_quantity: Decimal) -> Barcode:
    try:
        with transaction.atomic():
            barcode, _is_new = Barcode.objects.update_or_create(
                code=code, sku=sku, defaults={"pack_quantity": pack_quantity}
            )
    except IntegrityError:
        # Somebody gave it to another SKU between our look and our write.
        raise taken(code, Barcode.objects.select_related("sku").get(code=code).sku) from None
    return barcode
