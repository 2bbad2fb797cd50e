"""The rules of a place that every level there copies."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.addresses import MOST_ADDRESS, MOST_CONTACT, MOST_LINES, is_readable, tidy_lines
from inventory.domain.movements import plain
from inventory.locks import lock_levels_at, lock_rules_of_bins, lock_rules_of_place
from inventory.models import Location, LotLevel, StockLevel
from inventory.models.location import STOCKING_KINDS

FIELD = "may_go_negative"
# So many SKUs are named in a refusal; a shop that never counted may have thousands.
NAMED = 20
COPY = """
UPDATE {table} SET may_go_negative = %s WHERE location_id = ANY(%s) AND may_go_negative <> %s
"""


@transaction.atomic
def set_may_go_negative(*, location_id: int, is_allowed: bool, user: User | None, now: datetime) -> Location:
    """Says whether a store or warehouse, with its bins, may sell what is not booked yet, so that its levels may fall
    below zero.

    Raises `InvalidInput` naming what stands below zero, or is promised beyond what is there, when that shall be
    forbidden; `Location.DoesNotExist` for places of other kinds.
    """
    place = lock_rules_of_place(location_id)
    if place.kind not in STOCKING_KINDS:
        raise Location.DoesNotExist
    if place.may_go_negative == is_allowed:
        return place
    place_ids = [location_id, *lock_rules_of_bins(location_id)]
    lock_levels_at(place_ids)
    if not is_allowed:
        _refuse_below_zero(place, place_ids)
    place.may_go_negative = is_allowed
    Location.objects.filter(pk__in=place_ids).update(may_go_negative=is_allowed)
    with connection.cursor() as cursor:
        for table in ("inventory_stocklevel", "inventory_lotlevel"):
            cursor.execute(COPY.format(table=table), [is_allowed, place_ids, is_allowed])
    data = {FIELD: is_allowed}
    record_audit(actor=user, action="change_place", object_type="location", object_id=location_id, now=now, data=data)
    return place


@transaction.atomic
def set_country(*, location_id: int, country: str, region: str, user: User | None, now: datetime) -> None:
    """Says whose public holidays a place keeps; empty: those of its time zone. A repeat changes nothing."""
    changed = Location.objects.filter(~Q(country=country) | ~Q(region=region), pk=location_id)
    if changed.update(country=country, region=region):
        data = {"country": country, "region": region}
        record_audit(
            actor=user, action="change_place", object_type="location", object_id=location_id, now=now, data=data
        )


@transaction.atomic
def set_address(*, location_id: int, address: str, contact: str, user: User | None, now: datetime) -> Location:
    """Says where deliveries for a store or warehouse go and who takes them in; empty takes it back. Orders that a
    supplier has keep what they said. A repeat changes nothing.

    Raises `InvalidInput` by field, `Location.DoesNotExist` for places of other kinds.
    """
    place = lock_rules_of_place(location_id)
    if place.kind not in STOCKING_KINDS:
        raise Location.DoesNotExist
    values = {"address": tidy_lines(address), "contact": " ".join(contact.split())}
    details = [{"field": name, "message": fault} for name, text in values.items() if (fault := _fault(name, text))]
    if details:
        raise InvalidInput(" ".join(row["message"] for row in details), details=details)
    if (place.address, place.contact) != (values["address"], values["contact"]):
        place.address, place.contact = values["address"], values["contact"]
        place.save(update_fields=["address", "contact"])
        record_audit(
            actor=user, action="change_place", object_type="location", object_id=location_id, now=now, data=values
        )
    return place


def _fault(name: str, text: str) -> str:
    most = MOST_ADDRESS if name == "address" else MOST_CONTACT
    if len(text) > most:
        return _("At most %(most)d characters, please.") % {"most": most}
    if text.count("\n") >= MOST_LINES:
        return _("At most %(most)d lines, please.") % {"most": MOST_LINES}
    if not is_readable(text):
        return _("It contains characters that cannot be printed. Type it anew.")
    return ""


def _refuse_below_zero(place: Location, place_ids: Sequence[int]) -> None:
    short = Q(on_hand__lt=0) | Q(reserved__gt=F("on_hand")) | Q(held__lt=0) | Q(held__gt=F("on_hand"))
    below = StockLevel.objects.filter(short, location__in=place_ids).values_list("sku__code", "on_hand")
    lots = LotLevel.objects.filter(location__in=place_ids, on_hand__lt=0).values_list("sku__code", "on_hand")
    found: dict[str, Decimal] = dict([*lots.order_by("sku__code")[:NAMED], *below.order_by("sku__code")[:NAMED]])
    if not found:
        return
    named = ", ".join(f"{code} ({plain(on_hand)})" for code, on_hand in sorted(found.items())[:NAMED])
    message = _("%(place)s still has stock below zero or promised beyond it: %(skus)s. Receive or count it first.") % {
        "place": place.name,
        "skus": named,
    }
    raise wrong_field(FIELD, message)
