"""Lots of a history that is being loaded, in sets; run under the lock of its levels, before these are written."""

from datetime import datetime

from inventory.services.bulk_steps import refuse_shortages, run

# `since` is the moment from which a lot may not be sold at the place, if it has come.
GATHER = """
CREATE TEMPORARY TABLE staged_lot ON COMMIT DROP AS
SELECT flow.lot_id, flow.sku_id, flow.location_id, sum(flow.milli) / 1000.0 AS net
FROM (
    SELECT lot_id, sku_id, source_id AS location_id, -milli AS milli FROM staged_movement WHERE lot_id >= 0
    UNION ALL
    SELECT lot_id, sku_id, destination_id, milli FROM staged_movement WHERE lot_id >= 0
) flow
JOIN inventory_location place ON place.id = flow.location_id
WHERE place.kind NOT IN ('supplier', 'customer', 'loss', 'production')
GROUP BY flow.lot_id, flow.sku_id, flow.location_id;
ANALYZE staged_lot
"""
LOCK = """
SELECT count(*) FROM (
    SELECT lot.id FROM inventory_lot lot WHERE lot.id IN (SELECT lot_id FROM staged_lot) ORDER BY lot.id FOR SHARE
) locked
"""
INSERT_MISSING = """
INSERT INTO inventory_lotlevel (lot_id, sku_id, location_id, on_hand, may_go_negative)
SELECT staged.lot_id, staged.sku_id, staged.location_id, 0, place.may_go_negative
FROM staged_lot staged JOIN inventory_location place ON place.id = staged.location_id
ON CONFLICT (lot_id, location_id) DO NOTHING
"""
FIND_SHORTAGES = """
SELECT sku.code || ' / ' || lot.code, place.code, -staged.net, GREATEST(level.on_hand, 0)
FROM staged_lot staged
JOIN inventory_lotlevel level USING (lot_id, location_id)
JOIN inventory_lot lot ON lot.id = staged.lot_id
JOIN inventory_sku sku ON sku.id = staged.sku_id
JOIN inventory_location place ON place.id = staged.location_id
WHERE NOT level.may_go_negative AND level.on_hand + staged.net < 0
ORDER BY sku.code, lot.code, place.code LIMIT %s
"""
# What came or went before it was held counts at that moment, what came or went later at its own.
HOLD = """
CREATE TEMPORARY TABLE staged_hold ON COMMIT DROP AS
WITH held AS (
    SELECT level.*, COALESCE(level.held_since, LEAST(lot.quarantined_at, CASE WHEN ends.at <= %(now)s THEN ends.at END))
           AS since
    FROM staged_lot staged
    JOIN inventory_lotlevel level USING (lot_id, location_id)
    JOIN inventory_lot lot ON lot.id = staged.lot_id
    JOIN inventory_location place ON place.id = staged.location_id
    CROSS JOIN LATERAL (SELECT (lot.expires_on + 1)::timestamp AT TIME ZONE place.time_zone AS at) ends
), change AS (
    SELECT held.lot_id, held.sku_id, held.location_id, held.since, held.since AS at, held.on_hand AS quantity
    FROM held WHERE held.held_since IS NULL
    UNION ALL
    SELECT held.lot_id, held.sku_id, held.location_id, held.since, GREATEST(flow.at, held.since), flow.milli / 1000.0
    FROM held CROSS JOIN LATERAL (
        SELECT 'epoch'::timestamptz + moved.at_us * interval '1 microsecond' AS at,
               CASE WHEN moved.destination_id = held.location_id THEN moved.milli ELSE -moved.milli END AS milli
        FROM staged_movement moved
        WHERE moved.lot_id = held.lot_id AND held.location_id IN (moved.source_id, moved.destination_id)
    ) flow
)
SELECT lot_id, sku_id, location_id, since, at, sum(quantity) AS quantity
FROM change WHERE since IS NOT NULL GROUP BY lot_id, sku_id, location_id, since, at
"""
TELL = """
INSERT INTO inventory_lothold (lot_id, sku_id, location_id, change, at)
SELECT lot_id, sku_id, location_id, quantity, at FROM staged_hold WHERE quantity <> 0 ORDER BY at, lot_id
"""
UPDATE_LOTS = """
UPDATE inventory_lotlevel level
SET on_hand = level.on_hand + staged.net, held_since = COALESCE(hold.since, level.held_since)
FROM staged_lot staged
LEFT JOIN (SELECT DISTINCT lot_id, location_id, since FROM staged_hold) hold USING (lot_id, location_id)
WHERE level.lot_id = staged.lot_id AND level.location_id = staged.location_id
"""
# The levels themselves are written at once with what they hold, as neither may be ahead of the other.
NOTE_HELD = """
UPDATE staged_pair pair SET held = hold.quantity
FROM (SELECT sku_id, location_id, sum(quantity) AS quantity FROM staged_hold GROUP BY sku_id, location_id) hold
WHERE pair.sku_id = hold.sku_id AND pair.location_id = hold.location_id
"""


def write_lots(now: datetime) -> None:
    """Lot levels and what of them is held; notes in `staged_pair` what the levels must hold more. Raises `OutOfStock`
    naming each lot that would go below zero."""
    run("DROP TABLE IF EXISTS pg_temp.staged_lot, pg_temp.staged_hold")
    run(GATHER)
    run(LOCK)
    run(INSERT_MISSING)
    refuse_shortages(FIND_SHORTAGES)
    run(HOLD, {"now": now})
    for statement in (TELL, UPDATE_LOTS, NOTE_HELD):
        run(statement)
