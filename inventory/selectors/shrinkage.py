"""What counting found missing or too much, at cost, and how often the ledger was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from inventory.array_literals import array
from inventory.domain.counting import share_right

BY_SKU, BY_CATEGORY, BY_LOCATION, BY_MONTH = "sku", "category", "location", "month"
# Key, code and name of each kind of row.
GROUPS = {
    BY_SKU: ("sku.id", "sku.code", "sku.name"),
    BY_CATEGORY: ("category.id", "COALESCE(category.code, '')", "COALESCE(category.name, '')"),
    BY_LOCATION: ("place.id", "place.code", "place.name"),
    BY_MONTH: ("NULL::bigint", "to_char(moved.business_date, 'YYYY-MM')", "to_char(moved.business_date, 'YYYY-MM')"),
}
# Differences that counts posted, less those that were reversed. The cost is the one of the day of the count where the
# posting kept it, else the one on the card.
SHRINKAGE = """
WITH moved AS (
    SELECT movement.sku_id, movement.business_date, movement.unit_price,
           CASE WHEN source.kind = 'loss' THEN movement.destination_id ELSE movement.source_id END AS location_id,
           CASE WHEN source.kind = 'loss' THEN movement.quantity ELSE -movement.quantity END AS quantity
    FROM inventory_movement movement
    JOIN inventory_location source ON source.id = movement.source_id
    WHERE movement.kind IN ('count', 'reversal') AND movement.business_date BETWEEN %(since)s AND %(until)s
      AND (movement.kind = 'count' OR EXISTS (
          SELECT FROM inventory_movement first WHERE first.id = movement.reverses_id AND first.kind = 'count'
      ))
)
SELECT {key}, {code}, {name}, count(*),
       sum(moved.quantity * COALESCE(moved.unit_price, sku.cost)) AS net,
       -sum(LEAST(moved.quantity, 0) * COALESCE(moved.unit_price, sku.cost)) AS lost,
       sum(GREATEST(moved.quantity, 0) * COALESCE(moved.unit_price, sku.cost)) AS found,
       sum(moved.quantity) AS units
FROM moved
JOIN inventory_sku sku ON sku.id = moved.sku_id
JOIN inventory_location place ON place.id = moved.location_id
LEFT JOIN inventory_category category ON category.id = sku.category_id
WHERE moved.location_id = ANY(%(locations)s::bigint[])
GROUP BY 1, 2, 3
ORDER BY {order}
LIMIT %(limit)s
"""
ACCURACY = """
SELECT place.id, place.name, count(*), count(*) FILTER (WHERE line.variance = 0)
FROM inventory_stockcountline line
JOIN inventory_stockcount stock_count ON stock_count.id = line.stock_count_id
JOIN inventory_location place ON place.id = stock_count.location_id
WHERE stock_count.location_id = ANY(%s::bigint[]) AND stock_count.state <> 'cancelled' AND line.variance IS NOT NULL
  AND (line.counted_at AT TIME ZONE place.time_zone)::date BETWEEN %s AND %s
GROUP BY place.id, place.name ORDER BY place.name, place.id
"""


@dataclass(frozen=True, slots=True)
class ShrinkageRow:
    """Differences of one SKU, category, location or month: `net` is found less lost, at cost; `units` likewise."""

    key: int | None
    code: str
    name: str
    postings: int
    net: Decimal
    lost: Decimal
    found: Decimal
    units: Decimal


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """How many of the counted lines of a location were as the ledger said."""

    location_id: int
    name: str
    counted: int
    right: int

    @property
    def share(self) -> Decimal | None:
        return share_right(self.right, self.counted)


def shrinkage(
    *, location_ids: Sequence[int], since: date, until: date, by: str = BY_SKU, limit: int = 100
) -> list[ShrinkageRow]:
    """Rows by business date, both days included; the largest loss first, months in their order. Raises `KeyError`."""
    key, code, name = GROUPS[by]
    statement = SHRINKAGE.format(key=key, code=code, name=name, order="2" if by == BY_MONTH else "net, 2")
    given: dict[str, str | date | int] = {
        "locations": array(location_ids),
        "since": since,
        "until": until,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [ShrinkageRow(*row) for row in cursor.fetchall()]


def shrinkage_total(rows: Sequence[ShrinkageRow]) -> ShrinkageRow:
    """The sum of rows; it is the whole when the rows were not cut."""
    sums = {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in ("net", "lost", "found", "units")}
    return ShrinkageRow(key=None, code="", name="", postings=sum(row.postings for row in rows), **sums)


def record_accuracy(*, location_ids: Sequence[int], since: date, until: date) -> list[AccuracyRow]:
    """By location, over the lines that were counted on these days."""
    with connection.cursor() as cursor:
        cursor.execute(ACCURACY, [array(location_ids), since, until])
        return [AccuracyRow(*row) for row in cursor.fetchall()]
