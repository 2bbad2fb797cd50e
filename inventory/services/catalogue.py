"""The cards of SKUs: made, changed, retired; each change on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.movements import plain, quantity_fault
from inventory.locks import lock_sku
from inventory.models import (
    Barcode,
    KitPart,
    Movement,
    Pack,
    Reservation,
    ReservationState,
    Sku,
    TransferLine,
    TransferState,
    Unit,
)
from inventory.services.card_parts import CardParts, set_parts

FIELDS = (
    "code",
    "name",
    "category_id",
    "unit",
    "cost",
    "price",
    "shelf_life_days",
    "weight_kg",
    "volume_l",
    "is_active",
)


@transaction.atomic
def create_sku(
    *,
    values: Mapping[str, Any],
    user: User | None,
    now: datetime,
    barcodes: Sequence[str] = (),
    parts: CardParts | None = None,
) -> Sku:
    """A new SKU; `values` by the names in `FIELDS`. Raises `InvalidInput` for a code or barcode that is taken."""
    chosen = {name: value for name, value in values.items() if name in FIELDS}
    _refuse_taken_code(chosen["code"], None)
    sku = Sku.objects.create(created_at=now, **chosen)
    _set_barcodes(sku, barcodes)
    set_parts(sku=sku, parts=parts or CardParts())
    record_audit(actor=user, action="create_sku", object_type="sku", object_id=sku.pk, now=now, data=_plain(chosen))
    return sku


@transaction.atomic
def update_sku(
    *,
    sku_id: int,
    values: Mapping[str, Any],
    user: User | None,
    now: datetime,
    barcodes: Sequence[str] | None = None,
    parts: CardParts | None = None,
) -> Sku:
    """Changes what `values` and `parts` name.

    The unit stays once stock has moved, since old quantities would change their meaning.
    """
    sku = lock_sku(sku_id)
    changed = {name: value for name, value in values.items() if name in FIELDS and getattr(sku, name) != value}
    if "code" in changed:
        _refuse_taken_code(changed["code"], sku_id)
    if "unit" in changed and Movement.objects.filter(sku=sku).exists():
        raise InvalidInput(
            _("The unit of %(sku)s cannot change any more, since stock has moved.") % {"sku": sku.code},
            details=[{"field": "unit", "message": _("Stock has moved.")}],
        )
    if "unit" in changed:
        _refuse_unit_of_kits(sku, changed["unit"])
        _refuse_unit_of_quantities(sku, changed["unit"], parts or CardParts())
    for name, value in changed.items():
        setattr(sku, name, value)
    sku.save(update_fields=list(changed))
    if barcodes is not None:
        _set_barcodes(sku, barcodes)
    set_parts(sku=sku, parts=parts or CardParts())
    record_audit(actor=user, action="update_sku", object_type="sku", object_id=sku.pk, now=now, data=_plain(changed))
    return sku


def _refuse_unit_of_kits(sku: Sku, unit: str) -> None:
    """A kit is counted in pieces, and what goes into one must be a quantity of the unit of its part."""
    if sku.is_kit and unit != Unit.EACH:
        raise _unit_refused(_("%(sku)s is a kit, and kits are counted in pieces.") % {"sku": sku.code})
    for part in KitPart.objects.filter(part=sku).select_related("kit").order_by("kit__code"):
        if quantity_fault(part.quantity, unit):
            named = {"sku": sku.code, "kit": part.kit.code, "quantity": plain(part.quantity)}
            raise _unit_refused(
                _("%(quantity)s of %(sku)s goes into the kit %(kit)s: that does not fit the new unit. Change the kit.")
                % named
            )


def _refuse_unit_of_quantities(sku: Sku, unit: str, parts: CardParts) -> None:
    """What is written down of it, though nothing has moved yet, must be a quantity of the new unit, too.

    Packs and barcodes that are written in the same act are checked there.
    """
    found: list[tuple[str, Decimal]] = []
    if parts.packs is None:
        found += Pack.objects.filter(sku=sku).order_by("name").values_list("name", "quantity")
    if parts.barcodes is None:
        found += Barcode.objects.filter(sku=sku).order_by("code").values_list("code", "pack_quantity")
    drafts = TransferLine.objects.filter(sku=sku, transfer__state=TransferState.DRAFT)
    found += drafts.order_by("pk").values_list("transfer__number", "quantity")
    for held in Reservation.objects.filter(sku=sku, state=ReservationState.PENDING).order_by("pk"):
        found.append((_("Reservation %(number)s") % {"number": held.pk}, held.quantity))
    for name, quantity in found:
        if quantity_fault(quantity, unit):
            named = {"name": name, "quantity": plain(quantity), "sku": sku.code}
            raise _unit_refused(
                _("“%(name)s” is for %(quantity)s of %(sku)s: that does not fit the new unit. Change it first.") % named
            )


def _unit_refused(message: str) -> InvalidInput:
    return wrong_field("unit", message)


def _refuse_taken_code(code: str, own_id: int | None) -> None:
    if Sku.objects.filter(code=code).exclude(pk=own_id or 0).exists():
        raise InvalidInput(
            _("The code %(code)s belongs to another SKU.") % {"code": code},
            details=[{"field": "code", "message": _("This code is taken.")}],
        )


def _set_barcodes(sku: Sku, codes: Sequence[str]) -> None:
    wanted = set(codes)
    taken = Barcode.objects.filter(code__in=wanted).exclude(sku=sku).values_list("code", flat=True).first()
    if taken is not None:
        raise InvalidInput(
            _("The barcode %(code)s belongs to another SKU.") % {"code": taken},
            details=[{"field": "barcodes", "message": _("%(code)s is taken.") % {"code": taken}}],
        )
    Barcode.objects.filter(sku=sku).exclude(code__in=wanted).delete()
    Barcode.objects.bulk_create([Barcode(sku=sku, code=code) for code in wanted], ignore_conflicts=True)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool | int | None) else str(value) for name, value in values.items()}
