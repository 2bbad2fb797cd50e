"""How much of a lot is, or was, at a place."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.models import Transfer
from inventory.selectors.places import counterpart_ids

# A moment of None is now, and read from the level.
AS_OF = """
SELECT lot.sku_id, asked.lot_id, CASE
    WHEN asked.at IS NULL THEN COALESCE(
        (SELECT on_hand FROM inventory_lotlevel WHERE lot_id = asked.lot_id AND location_id = %(location)s), 0)
    ELSE COALESCE((
        SELECT sum(CASE WHEN moved.destination_id = %(location)s THEN moved.quantity ELSE -moved.quantity END)
        FROM inventory_movement moved
        WHERE moved.lot_id = asked.lot_id AND %(location)s IN (moved.source_id, moved.destination_id)
          AND moved.occurred_at <= asked.at), 0)
    END
FROM unnest(%(lots)s::bigint[], %(moments)s::timestamptz[]) AS asked (lot_id, at)
JOIN inventory_lot lot ON lot.id = asked.lot_id
"""
# What the postings of a transfer put in transit and did not take out again, first expired first. Read by SKU and from
# the day of its departure on, as postings are not found by their document.
ON_THE_WAY = """
WITH flow AS (
    SELECT posting_id, sku_id, lot_id, quantity FROM inventory_movement
    WHERE destination_id = %(way)s AND sku_id = ANY(%(skus)s) AND occurred_at >= %(since)s AND lot_id IS NOT NULL
    UNION ALL
    SELECT posting_id, sku_id, lot_id, -quantity FROM inventory_movement
    WHERE source_id = %(way)s AND sku_id = ANY(%(skus)s) AND occurred_at >= %(since)s AND lot_id IS NOT NULL
), found AS (
    SELECT flow.sku_id, flow.lot_id, sum(flow.quantity) AS quantity
    FROM flow JOIN inventory_posting posting ON posting.id = flow.posting_id
    WHERE posting.source_type = 'transfer' AND posting.source_id = %(transfer)s
    GROUP BY flow.sku_id, flow.lot_id
)
SELECT found.sku_id, found.lot_id, found.quantity
FROM found JOIN inventory_lot lot ON lot.id = found.lot_id
WHERE found.quantity > 0
ORDER BY found.sku_id, lot.expires_on NULLS LAST, lot.received_at, lot.id
"""


def lot_levels_as_of(
    *, location_id: int, moments: Mapping[int, datetime | None]
) -> dict[tuple[int, int | None], Decimal]:
    """By SKU and lot, what stood at the place at the moment of each lot; None is now."""
    if not moments:
        return {}
    given: dict[str, Any] = {"location": location_id, "lots": list(moments), "moments": list(moments.values())}
    with connection.cursor() as cursor:
        cursor.execute(AS_OF, given)
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}


def lots_on_the_way(transfer: Transfer, sku_ids: Sequence[int]) -> dict[int, list[tuple[int, Decimal]]]:
    """By SKU, the lots that a transfer put in transit and how much of them is still there, first expired first."""
    since = (transfer.shipped_at or transfer.created_at) - timedelta(days=1)
    given: dict[str, Any] = {
        "way": counterpart_ids()["in_transit"], "skus": list(sku_ids), "since": since, "transfer": transfer.pk,
    }  # fmt: skip
    found: dict[int, list[tuple[int, Decimal]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ON_THE_WAY, given)
        for sku_id, lot_id, quantity in cursor.fetchall():
            found.setdefault(sku_id, []).append((lot_id, quantity))
    return found
