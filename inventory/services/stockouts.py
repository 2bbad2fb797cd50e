"""Intervals in which a listed SKU had nothing available: kept while postings run, or told anew from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from inventory.domain.movements import Pair
from inventory.locks import lock_levels_at

# One that ended at this very instant goes on: nothing was available in between.
OPEN = """
WITH crossed AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS pair (sku_id, location_id, at)
), resumed AS (
    UPDATE inventory_stockoutevent event SET ended_at = NULL FROM crossed
    WHERE event.sku_id = crossed.sku_id AND event.location_id = crossed.location_id AND event.ended_at = crossed.at
      AND NOT EXISTS (
          SELECT FROM inventory_stockoutevent open WHERE open.sku_id = crossed.sku_id
          AND open.location_id = crossed.location_id AND open.ended_at IS NULL
      )
    RETURNING event.sku_id, event.location_id
)
INSERT INTO inventory_stockoutevent (sku_id, location_id, started_at)
SELECT sku_id, location_id, at FROM crossed
WHERE (sku_id, location_id) NOT IN (SELECT sku_id, location_id FROM resumed)
ON CONFLICT (sku_id, location_id) WHERE ended_at IS NULL DO NOTHING
"""
# An interval without length never was one: it comes from a level that crossed zero twice at the same instant.
CLOSE = """
WITH crossed AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS pair (sku_id, location_id, at)
), dropped AS (
    DELETE FROM inventory_stockoutevent event USING crossed
    WHERE event.sku_id = crossed.sku_id AND event.location_id = crossed.location_id
      AND event.ended_at IS NULL AND event.started_at >= crossed.at
)
UPDATE inventory_stockoutevent event SET ended_at = crossed.at FROM crossed
WHERE event.sku_id = crossed.sku_id AND event.location_id = crossed.location_id
  AND event.ended_at IS NULL AND event.started_at < crossed.at
"""
# What was available of each listed pair at the instants at which it changed, beginning with zero when the listing
# begins; neighbours with the same answer to "nothing there?" are one interval. A listing begins when it was made, at
# local midnight where only the day is known.
TELL = """
WITH listed AS (
    SELECT listing.sku_id, listing.location_id,
           (listing.listed_on + COALESCE(listing.listed_from, '00:00')) AT TIME ZONE place.time_zone AS opens_at,
           listing.delisted_on::timestamp AT TIME ZONE place.time_zone AS closes_at
    FROM inventory_listing listing
    JOIN inventory_location place ON place.id = listing.location_id
    WHERE {scope}
), change AS (
    SELECT listed.sku_id, listed.location_id, flow.at, sum(flow.quantity) AS quantity
    FROM listed CROSS JOIN LATERAL (
        SELECT GREATEST(moved.occurred_at, listed.opens_at) AS at, moved.quantity FROM inventory_movement moved
        WHERE moved.destination_id = listed.location_id AND moved.sku_id = listed.sku_id
        UNION ALL
        SELECT GREATEST(moved.occurred_at, listed.opens_at), -moved.quantity FROM inventory_movement moved
        WHERE moved.source_id = listed.location_id AND moved.sku_id = listed.sku_id
        UNION ALL
        SELECT GREATEST(held.at, listed.opens_at), -held.change FROM inventory_reservationevent held
        WHERE held.location_id = listed.location_id AND held.sku_id = listed.sku_id
        UNION ALL
        SELECT GREATEST(held.at, listed.opens_at), -held.change FROM inventory_lothold held
        WHERE held.location_id = listed.location_id AND held.sku_id = listed.sku_id
        UNION ALL
        SELECT listed.opens_at, 0
    ) flow
    GROUP BY listed.sku_id, listed.location_id, flow.at
), running AS (
    SELECT sku_id, location_id, at,
           sum(quantity) OVER (PARTITION BY sku_id, location_id ORDER BY at) <= 0 AS is_out
    FROM change
), turned AS (
    SELECT *, lag(is_out) OVER (PARTITION BY sku_id, location_id ORDER BY at) IS DISTINCT FROM is_out AS is_turn
    FROM running
), spell AS (
    SELECT sku_id, location_id, at, is_out,
           lead(at) OVER (PARTITION BY sku_id, location_id ORDER BY at) AS until
    FROM turned WHERE is_turn
)
INSERT INTO inventory_stockoutevent (sku_id, location_id, started_at, ended_at)
SELECT sku_id, location_id, at, LEAST(until, closes_at)
FROM spell JOIN listed USING (sku_id, location_id)
WHERE is_out AND at < COALESCE(closes_at, 'infinity') AND at <= %s
"""
# The alias is the one of TELL, so that one scope serves both.
FORGET = "DELETE FROM inventory_stockoutevent listing WHERE {scope}"
OF_LOCATIONS = "listing.location_id = ANY(%s)"
OF_TABLE = "(listing.sku_id, listing.location_id) IN (SELECT sku_id, location_id FROM {table})"
OF_PAIRS = "(listing.sku_id, listing.location_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A level that became empty (`is_out`) or ceased to be."""

    sku_id: int
    location_id: int
    at: datetime
    is_out: bool


def is_crossing(before: Decimal, after: Decimal) -> bool:
    return (before > 0) != (after > 0)


def note_crossings(crossings: Sequence[Crossing]) -> None:
    """Opens and closes events; call it under the lock of the levels. At most two statements."""
    opened = [crossing for crossing in crossings if crossing.is_out]
    closed = [crossing for crossing in crossings if not crossing.is_out]
    for statement, rows in ((OPEN, opened), (CLOSE, closed)):
        if rows:
            columns: list[Any] = [
                [row.sku_id for row in rows],
                [row.location_id for row in rows],
                [row.at for row in rows],
            ]
            with connection.cursor() as cursor:
                cursor.execute(statement, columns)


def rebuild_stockouts(*, location_ids: Sequence[int], now: datetime) -> int:
    """Derives every StockoutEvent of these locations exactly from the ledger. Returns how many there are."""
    with transaction.atomic():
        lock_levels_at(location_ids)
        return _retell(OF_LOCATIONS, [list(location_ids)], now)


def rebuild_stockouts_of_pairs(*, pairs: Sequence[Pair], now: datetime) -> int:
    """The same for single SKUs at a location; call it under the lock of their levels."""
    if not pairs:
        return 0
    return _retell(OF_PAIRS, [[sku for sku, _place in pairs], [place for _sku, place in pairs]], now)


def rebuild_stockouts_of_table(*, table: str, now: datetime) -> int:
    """The same for the pairs (sku_id, location_id) of a temporary table; under the lock of their levels."""
    return _retell(OF_TABLE.format(table=table), [], now)


def _retell(scope: str, arguments: list[list[int]], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(FORGET.format(scope=scope), arguments)
        cursor.execute(TELL.format(scope=scope), [*arguments, now])
        return int(cursor.rowcount)
