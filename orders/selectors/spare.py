"""What our other places have too much of."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.models import Location, LocationKind
from inventory.models.location import STOCKING_KINDS
from orders.domain.rebalance import spare_units
from orders.domain.sourcing import Spare

# Free on the shelf, the level of the last plan, and what drafts of transfers and proposals of others will take away.
_SPARE = """
SELECT stand.sku_id, place.id, place.name, stand.on_hand - stand.reserved - stand.held, level.order_up_to_level,
       COALESCE((SELECT sum(line.quantity) FROM inventory_transfer t JOIN inventory_transferline line
                   ON line.transfer_id = t.id
                 WHERE t.source_id = place.id AND t.state = 'draft' AND line.sku_id = stand.sku_id), 0)
     + COALESCE((SELECT sum(p.quantity) FROM orders_replenishmentproposal p
                 WHERE p.source_id = place.id AND p.sku_id = stand.sku_id AND p.state = 'open'
                   AND p.location_id <> %(location)s), 0)
  FROM inventory_stocklevel stand
  JOIN inventory_location place ON place.id = stand.location_id
  JOIN orders_reorderlevel level ON level.location_id = stand.location_id AND level.sku_id = stand.sku_id
 WHERE stand.sku_id = ANY(%(skus)s) AND place.is_active AND place.kind = ANY(%(kinds)s)
   AND place.id <> ALL(%(own)s) AND level.order_up_to_level IS NOT NULL
   AND stand.on_hand - stand.reserved - stand.held > level.order_up_to_level
"""


def load_spare(location: Location, sku_ids: Collection[int]) -> dict[int, list[Spare]]:
    """By SKU, the places other than this store and the one that supplies it. A warehouse takes nothing back from
    stores. One statement."""
    if location.kind != LocationKind.STORE or not sku_ids:
        return {}
    own = [location.pk, location.supplied_by_id or location.pk]
    values: dict[str, Any] = {"location": location.pk, "skus": list(sku_ids), "kinds": list(STOCKING_KINDS), "own": own}
    found: dict[int, list[Spare]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPARE, values)
        for sku_id, place_id, name, free, up_to, promised in cursor.fetchall():
            units = spare_units(free, up_to, Decimal(promised))
            if units > 0:
                found.setdefault(sku_id, []).append(Spare(place_id, name, units))
    return found
