"""What our other places have too much of."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.array_literals import numbers
from inventory.models import Location, LocationKind
from inventory.models.location import STOCKING_KINDS
from orders.domain.rebalance import spare_units
from orders.domain.sourcing import Spare

# What drafts of transfers and proposals of others will take away, reckoned once for all places: asking for each of
# them again took most of a night's look around.
PROMISED = """
WITH promised AS (
    SELECT place_id, sku_id, sum(units) AS units
      FROM (
        SELECT t.source_id AS place_id, line.sku_id, line.quantity AS units
          FROM inventory_transfer t JOIN inventory_transferline line ON line.transfer_id = t.id
         WHERE t.state = 'draft' AND line.sku_id = ANY(%(skus)s)
        UNION ALL
        SELECT source_id, sku_id, quantity FROM orders_replenishmentproposal
         WHERE state = 'open' AND source_id IS NOT NULL AND location_id <> %(location)s AND sku_id = ANY(%(skus)s)
      ) AS leaving
     GROUP BY place_id, sku_id
)
"""
# Free on the shelf, the level of the last plan, and what is promised; only of the place with the most to spare, since
# no other gives.
_SPARE = f"""
{PROMISED}
SELECT DISTINCT ON (stand.sku_id)
       stand.sku_id, place.id, place.name, stand.on_hand - stand.reserved - stand.held, level.order_up_to_level,
       COALESCE(promised.units, 0)
  FROM inventory_stocklevel stand
  JOIN inventory_location place ON place.id = stand.location_id
  JOIN orders_reorderlevel level ON level.location_id = stand.location_id AND level.sku_id = stand.sku_id
  LEFT JOIN promised ON promised.place_id = stand.location_id AND promised.sku_id = stand.sku_id
 WHERE stand.sku_id = ANY(%(skus)s) AND place.is_active AND place.kind = ANY(%(kinds)s)
   AND place.id <> ALL(%(own)s) AND level.order_up_to_level IS NOT NULL
   AND stand.on_hand - stand.reserved - stand.held > level.order_up_to_level
 ORDER BY stand.sku_id,
       stand.on_hand - stand.reserved - stand.held - level.order_up_to_level - COALESCE(promised.units, 0) DESC,
       place.id
"""  # noqa: S608 (only names of our own stand in it)
_PROMISED_BY = f"{PROMISED} SELECT sku_id, place_id, units FROM promised"  # noqa: S608 (only names of our own)


def load_spare(location: Location, sku_ids: Collection[int]) -> dict[int, list[Spare]]:
    """By SKU, the place with the most, other than this store and the one that supplies it. A warehouse takes nothing
    back from stores. One statement."""
    if location.kind != LocationKind.STORE or not sku_ids:
        return {}
    own = [location.pk, location.supplied_by_id or location.pk]
    values: dict[str, Any] = {
        "location": location.pk, "skus": numbers(sku_ids), "kinds": list(STOCKING_KINDS), "own": own,
    }  # fmt: skip
    found: dict[int, list[Spare]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPARE, values)
        for sku_id, place_id, name, free, up_to, promised in cursor.fetchall():
            units = spare_units(free, up_to, Decimal(promised))
            if units > 0:
                found.setdefault(sku_id, []).append(Spare(place_id, name, units, Decimal(promised)))
    return found


def look_again(location: Location, seen: Mapping[int, Sequence[Spare]]) -> dict[int, Sequence[Spare]]:
    """The same after others had time to promise. Only SKUs of which the place promises another number of units by now
    are looked for in all places anew: to read the shelves of every place once more for all was a third of what plans
    asked of the database. Two statements at most."""
    if not seen:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PROMISED_BY, {"location": location.pk, "skus": numbers(seen)})
        promised = {(sku_id, place_id): units for sku_id, place_id, units in cursor.fetchall()}
    moved = [
        sku_id
        for sku_id, spares in seen.items()
        if any(promised.get((sku_id, spare.location_id), 0) != spare.promised for spare in spares)
    ]
    return {**seen, **dict.fromkeys(moved, ()), **load_spare(location, moved)}
