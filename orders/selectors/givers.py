"""Places that can help another one out at once, and what they are expected to lose by it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

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
SELECT stand.sku_id, place.id, place.name, stand.free,
       stand.free - CASE WHEN place.id = %(supplied_by)s THEN 0 ELSE level.reorder_point END,
       level.daily_mean, level.computed_on, level.lead_quantiles, level.lead_time_days, sku.price - sku.cost
  FROM stand
  JOIN inventory_location place ON place.id = stand.location_id
  JOIN inventory_sku sku ON sku.id = stand.sku_id
  JOIN orders_reorderlevel level ON level.location_id = stand.location_id AND level.sku_id = stand.sku_id
 WHERE place.is_active AND place.kind = ANY(%(kinds)s) AND cardinality(level.daily_mean) > 0
   AND cardinality(level.lead_quantiles) > 0
   AND stand.free > CASE WHEN place.id = %(supplied_by)s THEN 0 ELSE level.reorder_point END
 ORDER BY stand.sku_id, 5 DESC, place.id
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


def load_givers(location: Location, sku_ids: Collection[int]) -> dict[int, list[Giver]]:
    """By SKU, the places with something to give, the one with the most first. One statement."""
    if not sku_ids:
        return {}
    values: dict[str, Any] = {
        "location": location.pk, "skus": list(sku_ids), "kinds": list(STOCKING_KINDS),
        "supplied_by": location.supplied_by_id,
    }  # fmt: skip
    found: dict[int, list[Giver]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GIVERS, values)
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Giver(*row))
    return found
