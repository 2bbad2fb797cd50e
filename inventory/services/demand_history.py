"""Demand of the time before the ledger began, as a shop brings it along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from inventory.domain.blocks import block_start
from inventory.locks import lock_closed_day
from inventory.models import NEVER, ClosedDay

# The arrays of a block grow to the last day that is said; days that nobody speaks of stay as they are, or are "not
# observed".
WRITE = """
WITH said AS (
    SELECT * FROM unnest(%(skus)s::bigint[], %(blocks)s::date[], %(places)s::int[], %(sold)s::real[], %(lost)s::real[])
        AS said (sku_id, block, place, sold, lost)
), cell AS (
    SELECT wanted.sku_id, wanted.block, day.place,
           COALESCE(said.sold, old.sold[day.place], 0)::real AS sold,
           COALESCE(said.lost, old.lost[day.place], 0)::real AS lost,
           CASE WHEN said.sku_id IS NULL THEN COALESCE(old.in_stock[day.place], 0) ELSE 1 END::real AS in_stock,
           said.sku_id IS NOT NULL AND (old.sold[day.place], old.lost[day.place], old.in_stock[day.place])
               IS DISTINCT FROM (said.sold, said.lost, 1::real) AS is_changed
    FROM (SELECT sku_id, block, max(place) AS length FROM said GROUP BY sku_id, block) AS wanted
    LEFT JOIN inventory_demandblock old
        ON old.location_id = %(location)s AND old.sku_id = wanted.sku_id AND old.starts_on = wanted.block
    CROSS JOIN LATERAL generate_series(1, GREATEST(wanted.length, COALESCE(cardinality(old.sold), 0))) AS day (place)
    LEFT JOIN said ON said.sku_id = wanted.sku_id AND said.block = wanted.block AND said.place = day.place
), written AS (
    INSERT INTO inventory_demandblock AS old (location_id, sku_id, starts_on, sold, lost, in_stock)
    SELECT %(location)s, sku_id, block, array_agg(sold ORDER BY place), array_agg(lost ORDER BY place),
           array_agg(in_stock ORDER BY place)
    FROM cell GROUP BY sku_id, block ORDER BY sku_id, block
    ON CONFLICT (location_id, sku_id, starts_on) DO UPDATE
    SET sold = EXCLUDED.sold, lost = EXCLUDED.lost, in_stock = EXCLUDED.in_stock
    WHERE (old.sold, old.lost, old.in_stock) IS DISTINCT FROM (EXCLUDED.sold, EXCLUDED.lost, EXCLUDED.in_stock)
)
SELECT count(*) FROM cell WHERE is_changed
"""


@dataclass(frozen=True, slots=True)
class DayOfDemand:
    """What was asked for of a SKU on one day: units sold less those brought back, and units not served."""

    sku_id: int
    day: date
    sold: float
    lost: float = 0.0


@transaction.atomic
def write_demand_history(*, location_id: int, days: Sequence[DayOfDemand], now: datetime) -> int:
    """Writes days of demand, each SKU and day once; returns of how many days the figures changed.

    The caller has made sure that the ledger does not know these days. They count as days on which the SKU was there.
    """
    if not days:
        return 0
    last = max(row.day for row in days)
    ClosedDay.objects.get_or_create(location_id=location_id, defaults={"closed_through": last, "closed_at": now})
    closed = lock_closed_day(location_id)
    if closed.closed_through == NEVER:
        closed.closed_through = last
        closed.save(update_fields=["closed_through"])
    starts = [block_start(row.day) for row in days]
    arguments: dict[str, Any] = {
        "location": location_id,
        "skus": [row.sku_id for row in days],
        "blocks": starts,
        "places": [(row.day - start).days + 1 for row, start in zip(days, starts, strict=True)],
        "sold": [row.sold for row in days],
        "lost": [row.lost for row in days],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, arguments)
        (count,) = cursor.fetchone()
    return int(count)
