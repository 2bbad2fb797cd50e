"""What the database says after a step, read in two statements, and the invariants that it must satisfy."""

from dataclasses import dataclass
from decimal import Decimal

import psycopg
from django.db import connection

from tests.reliability.model import PLACES

ZERO = Decimal(0)
LEVELS = """
WITH flow AS (
    SELECT moved.sku_id, side.location_id, sum(side.quantity) AS quantity, count(*) AS lines
    FROM inventory_movement moved
    CROSS JOIN LATERAL (VALUES (destination_id, quantity), (source_id, -quantity)) AS side (location_id, quantity)
    GROUP BY moved.sku_id, side.location_id
), held AS (
    SELECT sku_id, location_id, sum(quantity - issued) AS quantity FROM inventory_reservation
    WHERE state = 'pending' GROUP BY sku_id, location_id
), told AS (
    SELECT sku_id, location_id, sum(change) AS quantity FROM inventory_reservationevent GROUP BY sku_id, location_id
), lots AS (
    SELECT sku_id, location_id, sum(on_hand) AS quantity, min(on_hand) AS least
    FROM inventory_lotlevel GROUP BY sku_id, location_id
), out AS (
    SELECT sku_id, location_id, count(*) AS quantity FROM inventory_stockoutevent
    WHERE ended_at IS NULL GROUP BY sku_id, location_id
)
SELECT sku.code, place.code, place.kind, level.on_hand, level.reserved, level.held, flow.quantity, held.quantity,
       told.quantity, lots.quantity, lots.least, out.quantity, sku.is_lot_tracked,
       EXISTS (SELECT FROM inventory_listing listing WHERE (listing.sku_id, listing.location_id) = (sku.id, place.id))
FROM flow JOIN inventory_sku sku ON sku.id = flow.sku_id JOIN inventory_location place ON place.id = flow.location_id
LEFT JOIN inventory_stocklevel level USING (sku_id, location_id)
LEFT JOIN held USING (sku_id, location_id) LEFT JOIN told USING (sku_id, location_id)
LEFT JOIN lots USING (sku_id, location_id) LEFT JOIN out USING (sku_id, location_id)
"""
COUNTS = """
SELECT (SELECT count(*) FROM inventory_movement),
       (SELECT COALESCE(sum(quantity), 0) FROM inventory_lostsale),
       (SELECT count(*) FROM inventory_movement moved JOIN inventory_movement first ON first.id = moved.reverses_id
        WHERE (moved.sku_id, moved.quantity, moved.source_id, moved.destination_id, COALESCE(moved.lot_id, 0))
           <> (first.sku_id, first.quantity, first.destination_id, first.source_id, COALESCE(first.lot_id, 0))),
       (SELECT count(*) FROM inventory_posting posting WHERE (
            SELECT array_agg(line ORDER BY line) FROM inventory_movement WHERE posting_id = posting.id
        ) IS DISTINCT FROM (
            SELECT array_agg(number::int) FROM generate_series(1, (
                SELECT count(*) FROM inventory_movement WHERE posting_id = posting.id)) AS number)),
       (SELECT count(*) FROM inventory_stockoutevent one JOIN inventory_stockoutevent two ON one.id < two.id
           AND (one.sku_id, one.location_id) = (two.sku_id, two.location_id)
           AND tstzrange(one.started_at, one.ended_at) && tstzrange(two.started_at, two.ended_at)),
       (SELECT count(*) FROM inventory_stockoutevent WHERE ended_at <= started_at),
       (SELECT count(*) FROM inventory_movement moved JOIN inventory_location place
            ON place.id = CASE WHEN moved.source_id IN (SELECT id FROM inventory_location WHERE kind IN
                ('store', 'warehouse', 'bin')) THEN moved.source_id ELSE moved.destination_id END
        WHERE moved.business_date <> (moved.occurred_at AT TIME ZONE place.time_zone)::date)
"""
NAMES = {"SHOP": "shop", "OTHER": "other", "IN-TRANSIT": "in_transit"}


@dataclass
class Facts:
    """`rows` by (SKU, place), in the order of the columns of `LEVELS` after the kind of the place."""

    rows: dict
    outside: dict
    counts: tuple

    @property
    def movements(self):
        return self.counts[0]

    def faults(self, model, now):
        """Pairs (name of the invariant, what is wrong)."""
        yield from self._of_levels(model)
        yield from self._of_the_whole(model)

    def _of_levels(self, model):
        for (code, place), row in self.rows.items():
            on_hand, reserved, held, flow, pending, told, lots, least, stockouts, is_tracked, is_listed = row
            expected = model.on_hand[code, place], model.reserved(code, place)
            holds = {
                "level is that of the model": on_hand == expected[0],
                "level is the sum of its movements": on_hand == flow,
                "no level is below zero": on_hand >= 0,
                "reserved is within on hand": 0 <= reserved <= on_hand,
                "reserved is the sum of open reservations": reserved == (pending or ZERO),
                "reserved is the sum of its history": reserved == (told or ZERO),
                "lots add up to their level": not is_tracked or (lots == on_hand and least >= 0),
                "nothing is held without lots": held == 0,
                "a stockout is open exactly while nothing is available": not is_listed
                or bool(stockouts) == (on_hand - reserved - held <= 0),
                # An expiry that nobody has noticed yet is still in `reserved`; the model has freed it already.
                "reserved is at least that of the model": reserved >= expected[1],
            }
            yield from (((name, (code, place, row, expected))) for name, is_well in holds.items() if not is_well)

    def _of_the_whole(self, model):
        movements, lost, unlike, misnumbered, overlaps, empty, strange_days = self.counts
        missing = [pair for pair, quantity in model.on_hand.items() if quantity and pair not in self.rows]
        within = {code: sum(self.rows[code, p][0] for p in PLACES if (code, p) in self.rows) for code, _p in self.rows}
        holds = {
            "no movement is missing or too much": movements == model.movements,
            "every level of the model is there": not missing,
            "what entered less what left is what is there": all(model.entered[code] == q for code, q in within.items()),
            "the books balance": all(self.outside[code] == -quantity for code, quantity in within.items()),
            "what was asked in vain is kept": lost == model.lost,
            "a reversal is the opposite": not unlike,
            "lines are numbered from one": not misnumbered,
            "stockouts do not overlap": not overlaps,
            "stockouts have a length": not empty,
            "each movement is on the local day of its place": not strange_days,
        }
        yield from ((name, (self.counts, missing, within)) for name, is_well in holds.items() if not is_well)


def read_facts():
    # Planned once and not after every step: planning these takes ten times as long as reading them.
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(LEVELS, prepare=True).fetchall()
        counts = cursor.execute(COUNTS, prepare=True).fetchone()
    real = {(row[0], NAMES[row[1]]): row[3:] for row in rows if row[1] in NAMES}
    outside = {row[0]: ZERO for row in rows}
    for row in rows:
        if row[1] not in NAMES:
            outside[row[0]] += row[6]
    return Facts(real, outside, counts)
