"""Learned lead times of every supplier and SKU, read at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from suppliers.domain.lead_times import ENOUGH_OF_SKU, LeadTime, learn
from suppliers.domain.learned_days import LONGEST_LEAD_DAYS, reckon
from suppliers.selectors.calendars import load_calendars

# Older deliveries say little about how the supplier works now.
LOOK_BACK_DAYS = 365

# One delivery is one day on which an order, or a part of it, arrived, however many lines came with it and in however
# many receipts. What came half a year late was entered late, or had been given up: it says nothing of the next one,
# which would be ordered for as long. Where not all
# days of the supplier are the same, it is reckoned by their calendar: as far as it does not contradict the promise, it
# was as promised.
_SLIPS = """
WITH special AS (
    SELECT * FROM unnest(
        %(suppliers)s::bigint[], %(days)s::date[], %(placed)s::int[], %(most)s::int[], %(least)s::int[]
    ) AS day (supplier_id, day, placed, most, least)
), seen AS (
    SELECT o.supplier_id, o.sku_id, o.ordered_on, o.received_on,
           CASE WHEN placed.day IS NULL OR came.day IS NULL
                THEN o.received_on - COALESCE(o.taken_on, o.ordered_on) - promise.days
                ELSE GREATEST(LEAST(GREATEST(came.most - placed.placed, 0) - promise.days, 0),
                              GREATEST(came.least - placed.placed, 0) - promise.days) END AS slip
      FROM suppliers_observedleadtime o
      JOIN suppliers_supplier s ON s.id = o.supplier_id
      LEFT JOIN suppliers_supplierterms t ON t.supplier_id = o.supplier_id AND t.sku_id = o.sku_id
     CROSS JOIN LATERAL (SELECT COALESCE(t.promised_lead_time_days, s.promised_lead_time_days)::int AS days) promise
      LEFT JOIN special placed
        ON placed.supplier_id = o.supplier_id AND placed.day = COALESCE(o.taken_on, o.ordered_on)
      LEFT JOIN special came ON came.supplier_id = o.supplier_id AND came.day = o.received_on
     WHERE o.received_on BETWEEN %(since)s AND %(until)s
       AND o.received_on - o.ordered_on <= promise.days + %(longest)s
)
SELECT supplier_id, NULL::bigint, slip, count(DISTINCT (ordered_on, received_on)) FROM seen GROUP BY supplier_id, slip
UNION ALL
SELECT supplier_id, sku_id, slip, count(DISTINCT (ordered_on, received_on)) FROM seen
 WHERE (supplier_id, sku_id) IN (
    SELECT supplier_id, sku_id FROM seen
     GROUP BY supplier_id, sku_id HAVING count(DISTINCT (ordered_on, received_on)) >= %(enough)s
 )
 GROUP BY supplier_id, sku_id, slip
"""

Slips = Mapping[int, int]


@dataclass(frozen=True)
class LeadTimes:
    """Histograms of slips by supplier, and by supplier and SKU where there are enough; estimates are kept once made."""

    by_supplier: Mapping[int, Slips]
    by_sku: Mapping[tuple[int, int], Slips]
    _made: dict[tuple[int, int | None, int], LeadTime] = field(default_factory=dict)

    def of(self, supplier_id: int, sku_id: int, promised_days: int) -> LeadTime:
        """The distribution for one SKU of one supplier."""
        sku_slips = self.by_sku.get((supplier_id, sku_id), {})
        key = (supplier_id, sku_id if sku_slips else None, promised_days)
        if key not in self._made:
            self._made[key] = learn(promised_days, self.by_supplier.get(supplier_id, {}), sku_slips)
        return self._made[key]


def load_lead_times(*, as_of: date) -> LeadTimes:
    """All that was learned from the deliveries of the year up to `as_of`. Waits for order and delivery days and closed
    days are left out, since every reader lets the supplier's calendar count them.

    One statement, one more to see whether any supplier has a calendar, and one for closures where one has."""
    since = as_of - timedelta(days=LOOK_BACK_DAYS)
    calendars = load_calendars(today=since - timedelta(days=LONGEST_LEAD_DAYS))
    special = reckon(calendars, since=since, until=as_of)
    parameters: dict[str, Any] = {
        "since": since, "until": as_of, "enough": ENOUGH_OF_SKU, "longest": LONGEST_LEAD_DAYS,
        "suppliers": list(special.supplier_ids),
        "days": list(special.days), "placed": list(special.placed), "most": list(special.most),
        "least": list(special.least),
    }  # fmt: skip
    by_supplier: dict[int, dict[int, int]] = {}
    by_sku: dict[tuple[int, int], dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SLIPS, parameters)
        for supplier_id, sku_id, slip, count in cursor.fetchall():
            if sku_id is None:
                by_supplier.setdefault(supplier_id, {})[slip] = count
            else:
                by_sku.setdefault((supplier_id, sku_id), {})[slip] = count
    return LeadTimes(by_supplier, by_sku)
