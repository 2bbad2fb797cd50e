"""Classes A, B and C by value of demand: how often each SKU of a place is to be counted."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction

from inventory.domain.counting import A_SHARE, B_SHARE
from inventory.models import Location
from inventory.selectors.count_candidates import CANDIDATES

YEAR = timedelta(days=365)
# Demand is kept as float4; its value is rounded to cents here and nowhere else. `before` is the value of all that is
# worth more: what lies in the first 80 % is A, in the next 15 % is B. What nobody asked for is C.
CLASSIFY = """
WITH asked AS (
    SELECT block.sku_id, sum(day.units) AS units
    FROM inventory_demandblock block
    CROSS JOIN LATERAL (
        SELECT sum(sold + lost) AS units FROM unnest(block.sold, block.lost) WITH ORDINALITY AS day (sold, lost, number)
        WHERE block.starts_on + number::int - 1 >= %(since)s
    ) day
    WHERE block.location_id = %(location)s AND block.starts_on > %(since)s::date - cardinality(block.sold)
    GROUP BY block.sku_id
), valued AS (
    SELECT candidate.sku_id, round((COALESCE(asked.units, 0) * sku.cost::float8)::numeric, 2) AS value
    FROM ({candidates}) candidate
    JOIN inventory_sku sku ON sku.id = candidate.sku_id
    LEFT JOIN asked ON asked.sku_id = candidate.sku_id
), ranked AS (
    SELECT sku_id, value, sum(value) OVER () AS total,
           sum(value) OVER (ORDER BY value DESC, sku_id ROWS UNBOUNDED PRECEDING) - value AS before
    FROM valued
)
INSERT INTO inventory_countcycle (location_id, sku_id, count_class, demand_value, classed_on)
SELECT %(location)s, sku_id,
       CASE WHEN value <= 0 THEN 'C'
            WHEN before < %(a)s * total THEN 'A'
            WHEN before < %(b)s * total THEN 'B'
            ELSE 'C' END,
       value, %(today)s
FROM ranked ORDER BY sku_id
ON CONFLICT (location_id, sku_id) DO UPDATE
SET count_class = EXCLUDED.count_class, demand_value = EXCLUDED.demand_value, classed_on = EXCLUDED.classed_on
"""


@transaction.atomic
def classify_location(*, location: Location, today: date) -> int:
    """Gives every SKU of the location its class by the cost of what was asked for in the last year.

    Returns how many there are. Doing it again changes nothing.
    """
    given: dict[str, int | date | Decimal] = {
        "location": location.pk,
        "today": today,
        "since": today - YEAR,
        "a": A_SHARE,
        "b": B_SHARE,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLASSIFY.format(candidates=CANDIDATES), given)
        return int(cursor.rowcount)
