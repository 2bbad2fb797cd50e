"""Set-based writes of counting: results of lines, and when a SKU was last counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from inventory.array_literals import array

NEW_LINES = """
INSERT INTO inventory_stockcountline (stock_count_id, sku_id, state, round, is_planned, hold)
SELECT %s, sku_id, %s, 1, %s, '' FROM unnest(%s::bigint[]) AS sku_id ORDER BY sku_id
ON CONFLICT (stock_count_id, sku_id) DO NOTHING
"""
WRITE_RESULTS = """
UPDATE inventory_stockcountline line
SET state = result.state, counted = result.counted, expected = result.expected,
    variance = result.counted - result.expected, unit_cost = result.unit_cost, hold = result.hold,
    counted_at = result.counted_at, counted_by_id = result.counted_by_id, posting_id = result.posting_id,
    decided_by_id = %s, decided_at = %s
FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[], %s::numeric[], %s::text[], %s::timestamptz[],
            %s::bigint[], %s::bigint[])
  AS result (id, state, counted, expected, unit_cost, hold, counted_at, counted_by_id, posting_id)
WHERE line.id = result.id
"""
NOTE_COUNTED = """
INSERT INTO inventory_countcycle (location_id, sku_id, count_class, demand_value, last_counted_at)
SELECT %s, counted.sku_id, 'C', 0, counted.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS counted (sku_id, at) ORDER BY counted.sku_id
ON CONFLICT (location_id, sku_id) DO UPDATE
SET last_counted_at = GREATEST(inventory_countcycle.last_counted_at, EXCLUDED.last_counted_at)
"""


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line; `posting_id` is filled in once its difference is posted."""

    line_id: int
    sku_id: int
    state: str
    counted: Decimal
    expected: Decimal
    unit_cost: Decimal
    hold: str
    counted_at: datetime
    counted_by_id: int
    posting_id: int | None = None

    @property
    def variance(self) -> Decimal:
        return self.counted - self.expected


def insert_lines(count_id: int, sku_ids: Iterable[int], *, state: str, is_planned: bool) -> int:
    """Lines for SKUs that the count does not have yet. Returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_LINES, [count_id, state, is_planned, array(sku_ids)])
        return int(cursor.rowcount)


def write_results(
    results: Sequence[LineResult], *, decided_by_id: int | None = None, decided_at: datetime | None = None
) -> None:
    columns = (
        array(row.line_id for row in results),
        array(row.state for row in results),
        array(row.counted for row in results),
        array(row.expected for row in results),
        array(row.unit_cost for row in results),
        [row.hold for row in results],
        array(row.counted_at for row in results),
        array(row.counted_by_id for row in results),
        array(row.posting_id for row in results),
    )
    with connection.cursor() as cursor:
        cursor.execute(WRITE_RESULTS, (decided_by_id, decided_at, *columns))


def note_counted(location_id: int, moments: Mapping[int, datetime]) -> None:
    """Remembers when somebody stood before the shelf (sku_id -> moment). Call it under the lock of the levels."""
    if not moments:
        return
    columns = array(moments), array(moments.values())
    with connection.cursor() as cursor:
        cursor.execute(NOTE_COUNTED, (location_id, *columns))
