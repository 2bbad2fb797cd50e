"""Questions to the ledger: what was where at a moment, and which movements there were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts.models import User
from inventory.models import Movement
from inventory.selectors.scope import locations_for

LAST_ID = 2**63 - 1
AS_OF = """
SELECT pair.sku_id, pair.location_id,
    COALESCE((SELECT sum(quantity) FROM inventory_movement moved
     WHERE moved.destination_id = pair.location_id AND moved.sku_id = pair.sku_id AND moved.occurred_at <= pair.at), 0)
  - COALESCE((SELECT sum(quantity) FROM inventory_movement moved
     WHERE moved.source_id = pair.location_id AND moved.sku_id = pair.sku_id AND moved.occurred_at <= pair.at), 0)
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS pair (sku_id, location_id, at)
"""


def level_as_of(*, sku_id: int, location_id: int, at: datetime) -> Decimal:
    """What the ledger says was on hand after the last movement up to that moment."""
    return levels_as_of(location_id=location_id, moments={sku_id: at})[sku_id]


def levels_as_of(*, location_id: int, moments: Mapping[int, datetime]) -> dict[int, Decimal]:
    """The same for many SKUs (sku_id -> moment) in one statement."""
    skus = list(moments)
    with connection.cursor() as cursor:
        cursor.execute(AS_OF, [skus, [location_id] * len(skus), [moments[sku] for sku in skus]])
        return {row[0]: row[2] for row in cursor.fetchall()}


# Each index is walked from its end and left at the limit.
NEWEST_AT = """
SELECT id FROM (
    (SELECT id FROM inventory_movement
     WHERE source_id = %(place)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT id FROM inventory_movement
     WHERE destination_id = %(place)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
) touched ORDER BY id DESC LIMIT %(limit)s
"""


def newest_at(location_id: int, *, before: int | None, limit: int) -> list[int]:
    """Ids of the last movements from or to a place, newest first; `before` is the id with which a page before ended."""
    given = {"place": location_id, "before": LAST_ID if before is None else before, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_AT, given)
        return [pk for (pk,) in cursor.fetchall()]


@dataclass(frozen=True)
class LedgerPage:
    """Movements, newest first; `next_before` asks for the page that follows, None at the end."""

    rows: list[Movement]
    next_before: int | None


def ledger_rows(
    user: User,
    *,
    sku_id: int | None = None,
    location_id: int | None = None,
    kind: str = "",
    reason: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = 50,
) -> LedgerPage:
    """Movements that touch a place of the user, in the order of the ledger, without ever counting them.

    `reason` is a code; `since` and `until` are business dates, both included; `before` is the id with which the page
    before ended.
    """
    rows = ledger_for(user, location_id=location_id)
    if location_id is not None and sku_id is None and not kind and not reason and since is None and until is None:
        rows = rows.filter(pk__in=newest_at(location_id, before=before, limit=limit + 1))
    given = {"sku_id": sku_id, "business_date__gte": since, "business_date__lte": until, "id__lt": before}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    rows = rows.filter(kind=kind) if kind else rows
    rows = with_reason(rows, "reason", reason) if reason else rows
    # The movements of one SKU are few and far between: found by their own index, then sorted, not met by walking back
    # through the whole ledger. The sum keeps the planner from the walk.
    rows = rows.order_by((F("id") + 0).desc()) if sku_id is not None else rows.order_by("-id")
    related = ("sku", "source", "destination", "reason", "posting__posted_by")
    found = list(rows.select_related(*related)[: limit + 1])
    return LedgerPage(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def with_reason(rows: QuerySet[Movement], name: str, code: str) -> QuerySet[Movement]:
    """Movements with the reason of this code, as the filters of lists ask for them. Sales and receipts have none: said
    here, so that the index without them is walked."""
    return rows.filter(Q(reason__code=code) & ~Q(kind__in=["sale", "receipt"]))


def ledger_for(user: User, *, location_id: int | None = None) -> QuerySet[Movement]:
    """Movements from or to one place, or any place, of the user."""
    if location_id is None and user.sees_all_locations:
        return Movement.objects.all()
    places = locations_for(user).order_by()
    if location_id is not None:
        places = places.filter(pk=location_id)
    ids = list(places.values_list("pk", flat=True))
    return Movement.objects.filter(Q(source_id__in=ids) | Q(destination_id__in=ids))
