"""What the entries of a count add up to, line by line, and what the ledger says was there at those moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from inventory.array_literals import array

# Entries that were taken back, came late, or belong to an earlier round do not add up.
COUNTING_ENTRY = """
    entry.line_id = line.id AND entry.round = line.round AND NOT entry.is_late AND entry.quantity IS NOT NULL
    AND NOT EXISTS (SELECT FROM inventory_countentry back WHERE back.voids_id = entry.id AND NOT back.is_late)
"""
FINDINGS = """
SELECT line.id, line.sku_id, line.round, line.is_planned, sku.code, sku.cost, sum(entry.quantity),
       min(entry.counted_at), max(entry.counted_at),
       (array_agg(entry.counted_by_id ORDER BY entry.counted_at DESC, entry.id DESC))[1],
       bool_or(entry.is_clock_doubtful), count(DISTINCT entry.place),
       (SELECT count(*) FROM inventory_shelfposition shelf
        WHERE shelf.location_id = stock_count.location_id AND shelf.sku_id = line.sku_id)
FROM inventory_stockcountline line
JOIN inventory_stockcount stock_count ON stock_count.id = line.stock_count_id
JOIN inventory_sku sku ON sku.id = line.sku_id
JOIN inventory_countentry entry ON {entry}
WHERE line.stock_count_id = %s AND line.state = %s AND (%s::bigint[] IS NULL OR line.id = ANY(%s::bigint[]))
GROUP BY line.id, stock_count.location_id, sku.code, sku.cost
ORDER BY line.id
""".replace("{entry}", COUNTING_ENTRY)
# The level as it stands under our lock, less what came and went since: a few rows of today instead of the whole past.
REWOUND = """
SELECT pair.sku_id, pair.at, COALESCE(level.on_hand, 0)
  - COALESCE((SELECT sum(quantity) FROM inventory_movement moved
     WHERE moved.destination_id = place.id AND moved.sku_id = pair.sku_id AND moved.occurred_at > pair.at), 0)
  + COALESCE((SELECT sum(quantity) FROM inventory_movement moved
     WHERE moved.source_id = place.id AND moved.sku_id = pair.sku_id AND moved.occurred_at > pair.at), 0)
FROM unnest(%s::bigint[], %s::timestamptz[]) AS pair (sku_id, at)
CROSS JOIN (SELECT %s::bigint AS id) AS place
LEFT JOIN inventory_stocklevel level ON level.sku_id = pair.sku_id AND level.location_id = place.id
"""
LAST_COUNTED = """
SELECT sku_id, last_counted_at FROM inventory_countcycle
WHERE location_id = %s AND sku_id = ANY(%s::bigint[]) AND last_counted_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """The entries of one line: together so many, made between two moments, the last by `counted_by_id`.

    `place_count` is at how many places somebody counted, `known_places` at how many the SKU is known to lie.
    """

    line_id: int
    sku_id: int
    round: int
    is_planned: bool
    sku_code: str
    unit_cost: Decimal
    counted: Decimal
    first_at: datetime
    last_at: datetime
    counted_by_id: int
    is_clock_doubtful: bool
    place_count: int
    known_places: int


def read_findings(count_id: int, *, state: str, line_ids: Sequence[int] | None = None) -> list[Finding]:
    """Lines in this state that somebody counted in their present round; all of them, or those named."""
    chosen = None if line_ids is None else array(line_ids)
    with connection.cursor() as cursor:
        cursor.execute(FINDINGS, [count_id, state, chosen, chosen])
        return [Finding(*row) for row in cursor.fetchall()]


def levels_at(location_id: int, moments: Sequence[tuple[int, datetime]]) -> dict[tuple[int, datetime], Decimal]:
    """on_hand after the last movement up to each (sku_id, moment). Call it under the lock of the levels."""
    wanted = sorted(set(moments))
    skus, times = array(sku for sku, _at in wanted), array(at for _sku, at in wanted)
    with connection.cursor() as cursor:
        cursor.execute(REWOUND, [skus, times, location_id])
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}


def last_counted(location_id: int, sku_ids: Sequence[int]) -> dict[int, datetime]:
    """When each SKU was last counted there, by the moment at the shelf; one that never was is missing."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_COUNTED, [location_id, array(sku_ids)])
        return dict(cursor.fetchall())
