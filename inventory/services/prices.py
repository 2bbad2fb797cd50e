"""What customers paid for a unit of each SKU on each day, at all places together, written into blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from inventory.domain.blocks import BLOCK_DAYS, block_start, days_between
from inventory.locks import lock_closed_days
from inventory.models import ClosedDay, Listing

# A sale that was reversed was never paid. One whose goods came back was: the price moved somebody to buy.
# Blocks without a sale in the range are written too, since the sale that stood there may have been reversed. Days of a
# block that lie outside the range stay as they are: another time zone may have closed more of them already.
BEFORE, THROUGH = "GREATEST(%(first)s - old.starts_on, 0)", "LEAST(%(last)s - old.starts_on + 1, %(length)s)"
WRITE = f"""
WITH day AS (
    SELECT * FROM unnest(%(days)s::date[], %(blocks)s::date[]) AS day (on_day, block)
), paid AS (
    SELECT sku_id, business_date AS on_day, (sum(quantity * unit_price) / sum(quantity))::real AS price
    FROM inventory_movement sale
    WHERE business_date BETWEEN %(first)s AND %(last)s AND kind = 'sale' AND unit_price > 0
      AND NOT EXISTS (SELECT FROM inventory_movement undo WHERE undo.reverses_id = sale.id)
    GROUP BY sku_id, business_date
), touched AS (
    SELECT sku_id, block FROM paid JOIN day USING (on_day)
    UNION SELECT sku_id, starts_on FROM inventory_priceblock WHERE starts_on = ANY(%(blocks)s)
)
INSERT INTO inventory_priceblock AS old (sku_id, starts_on, price)
SELECT sku_id, block,
       array_fill(0::real, ARRAY[min(on_day) - block]) || array_agg(COALESCE(price, 0) ORDER BY on_day)
           || array_fill(0::real, ARRAY[%(length)s - 1 - (max(on_day) - block)])
FROM touched JOIN day USING (block) LEFT JOIN paid USING (sku_id, on_day)
GROUP BY sku_id, block ORDER BY block, sku_id
ON CONFLICT (starts_on, sku_id) DO UPDATE SET
    price = old.price[:{BEFORE}] || EXCLUDED.price[{BEFORE} + 1:{THROUGH}] || old.price[{THROUGH} + 1:]
    WHERE old.price[{BEFORE} + 1:{THROUGH}] <> EXCLUDED.price[{BEFORE} + 1:{THROUGH}]
"""  # noqa: S608 (only names of our own stand in it)


@dataclass(frozen=True)
class Priced:
    """The days that were written, both included, and how many blocks they changed."""

    first_day: date
    last_day: date
    block_count: int


def write_prices() -> Priced | None:
    """Writes what was paid on all days that closings have written since the last time, whatever place closed them.

    Running it again gives the same. None when nothing was closed since.
    """
    # No closing waits for this: one that comes meanwhile keeps its days open for the next time. Two zones at once write
    # the same days in the same order; the later one may know less of them, until the next night writes them again.
    closed = list(ClosedDay.objects.begun().order_by("location_id"))
    stale = [row for row in closed if row.priced_through is None or row.priced_through < row.closed_through]
    first = _first_day(stale)
    if first is None:
        return None
    last = max(row.closed_through for row in closed)
    count = _write(first, last)
    _mark(stale)
    return Priced(first, last, count)


@transaction.atomic
def _mark(seen: Sequence[ClosedDay]) -> None:
    """These are priced, but for those that were closed again since they were seen."""
    before = {_state(row) for row in seen}
    rows = lock_closed_days(row.location_id for row in seen)
    rows = [row for row in rows if _state(row) in before]
    for row in rows:
        row.priced_through = row.closed_through
    ClosedDay.objects.bulk_update(rows, ["priced_through"])


def _state(row: ClosedDay) -> tuple[int, date, datetime, date | None]:
    return row.location_id, row.closed_through, row.closed_at, row.priced_through


def _first_day(stale: Sequence[ClosedDay]) -> date | None:
    """Where a place has no priced day yet, the first on which it had a SKU."""
    known = [row.priced_through + timedelta(days=1) for row in stale if row.priced_through is not None]
    new = [row.location_id for row in stale if row.priced_through is None]
    began = Listing.objects.filter(location__in=new).aggregate(day=Min("listed_on"))["day"] if new else None
    return min((day for day in (*known, began) if day is not None), default=None)


def _write(first: date, last: date) -> int:
    days = days_between(first, last)
    arguments: dict[str, Any] = {
        "days": days, "blocks": [block_start(day) for day in days], "first": first, "last": last, "length": BLOCK_DAYS
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, arguments)
        return int(cursor.rowcount)
