"""Which SKU is on sale where: the series that are watched, forecast and replenished."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import product

from django.db import connection, transaction

from inventory.domain.days import local_date
from inventory.locks import lock_levels
from inventory.models import Location
from inventory.services.stockouts import rebuild_stockouts_of_pairs

LIST = """
INSERT INTO inventory_listing AS old (sku_id, location_id, listed_on, listed_from)
SELECT pair.sku_id, pair.location_id, %(day)s, CASE WHEN wall.at::date = %(day)s THEN wall.at::time END
FROM unnest(%(skus)s::bigint[], %(places)s::bigint[]) AS pair (sku_id, location_id)
JOIN inventory_location place ON place.id = pair.location_id
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz AT TIME ZONE place.time_zone) AS wall (at)
ORDER BY pair.sku_id, pair.location_id
ON CONFLICT (sku_id, location_id) DO UPDATE SET
    delisted_on = NULL,
    listed_on = LEAST(old.listed_on, EXCLUDED.listed_on),
    listed_from = CASE WHEN EXCLUDED.listed_on < old.listed_on THEN EXCLUDED.listed_from ELSE old.listed_from END
"""
DELIST = """
UPDATE inventory_listing SET delisted_on = GREATEST(listed_on, %(day)s)
WHERE (sku_id, location_id) IN (SELECT * FROM unnest(%(skus)s::bigint[], %(places)s::bigint[]))
"""


def list_skus(*, sku_ids: Sequence[int], location_ids: Sequence[int], listed_on: date, now: datetime) -> None:
    """Puts every one of the SKUs on sale at every one of the locations from that day on; from now on where it is today
    there.

    One that is not there is out of stock from then on.
    """
    _write(LIST, listed_on, sku_ids, location_ids, now)


def delist_skus(*, sku_ids: Sequence[int], location_ids: Sequence[int], delisted_on: date, now: datetime) -> None:
    """Ends their sale there: `delisted_on` is the first day on which nobody misses them."""
    _write(DELIST, delisted_on, sku_ids, location_ids, now)


def places_by_day(location_ids: Collection[int], now: datetime) -> dict[date, list[int]]:
    """The places by their own today; all places of a firm together have two or three of them."""
    days: dict[date, list[int]] = {}
    for place in Location.objects.filter(pk__in=location_ids).order_by("pk"):
        days.setdefault(local_date(now, place.time_zone), []).append(place.pk)
    return days


def _write(statement: str, day: date, sku_ids: Sequence[int], location_ids: Sequence[int], now: datetime) -> None:
    pairs = sorted(product(set(sku_ids), set(location_ids)))
    skus, places = [sku for sku, _place in pairs], [place for _sku, place in pairs]
    with transaction.atomic():
        lock_levels(pairs, missing=pairs)
        with connection.cursor() as cursor:
            cursor.execute(statement, {"day": day, "skus": skus, "places": places, "now": now})
        rebuild_stockouts_of_pairs(pairs=pairs, now=now)
