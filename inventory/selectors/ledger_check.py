"""Does everything that is kept beside the ledger still say what the ledger says?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

SHOWN = 20

LEVELS = """
WITH real AS MATERIALIZED (
    SELECT id, code, may_go_negative FROM inventory_location
    WHERE kind NOT IN ('supplier', 'customer', 'loss', 'production')
), summed AS (
    SELECT moved.sku_id, flow.location_id, sum(flow.quantity) AS quantity
    FROM inventory_movement moved
    CROSS JOIN LATERAL (VALUES (moved.destination_id, moved.quantity), (moved.source_id, -moved.quantity))
        AS flow (location_id, quantity)
    WHERE flow.location_id IN (SELECT id FROM real)
    GROUP BY moved.sku_id, flow.location_id
), compared AS (
    SELECT sku_id, location_id, level.on_hand, summed.quantity
    FROM summed FULL JOIN inventory_stocklevel level USING (sku_id, location_id)
    WHERE COALESCE(level.on_hand, 0) <> COALESCE(summed.quantity, 0)
)
SELECT sku.code, place.code, compared.on_hand, compared.quantity, count(*) OVER ()
FROM compared
JOIN inventory_sku sku ON sku.id = compared.sku_id
JOIN inventory_location place ON place.id = compared.location_id
ORDER BY sku.code, place.code LIMIT %(shown)s
"""
# `reserved` is the sum of what is left of open reservations, and of what their history says.
RESERVED = """
WITH open AS (
    SELECT sku_id, location_id, sum(quantity - issued) AS quantity FROM inventory_reservation
    WHERE state = 'pending' GROUP BY sku_id, location_id
), told AS (
    SELECT sku_id, location_id, sum(change) AS quantity FROM inventory_reservationevent GROUP BY sku_id, location_id
), compared AS (
    SELECT sku_id, location_id, COALESCE(level.reserved, 0) AS kept, COALESCE(open.quantity, 0) AS standing,
           COALESCE(told.quantity, 0) AS told
    FROM (SELECT sku_id, location_id, reserved FROM inventory_stocklevel WHERE reserved <> 0) level
    FULL JOIN open USING (sku_id, location_id) FULL JOIN told USING (sku_id, location_id)
)
SELECT sku.code, place.code, compared.kept, CASE WHEN kept <> standing THEN standing ELSE told END, count(*) OVER ()
FROM compared
JOIN inventory_sku sku ON sku.id = compared.sku_id
JOIN inventory_location place ON place.id = compared.location_id
WHERE kept <> standing OR kept <> told
ORDER BY sku.code, place.code LIMIT %(shown)s
"""
POLICIES = """
SELECT sku.code, place.code, level.may_go_negative, place.may_go_negative, count(*) OVER ()
FROM inventory_stocklevel level
JOIN inventory_sku sku ON sku.id = level.sku_id
JOIN inventory_location place ON place.id = level.location_id
WHERE level.may_go_negative <> place.may_go_negative
ORDER BY sku.code, place.code LIMIT %(shown)s
"""
# Lots of tracked SKUs: each agrees with its movements, and together they are the level.
LOT_LEVELS = """
WITH real AS MATERIALIZED (
    SELECT id FROM inventory_location WHERE kind NOT IN ('supplier', 'customer', 'loss', 'production')
), summed AS (
    SELECT moved.lot_id, flow.location_id, sum(flow.quantity) AS quantity
    FROM inventory_movement moved
    CROSS JOIN LATERAL (VALUES (moved.destination_id, moved.quantity), (moved.source_id, -moved.quantity))
        AS flow (location_id, quantity)
    WHERE moved.lot_id IS NOT NULL AND flow.location_id IN (SELECT id FROM real)
    GROUP BY moved.lot_id, flow.location_id
), compared AS (
    SELECT lot_id, location_id, level.on_hand, summed.quantity
    FROM summed FULL JOIN inventory_lotlevel level USING (lot_id, location_id)
    WHERE COALESCE(level.on_hand, 0) <> COALESCE(summed.quantity, 0)
)
SELECT sku.code || ' / ' || lot.code, place.code, compared.on_hand, compared.quantity, count(*) OVER ()
FROM compared
JOIN inventory_lot lot ON lot.id = compared.lot_id
JOIN inventory_sku sku ON sku.id = lot.sku_id
JOIN inventory_location place ON place.id = compared.location_id
ORDER BY sku.code, lot.code, place.code LIMIT %(shown)s
"""
LOTS_AND_LEVELS = """
WITH lots AS (
    SELECT sku_id, location_id, sum(on_hand) AS quantity FROM inventory_lotlevel GROUP BY sku_id, location_id
), tracked AS (
    SELECT sku_id, location_id, on_hand FROM inventory_stocklevel WHERE is_lot_tracked
)
SELECT sku.code, place.code, COALESCE(lots.quantity, 0), COALESCE(tracked.on_hand, 0), count(*) OVER ()
FROM tracked FULL JOIN lots USING (sku_id, location_id)
JOIN inventory_sku sku ON sku.id = sku_id
JOIN inventory_location place ON place.id = location_id
WHERE COALESCE(lots.quantity, 0) <> COALESCE(tracked.on_hand, 0)
ORDER BY sku.code, place.code LIMIT %(shown)s
"""
# `held` is the sum of the lots that may not be sold, and of what its history says.
HELD = """
WITH lots AS (
    SELECT sku_id, location_id, sum(on_hand) AS quantity FROM inventory_lotlevel
    WHERE held_since IS NOT NULL GROUP BY sku_id, location_id
), told AS (
    SELECT sku_id, location_id, sum(change) AS quantity FROM inventory_lothold GROUP BY sku_id, location_id
), compared AS (
    SELECT sku_id, location_id, COALESCE(level.held, 0) AS kept, COALESCE(lots.quantity, 0) AS standing,
           COALESCE(told.quantity, 0) AS told
    FROM (SELECT sku_id, location_id, held FROM inventory_stocklevel WHERE is_lot_tracked OR held <> 0) level
    FULL JOIN lots USING (sku_id, location_id) FULL JOIN told USING (sku_id, location_id)
)
SELECT sku.code, place.code, compared.kept, CASE WHEN kept <> standing THEN standing ELSE told END, count(*) OVER ()
FROM compared
JOIN inventory_sku sku ON sku.id = compared.sku_id
JOIN inventory_location place ON place.id = compared.location_id
WHERE kept <> standing OR kept <> told
ORDER BY sku.code, place.code LIMIT %(shown)s
"""
# A listing that began or ended within a day is told by the next closing, so it may lag behind for so long.
STOCKOUTS = """
WITH listed AS (
    SELECT listing.sku_id, listing.location_id FROM inventory_listing listing
    JOIN inventory_location place ON place.id = listing.location_id
    WHERE listing.listed_on <= (%(now)s AT TIME ZONE place.time_zone)::date - 1
      AND COALESCE(listing.delisted_on, 'infinity') > (%(now)s AT TIME ZONE place.time_zone)::date
), expected AS (
    SELECT listed.sku_id, listed.location_id FROM listed
    LEFT JOIN inventory_stocklevel level USING (sku_id, location_id)
    WHERE COALESCE(level.on_hand - level.reserved - level.held, 0) <= 0
), open AS (
    SELECT event.sku_id, event.location_id, COALESCE(level.on_hand - level.reserved - level.held, 0) AS available
    FROM inventory_stockoutevent event
    LEFT JOIN inventory_stocklevel level USING (sku_id, location_id)
    WHERE event.ended_at IS NULL
), wrong AS (
    SELECT sku_id, location_id, CASE WHEN open.sku_id IS NULL THEN 'none' ELSE 'open' END AS kept,
           CASE WHEN expected.sku_id IS NULL THEN 'none' ELSE 'open' END AS wanted
    FROM expected FULL JOIN open USING (sku_id, location_id)
    WHERE open.sku_id IS NULL OR expected.sku_id IS NULL AND open.available > 0
)
SELECT sku.code, place.code, wrong.kept, wrong.wanted, count(*) OVER ()
FROM wrong
JOIN inventory_sku sku ON sku.id = wrong.sku_id
JOIN inventory_location place ON place.id = wrong.location_id
ORDER BY sku.code, place.code LIMIT %(shown)s
"""
GUARDS = """
SELECT name, '', COALESCE(tgenabled::text, 'missing'), 'O', count(*) OVER ()
FROM unnest(%(guards)s::text[]) AS wanted (name)
LEFT JOIN pg_trigger ON tgname = wanted.name AND NOT tgisinternal
WHERE tgenabled IS DISTINCT FROM 'O'
ORDER BY name LIMIT %(shown)s
"""
GUARD_NAMES = [
    f"inventory_{table}_{guard}"
    for table in ("movement", "posting", "lothold", "reservation", "reservationevent")
    for guard in ("no_change", "no_truncate")
]
CHECKS = (
    (_("Levels and the sums of the ledger"), LEVELS),
    (_("Reserved stock and open reservations"), RESERVED),
    (_("Lots and the sums of the ledger"), LOT_LEVELS),
    (_("Lots and the levels they add up to"), LOTS_AND_LEVELS),
    (_("Stock that may not be sold, and its lots"), HELD),
    (_("Negative policy of levels and of their locations"), POLICIES),
    (_("Open stockouts and empty levels"), STOCKOUTS),
    (_("Triggers that guard the ledger"), GUARDS),
)


@dataclass(frozen=True)
class Difference:
    """`kept` is what stands beside the ledger, `expected` what follows from it."""

    subject: str
    location: str
    kept: Any
    expected: Any


@dataclass(frozen=True)
class CheckResult:
    """`differences` holds the first `SHOWN` of `count`."""

    title: str
    count: int
    differences: tuple[Difference, ...]


def check_ledger(*, now: datetime) -> list[CheckResult]:
    """Every check with what it found, all on one snapshot, so that postings meanwhile make no false alarm."""
    arguments = {"now": now, "shown": SHOWN, "guards": GUARD_NAMES}
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # Sums over millions of movements are hashed in memory instead of on disk.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        return [_result(str(title), _rows(cursor, statement, arguments)) for title, statement in CHECKS]


def _rows(cursor: Any, statement: str, arguments: dict[str, Any]) -> list[tuple[Any, ...]]:
    cursor.execute(statement, arguments)
    return list(cursor.fetchall())


def _result(title: str, rows: Sequence[tuple[Any, ...]]) -> CheckResult:
    count = int(rows[0][4]) if rows else 0
    return CheckResult(title, count, tuple(Difference(*row[:4]) for row in rows))
