"""The statements of `movements`, in the order in which they run."""

# The moment of a row: as written with an offset, else by the clock on the wall of its place. A day without a time
# counts as its noon, or as now when that has not come yet. Tills write what a customer brought back as a sale, or a
# return, below zero: it is a return above zero from here on. A return below zero that names the supplier went back
# there; one with the id of an export of ours that names nobody did too, and is not guessed to be the customer's.
RESOLVE = """
DROP TABLE IF EXISTS pg_temp.staged_line;
CREATE TEMPORARY TABLE staged_line ON COMMIT DROP AS
SELECT file.line, CASE WHEN refund.is_one THEN 'return' ELSE file.kind END AS kind, file.sku, file.location,
       file.counterpart, CASE WHEN refund.is_one THEN -file.quantity ELSE file.quantity END AS quantity,
       file.unit_price, file.reason, file.reference, file.lot, file.expires_on, file.id AS movement_id,
       refund.is_one AS is_refund, sku.id AS sku_id, sku.is_lot_tracked, sku.unit,
       place.id AS location_id, place.time_zone, other.id AS other_id,
       reason.id AS reason_id,
       CASE WHEN length(file.date) > 10 AND file.date ~ '[+-][0-9]{2}:[0-9]{2}$' THEN file.date::timestamptz
            WHEN length(file.date) > 10 THEN file.date::timestamp AT TIME ZONE place.time_zone
            WHEN file.date::date = (%(now)s::timestamptz AT TIME ZONE place.time_zone)::date
            THEN LEAST((file.date::date + time '12:00') AT TIME ZONE place.time_zone, %(now)s)
            ELSE (file.date::date + time '12:00') AT TIME ZONE place.time_zone END AS at
FROM pg_temp.staged_file file
CROSS JOIN LATERAL (SELECT file.quantity < 0 AND (
    file.kind = 'sale' OR file.kind = 'return' AND file.counterpart = '' AND file.id IS NULL
) AS is_one) refund
LEFT JOIN inventory_sku sku ON sku.code = file.sku
LEFT JOIN inventory_location place ON place.code = file.location
    AND (place.id = ANY(%(own)s) OR %(sees_all)s AND place.kind = 'in_transit')
LEFT JOIN inventory_location other ON other.code = file.counterpart AND file.counterpart <> ''
    AND (other.id = ANY(%(own)s) OR other.kind = 'in_transit' OR other.kind = 'supplier' AND file.kind = 'return')
LEFT JOIN inventory_reason reason ON reason.code = lower(file.reason) AND file.reason <> '';
ANALYZE staged_line
"""
NOT_IMPORTABLE = "SELECT line, kind, '' FROM staged_line WHERE kind = 'reversal'"
NOT_ABOVE_ZERO = """
SELECT line, trim_scale(quantity)::text, '' FROM staged_line
WHERE quantity = 0
    OR quantity < 0 AND kind IN ('opening', 'receipt', 'return', 'consumption', 'output')
        AND (kind <> 'return' OR other_id IS NULL)
"""
TOO_LARGE = "SELECT line, trim_scale(quantity)::text, '' FROM staged_line WHERE abs(quantity) >= 100000000000"
NO_COUNTERPART = "SELECT line, '', '' FROM staged_line WHERE kind = 'transfer' AND counterpart = ''"
UNKNOWN_COUNTERPART = """
SELECT line, counterpart, '' FROM staged_line WHERE kind = 'transfer' AND counterpart <> '' AND other_id IS NULL
"""
NEEDLESS_COUNTERPART = """
SELECT line, counterpart, '' FROM staged_line
WHERE kind <> 'transfer' AND counterpart <> '' AND NOT (kind = 'return' AND quantity < 0 AND other_id IS NOT NULL)
"""
SAME_PLACE = "SELECT line, counterpart, '' FROM staged_line WHERE kind = 'transfer' AND other_id = location_id"
UNKNOWN_REASON = """
SELECT line, reason, (SELECT string_agg(code, ', ' ORDER BY code) FROM inventory_reason)
FROM staged_line WHERE reason <> '' AND reason_id IS NULL
"""
IN_FUTURE = "SELECT line, to_char(at AT TIME ZONE time_zone, 'YYYY-MM-DD HH24:MI'), '' FROM staged_line WHERE at > %s"
# `quantity` is positive from here on; its sign has become a direction. A reference names one act for ever; what has
# none is gathered by place, day and kind, and belongs to this file. A refund often carries the number of the sale, in
# the file of a later day: it is an act of its own, known by that number and its day.
ACTS = """
DROP TABLE IF EXISTS pg_temp.staged_act;
CREATE TEMPORARY TABLE staged_act ON COMMIT DROP AS
SELECT line, kind, sku_id,
       CASE WHEN is_inward THEN other_id ELSE location_id END AS source_id,
       CASE WHEN is_inward THEN location_id ELSE other_id END AS destination_id,
       abs(quantity) AS quantity, unit_price, reason_id, lot_id, at,
       CASE WHEN reference <> '' THEN 'import/' || location_id || '/' || reference
                || CASE WHEN is_refund THEN '/return/' || (at AT TIME ZONE time_zone)::date ELSE '' END
            ELSE 'import/' || %(file)s || '/' || location_id || '/' || (at AT TIME ZONE time_zone)::date || '/' || kind
       END AS key, reference <> '' AS has_reference, movement_id
FROM (
    SELECT row.line, row.kind, row.sku_id, row.location_id, row.quantity, row.unit_price, row.reason_id, row.lot_id,
           row.at, row.reference, row.time_zone, row.movement_id, row.is_refund,
           (row.quantity > 0) <> (row.kind IN ('sale', 'transfer', 'consumption')) AS is_inward,
           CASE WHEN row.kind = 'sale' OR row.kind = 'return' AND row.other_id IS NULL THEN %(customer)s::int8
                WHEN row.kind IN ('opening', 'receipt') THEN %(supplier)s::int8
                WHEN row.kind IN ('adjustment', 'count') THEN %(loss)s::int8
                WHEN row.kind IN ('consumption', 'output') THEN %(production)s::int8
                ELSE row.other_id END AS other_id
    FROM staged_line row
) directed;
ANALYZE staged_act
"""
# Rows of an export that came back to where it was made.
FORGET_OWN = """
DELETE FROM staged_act act USING inventory_movement moved
WHERE moved.id = act.movement_id AND moved.kind = act.kind AND moved.sku_id = act.sku_id
    AND moved.source_id = act.source_id AND moved.destination_id = act.destination_id
    AND moved.quantity = act.quantity AND moved.occurred_at = act.at
"""
# What a reference said when it came first, and what it says now, as one text each.
KNOWN = """
DROP TABLE IF EXISTS pg_temp.staged_known;
CREATE TEMPORARY TABLE staged_known ON COMMIT DROP AS
SELECT said.key, said.line, said.content = stored.content AS is_same
FROM (
    SELECT key, min(line) AS line, md5(string_agg(content, E'\\n' ORDER BY content)) AS content FROM (
        SELECT act.key, act.line, concat_ws(',', act.kind, act.sku_id, act.source_id, act.destination_id,
               act.quantity::numeric(14, 3), COALESCE(act.unit_price::numeric(14, 4)::text, '-'),
               extract(epoch FROM act.at)) AS content
        FROM staged_act act JOIN inventory_posting posting USING (key) WHERE act.has_reference
    ) rows GROUP BY key
) said
JOIN LATERAL (
    SELECT md5(string_agg(content, E'\\n' ORDER BY content)) AS content FROM (
        SELECT concat_ws(',', moved.kind, moved.sku_id, moved.source_id, moved.destination_id, moved.quantity,
               COALESCE(moved.unit_price::text, '-'), extract(epoch FROM moved.occurred_at)) AS content
        FROM inventory_posting posting JOIN inventory_movement moved ON moved.posting_id = posting.id
        WHERE posting.key = said.key
    ) rows
) stored ON true
"""
REFERENCE_DIFFERS = """
SELECT line, row.reference, '' FROM staged_known known JOIN staged_line row USING (line) WHERE NOT known.is_same
"""
# What is in transit belongs to the transfers that are on their way, but for what files brought there. No file takes
# more than that: the transfer could not be received any more.
IN_TRANSIT_OF_TRANSFERS = """
SELECT flow.line, trim_scale(flow.taken)::text, trim_scale(GREATEST(COALESCE(level.on_hand, 0) - way.units, 0))::text
FROM (
    SELECT act.sku_id, place.id AS place_id, max(act.line) FILTER (WHERE act.source_id = place.id) AS line,
           sum(CASE WHEN act.source_id = place.id THEN act.quantity ELSE -act.quantity END) AS taken
    FROM staged_act act
    JOIN inventory_location place ON place.kind = 'in_transit' AND place.id IN (act.source_id, act.destination_id)
    GROUP BY act.sku_id, place.id
) flow
JOIN LATERAL (
    SELECT sum(carried.quantity - carried.received - carried.missing) AS units
    FROM inventory_transfer transfer JOIN inventory_transferline carried ON carried.transfer_id = transfer.id
    WHERE transfer.state = 'shipped' AND carried.sku_id = flow.sku_id
) way ON way.units > 0
LEFT JOIN inventory_stocklevel level ON level.sku_id = flow.sku_id AND level.location_id = flow.place_id
WHERE flow.taken > GREATEST(COALESCE(level.on_hand, 0) - way.units, 0)
"""
# The same lot by lot: a transfer waits for the lots that it sent, whatever else of the SKU a file brought there.
LOT_IN_TRANSIT_OF_TRANSFERS = """
SELECT flow.line, trim_scale(flow.taken)::text, trim_scale(GREATEST(COALESCE(level.on_hand, 0) - way.units, 0))::text
FROM (
    SELECT act.lot_id, place.id AS place_id, max(act.line) FILTER (WHERE act.source_id = place.id) AS line,
           sum(CASE WHEN act.source_id = place.id THEN act.quantity ELSE -act.quantity END) AS taken
    FROM staged_act act
    JOIN inventory_location place ON place.kind = 'in_transit' AND place.id IN (act.source_id, act.destination_id)
    WHERE act.lot_id IS NOT NULL
    GROUP BY act.lot_id, place.id
) flow
JOIN LATERAL (
    SELECT sum(CASE WHEN moved.destination_id = flow.place_id THEN moved.quantity ELSE -moved.quantity END) AS units
    FROM inventory_movement moved
    JOIN inventory_posting posting ON posting.id = moved.posting_id AND posting.source_type = 'transfer'
    JOIN inventory_transfer transfer ON transfer.id = posting.source_id AND transfer.state = 'shipped'
    WHERE moved.lot_id = flow.lot_id AND flow.place_id IN (moved.source_id, moved.destination_id)
) way ON way.units > 0
LEFT JOIN inventory_lotlevel level ON level.lot_id = flow.lot_id AND level.location_id = flow.place_id
WHERE flow.taken > GREATEST(COALESCE(level.on_hand, 0) - way.units, 0)
"""
FORGET_KNOWN = "DELETE FROM staged_act act USING staged_known known WHERE act.key = known.key"
LISTINGS = """
DROP TABLE IF EXISTS pg_temp.staged_listing;
CREATE TEMPORARY TABLE staged_listing ON COMMIT DROP AS
SELECT flow.sku_id, flow.location_id, min(flow.at) AT TIME ZONE place.time_zone AS begins_at
FROM (
    SELECT sku_id, source_id AS location_id, at FROM staged_act
    UNION ALL
    SELECT sku_id, destination_id, at FROM staged_act
) flow
JOIN inventory_location place ON place.id = flow.location_id
WHERE place.kind IN ('store', 'warehouse')
GROUP BY flow.sku_id, flow.location_id, place.time_zone;
ANALYZE staged_listing
"""
# Days that were closed before these movements came to be known.
STALE_DAYS = """
SELECT closed.location_id, closed.closed_through, min(listing.begins_at::date)
FROM staged_listing listing JOIN inventory_closedday closed USING (location_id)
WHERE closed.closed_through >= listing.begins_at::date
GROUP BY closed.location_id, closed.closed_through ORDER BY closed.location_id
"""
