"""Bins: the places inside a store or warehouse where goods lie."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.locks import lock_location
from inventory.models import Location, LocationKind, StockLevel

CODE_LENGTH, NAME_LENGTH = 40, 120
MOST, CODES_NAMED = 500, 10
MAY_HOLD_BINS = (LocationKind.STORE, LocationKind.WAREHOUSE, LocationKind.BIN)


@transaction.atomic
def create_bins(*, parent_id: int, codes: Sequence[str], user: User | None, now: datetime) -> list[Location]:
    """Bins with these codes inside a store, a warehouse or another bin. All or none.

    Raises `InvalidInput` for a code that is taken or too long, and for a parent that holds no bins.
    """
    parent = lock_location(parent_id)
    if parent.kind not in MAY_HOLD_BINS or not parent.is_active:
        raise _refused(_("Bins are made in a store, a warehouse or another bin."))
    _check_codes(codes)
    bins = Location.objects.bulk_create(
        [
            Location(
                code=code,
                name=code,
                kind=LocationKind.BIN,
                parent=parent,
                time_zone=parent.time_zone,
                may_go_negative=parent.may_go_negative,
            )
            for code in codes
        ]
    )
    data = {"parent": parent.code, "codes": list(codes)}
    record_audit(actor=user, action="create_bins", object_type="location", object_id=parent_id, now=now, data=data)
    return bins


@transaction.atomic
def change_bin(*, bin_id: int, name: str, is_active: bool, user: User | None, now: datetime) -> Location:
    """Renames a bin, or closes it. Raises `InvalidInput` for one that still holds stock or open bins."""
    place = lock_location(bin_id)
    if place.kind != LocationKind.BIN:
        raise Location.DoesNotExist
    if not name or len(name) > NAME_LENGTH:
        raise _refused(_("Give the bin a name of at most %(most)d letters.") % {"most": NAME_LENGTH})
    if not is_active:
        _refuse_full(place)
    place.name, place.is_active = name, is_active
    place.save(update_fields=["name", "is_active"])
    data = {"name": name, "is_active": is_active}
    record_audit(actor=user, action="change_bin", object_type="location", object_id=bin_id, now=now, data=data)
    return place


def _check_codes(codes: Sequence[str]) -> None:
    if not codes:
        raise _refused(_("Write the code of a bin, for example A-01, or A-01..A-12 for twelve of them."))
    if len(codes) > MOST:
        raise _refused(_("At most %(most)d bins at a time.") % {"most": MOST})
    long = next((code for code in codes if len(code) > CODE_LENGTH), None)
    if long is not None:
        raise _refused(_("The code %(code)s is longer than %(most)d letters.") % {"code": long, "most": CODE_LENGTH})
    taken = list(Location.objects.filter(code__in=codes).order_by("code").values_list("code", flat=True))
    if taken:
        named = ", ".join(taken[:CODES_NAMED]) + (", ..." if len(taken) > CODES_NAMED else "")
        said = _("There are places with these codes already: %(codes)s. Leave them out, or choose others.")
        raise _refused(said % {"codes": named})


def _refuse_full(place: Location) -> None:
    if StockLevel.objects.filter(location=place).exclude(on_hand=0).exists():
        raise _refused(_("%(bin)s still holds stock. Move it first.") % {"bin": place.name})
    if Location.objects.filter(parent=place, is_active=True).exists():
        raise _refused(_("There are open bins in %(bin)s. Close them first.") % {"bin": place.name})


def _refused(message: str) -> InvalidInput:
    return wrong_field("codes", message)
