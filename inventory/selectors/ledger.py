"""Questions to the ledger: what was where at a moment, and which movements there were."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import connection

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
