"""Places that can help another one out at once, and what they are expected to lose by it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.array_literals import numbers
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from orders.selectors.spare import PROMISED

# A place gives down to its reorder point: from there it orders anew, and its safety stock is untouched. The place that
# supplies the store is there for it, so it gives all that is promised to nobody. What drafts of transfers and proposals
# of others will take away is promised.
_GIVERS = f"""
{PROMISED}, stand AS (
    SELECT here.sku_id, here.location_id,
           here.on_hand - here.reserved - here.held - COALESCE(promised.units, 0) AS free
      FROM inventory_stocklevel here
      LEFT JOIN promised ON promised.place_id = here.location_id AND promised.sku_id = here.sku_id
     WHERE here.sku_id = ANY(%(skus)s) AND here.location_id <> %(location)s AND here.on_hand > 0
)
, giving AS (
    SELECT stand.sku_id, stand.location_id, place.name, stand.free, stand.free - kept.units AS spare,
           row_number() OVER (PARTITION BY stand.sku_id ORDER BY stand.free - kept.units DESC, place.id) AS rank
      FROM stand
      JOIN inventory_location place ON place.id = stand.location_id
      JOIN orders_reorderlevel level ON level.location_id = stand.location_id AND level.sku_id = stand.sku_id
     CROSS JOIN LATERAL (
         SELECT CASE WHEN place.id = %(supplied_by)s THEN 0 ELSE level.reorder_point END AS units
     ) AS kept
     WHERE place.is_active AND place.kind = ANY(%(kinds)s) AND cardinality(level.daily_mean) > 0
       AND cardinality(level.lead_quantiles) > 0 AND stand.free > kept.units
)
SELECT giving.sku_id, giving.location_id, giving.name, giving.free, giving.spare,
       level.daily_mean, level.computed_on, level.lead_quantiles, level.lead_time_days, sku.price - sku.cost
  FROM giving
  JOIN inventory_sku sku ON sku.id = giving.sku_id
  JOIN orders_reorderlevel level ON level.location_id = giving.location_id AND level.sku_id = giving.sku_id
 WHERE %(most)s::int IS NULL OR giving.rank <= %(most)s
 ORDER BY giving.sku_id, giving.rank
"""  # noqa: S608 (only names of our own stand in it)


@dataclass(frozen=True, slots=True)
class Giver:
    """`free` units that it has promised to nobody, of which it gives at most `spare`. daily_mean is the expected demand
    of the days after `computed_on`, lead_curve the quantiles of the demand until an order of today would come there."""

    sku_id: int
    location_id: int
    name: str
    free: Decimal
    spare: Decimal
    daily_mean: list[float]
    computed_on: date
    lead_curve: list[float]
    lead_days: float | None
    margin: Decimal


def load_givers(location: Location, sku_ids: Collection[int], most: int | None = None) -> dict[int, list[Giver]]:
    """By SKU, the places with something to give, the one with the most first; at most so many of each: their curves
    are most of what is read. One statement."""
    if not sku_ids:
        return {}
    values: dict[str, Any] = {
        "location": location.pk, "skus": numbers(sku_ids), "kinds": list(STOCKING_KINDS),
        "supplied_by": location.supplied_by_id, "most": most,
    }  # fmt: skip
    found: dict[int, list[Giver]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GIVERS, values)
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Giver(*row))
    return found
