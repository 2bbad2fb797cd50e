"""The statements of `bulk_posting`, in the order in which they run."""

MOVEMENTS = "pg_temp.staged_movement"
PAIRS = "pg_temp.staged_pair"

CREATE_STAGE = """
DROP TABLE IF EXISTS pg_temp.staged_movement, pg_temp.staged_pair, pg_temp.staged_posting, pg_temp.staged_key;
CREATE TEMPORARY TABLE staged_movement (
    line int4, posting int4, kind int2, sku_id int8, source_id int8, destination_id int8,
    milli int8, price int8, at_us int8, document_id int8, lot_id int8 NOT NULL DEFAULT -1,
    reason_id int8
) ON COMMIT DROP
"""
# Postings, numbered in the order in which their keys first appear.
STAGE_KEYS = """
CREATE TEMPORARY TABLE staged_key ON COMMIT DROP AS
SELECT key, number::int4 AS number FROM unnest(%s::text[]) WITH ORDINALITY AS named (key, number);
ANALYZE staged_key
"""
ANALYZE_STAGE = "ANALYZE staged_movement"
FIND_FAULTS = """
SELECT line, fault FROM (
    SELECT line, CASE
        WHEN sku.id IS NULL THEN 'sku'
        WHEN source.id IS NULL OR destination.id IS NULL THEN 'location'
        WHEN sku.is_kit THEN 'kit'
        WHEN source.id = destination.id THEN 'same'
        WHEN source.kind IN ('supplier', 'customer', 'loss', 'production')
            AND destination.kind IN ('supplier', 'customer', 'loss', 'production') THEN 'virtual'
        WHEN NOT destination.is_active AND destination.kind IN ('store', 'warehouse', 'bin') THEN 'closed'
        WHEN staged.kind < 0 THEN 'kind'
        WHEN milli <= 0 OR milli >= 100000000000000 THEN 'quantity'
        WHEN sku.unit = 'each' AND milli %% 1000 <> 0 THEN 'whole'
        WHEN sku.is_lot_tracked AND staged.lot_id < 0 THEN 'no_lot'
        WHEN NOT sku.is_lot_tracked AND staged.lot_id >= 0 THEN 'lot_untracked'
        WHEN staged.lot_id >= 0 AND lot.id IS NULL THEN 'lot'
        WHEN at_us > EXTRACT(epoch FROM %s::timestamptz) * 1000000 THEN 'future'
    END AS fault
    FROM staged_movement staged
    LEFT JOIN inventory_sku sku ON sku.id = staged.sku_id
    LEFT JOIN inventory_lot lot ON lot.id = staged.lot_id AND lot.sku_id = staged.sku_id
    LEFT JOIN inventory_location source ON source.id = staged.source_id
    LEFT JOIN inventory_location destination ON destination.id = staged.destination_id
) checked
WHERE fault IS NOT NULL ORDER BY line LIMIT %s
"""
# Whether a SKU is tracked by lot, asked once more when what is written holds its card: then nobody can switch any more.
FIND_SWITCHED = """
SELECT line, CASE WHEN sku.is_lot_tracked THEN 'no_lot' ELSE 'lot_untracked' END
FROM staged_movement staged JOIN inventory_sku sku ON sku.id = staged.sku_id
WHERE sku.is_lot_tracked <> (staged.lot_id >= 0) ORDER BY line LIMIT %s
"""
# Whether a SKU is a kit, asked once more under the locks: it becomes one under those of its card and levels, and takes
# the empty levels away.
FIND_KITS = """
SELECT (SELECT min(moved.line) FROM staged_movement moved WHERE moved.sku_id = sku.id), 'kit'
FROM inventory_sku sku
WHERE sku.is_kit AND sku.id IN (SELECT pair.sku_id FROM staged_pair pair) ORDER BY 1 LIMIT %s
"""
GATHER_PAIRS = """
CREATE TEMPORARY TABLE staged_pair ON COMMIT DROP AS
SELECT flow.sku_id, flow.location_id, sum(flow.milli) / 1000.0 AS net, max(flow.at_us) AS at_us,
       0::numeric AS held
FROM (
    SELECT sku_id, source_id AS location_id, -milli AS milli, at_us FROM staged_movement
    UNION ALL
    SELECT sku_id, destination_id, milli, at_us FROM staged_movement
) flow
JOIN inventory_location place ON place.id = flow.location_id
WHERE place.kind NOT IN ('supplier', 'customer', 'loss', 'production')
GROUP BY flow.sku_id, flow.location_id;
ANALYZE staged_pair
"""
SHORTAGES = """
SELECT sku.code, place.code, -pair.net, GREATEST(COALESCE(level.on_hand - {reserved}, 0), 0)
FROM staged_pair pair
JOIN inventory_sku sku ON sku.id = pair.sku_id
JOIN inventory_location place ON place.id = pair.location_id
LEFT JOIN inventory_stocklevel level ON level.sku_id = pair.sku_id AND level.location_id = pair.location_id
WHERE pair.net < 0 AND NOT COALESCE(level.may_go_negative, place.may_go_negative)
    AND COALESCE(level.on_hand - {reserved}, 0) + pair.net < 0
ORDER BY sku.code, place.code LIMIT %s
"""
FIND_SHORTAGES = SHORTAGES.format(reserved="level.reserved")
# Before the lock, what is reserved may have expired: only what is not even on hand is refused early.
FIND_EARLY_SHORTAGES = SHORTAGES.format(reserved="0")
# Levels that would no longer fit their column, each with the last row that touches it.
FIND_TOO_MUCH = """
SELECT (SELECT max(line) FROM staged_movement moved
        WHERE moved.sku_id = pair.sku_id AND pair.location_id IN (moved.source_id, moved.destination_id)), 'too_much'
FROM staged_pair pair
JOIN inventory_stocklevel level ON level.sku_id = pair.sku_id AND level.location_id = pair.location_id
WHERE abs(level.on_hand + pair.net) >= 100000000000 ORDER BY 1 LIMIT %s
"""
FIND_TAKEN_KEY = "SELECT key FROM inventory_posting JOIN pg_temp.staged_key USING (key) LIMIT 1"
# A posting takes its kind and its document from its first row.
NUMBER_POSTINGS = """
CREATE TEMPORARY TABLE staged_posting ON COMMIT DROP AS
SELECT named.number, named.key, (%s::text[])[head.kind + 1] AS kind, NULLIF(head.document_id, -1) AS document_id,
       nextval((SELECT pg_get_serial_sequence('inventory_posting', 'id'))::regclass) AS posting_id
FROM pg_temp.staged_key named
JOIN (SELECT posting, min(line) AS line FROM staged_movement GROUP BY posting) first ON first.posting = named.number
JOIN staged_movement head ON head.line = first.line
ORDER BY named.number;
ANALYZE staged_posting
"""
INSERT_POSTINGS = """
INSERT INTO inventory_posting (id, key, kind, source_type, source_id, note, posted_by_id, posted_at)
SELECT posting_id, key, kind, CASE WHEN document_id IS NULL THEN '' ELSE %s END, document_id, '', %s, %s
FROM staged_posting ORDER BY number
"""
INSERT_MOVEMENTS = """
INSERT INTO inventory_movement (
    posting_id, line, kind, sku_id, source_id, destination_id, quantity, unit_price, lot_id, reason_id, occurred_at,
    business_date
)
SELECT posting_id, line_in_posting, kind, sku_id, source_id, destination_id, quantity, unit_price, lot_id, reason_id,
       occurred_at, (occurred_at AT TIME ZONE zone)::date
FROM (
    SELECT named.posting_id, staged.line,
           row_number() OVER (PARTITION BY staged.posting ORDER BY staged.line) AS line_in_posting,
           (%s::text[])[staged.kind + 1] AS kind, staged.sku_id, staged.source_id, staged.destination_id,
           staged.milli / 1000.0 AS quantity, NULLIF(staged.price, -1) / 10000.0 AS unit_price,
           NULLIF(staged.lot_id, -1) AS lot_id, staged.reason_id,
           'epoch'::timestamptz + staged.at_us * interval '1 microsecond' AS occurred_at,
           CASE WHEN source.kind IN ('store', 'warehouse', 'bin')
                THEN source.time_zone ELSE destination.time_zone END AS zone
    FROM staged_movement staged
    JOIN staged_posting named ON named.number = staged.posting
    JOIN inventory_location source ON source.id = staged.source_id
    JOIN inventory_location destination ON destination.id = staged.destination_id
) moved
ORDER BY occurred_at, line
"""
DEFERRED_KEYS = """
SELECT conname FROM pg_constraint
WHERE conrelid IN ('inventory_movement'::regclass, 'inventory_posting'::regclass) AND contype = 'f' AND condeferred
ORDER BY conname
"""
UPDATE_LEVELS = """
UPDATE inventory_stocklevel level
SET on_hand = level.on_hand + pair.net, held = level.held + pair.held,
    updated_at = GREATEST(level.updated_at, 'epoch'::timestamptz + pair.at_us * interval '1 microsecond')
FROM staged_pair pair
WHERE level.sku_id = pair.sku_id AND level.location_id = pair.location_id
"""
TOUCHED_PAIRS = "SELECT sku_id, location_id FROM staged_pair"
