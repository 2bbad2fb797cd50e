"""What a kit consists of. A kit has no stock of its own: selling, holding or sending it takes its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.days import local_date
from inventory.domain.movements import plain, quantity_fault
from inventory.locks import lock_levels_of_sku, lock_skus
from inventory.models import KitPart, Listing, LotLevel, Sku, StockLevel, Unit
from inventory.services.listings import delist_skus

MAX_PARTS = 50


@dataclass(frozen=True, slots=True)
class PartLine:
    """So much of a SKU goes into one kit."""

    sku_id: int
    quantity: Decimal


@transaction.atomic
def set_kit_parts(*, kit_id: int, parts: Sequence[PartLine], user: User | None, now: datetime) -> Sku:
    """Makes the SKU a kit of exactly these parts, or no kit when there are none.

    It is on sale nowhere by itself from then on: its demand is that of its parts. Raises `InvalidInput` naming the line
    for a part that is a kit, stands twice or has a quantity that its unit does not allow, and when the kit is a part
    of another one or has stock of its own. Raises `Sku.DoesNotExist`.
    """
    skus = lock_skus([kit_id, *(part.sku_id for part in parts)])
    if kit_id not in skus:
        raise Sku.DoesNotExist
    kit = skus[kit_id]
    if parts:
        lock_levels_of_sku(kit_id)
        _check_kit(kit)
        _check_parts(kit, parts, skus)
    KitPart.objects.filter(kit=kit).delete()
    KitPart.objects.bulk_create(KitPart(kit=kit, part_id=part.sku_id, quantity=part.quantity) for part in parts)
    kit.is_kit = bool(parts)
    kit.save(update_fields=["is_kit"])
    if parts:
        _take_off_sale(kit, now)
        _take_levels_away(kit)
    told = {skus[part.sku_id].code: plain(part.quantity) for part in parts}
    record_audit(actor=user, action="set_kit_parts", object_type="sku", object_id=kit_id, now=now, data=told)
    return kit


def _check_kit(kit: Sku) -> None:
    named = {"sku": kit.code}
    if kit.unit != Unit.EACH:
        raise InvalidInput(_("%(sku)s is not counted in pieces, so it cannot be a kit.") % named)
    holder = KitPart.objects.filter(part=kit).select_related("kit").first()
    if holder is not None:
        raise InvalidInput(
            _("%(sku)s is a part of the kit %(kit)s, so it cannot be a kit itself.") % {**named, "kit": holder.kit.code}
        )
    level = StockLevel.objects.filter(~Q(on_hand=0) | ~Q(reserved=0), sku=kit).select_related("location").first()
    own = level or LotLevel.objects.exclude(on_hand=0).filter(sku=kit).select_related("location").first()
    if own is not None:
        raise InvalidInput(
            _("%(sku)s has stock of its own at %(place)s. Adjust it off first; a kit consists of its parts only.")
            % {**named, "place": own.location.name}
        )


def _check_parts(kit: Sku, parts: Sequence[PartLine], skus: Mapping[int, Sku]) -> None:
    if len(parts) > MAX_PARTS:
        raise InvalidInput(_("A kit takes at most %(most)d parts.") % {"most": MAX_PARTS})
    seen: set[int] = set()
    faults = []
    for number, part in enumerate(parts, start=1):
        fault = _part_fault(kit, part, skus.get(part.sku_id), seen)
        if fault:
            faults.append({"line": number, "message": fault})
        seen.add(part.sku_id)
    if faults:
        raise InvalidInput(_("Line %(line)d: %(message)s") % faults[0], details=faults)


def _part_fault(kit: Sku, part: PartLine, sku: Sku | None, seen: set[int]) -> str | None:
    if sku is None:
        return _("There is no such SKU.")
    if sku.pk == kit.pk or sku.is_kit:
        return _("%(sku)s is a kit. Name its parts instead.") % {"sku": sku.code}
    if sku.pk in seen:
        return _("%(sku)s stands in the kit already.") % {"sku": sku.code}
    if quantity_fault(part.quantity, sku.unit):
        if sku.unit == Unit.EACH:
            return _("%(sku)s is counted in whole pieces. Write a whole number above zero.") % {"sku": sku.code}
        return _("Write a number above zero with at most three decimals.")
    return None


def _take_levels_away(kit: Sku) -> None:
    """A posting that waits for one of them finds it gone, and so learns that the SKU has become a kit meanwhile."""
    LotLevel.objects.filter(sku=kit).delete()
    StockLevel.objects.filter(sku=kit).delete()


def _take_off_sale(kit: Sku, now: datetime) -> None:
    """Nobody forecasts or misses a kit; its parts are what runs out."""
    listings = Listing.objects.filter(sku=kit, delisted_on=None).select_related("location")
    places = {row.location_id: local_date(now, row.location.time_zone) for row in listings}
    for day in sorted(set(places.values())):  # One day, or two where the firm spans the date line.
        here = [place for place, today in places.items() if today == day]
        delist_skus(sku_ids=[kit.pk], location_ids=here, delisted_on=day, now=now)
