"""What a reorder decision looks at: stock here, stock on the way, and stock that is promised."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from inventory.array_literals import numbers
from orders.domain.position import NOTHING, Position
from orders.models import PurchaseOrderLine
from orders.models.purchase_order import OPEN_ORDER_STATES

__all__ = ["NOTHING", "Arrival", "Key", "Position", "days_until", "load_arrivals", "load_positions", "open_lines_of"]

Key = tuple[int, int]
"""(location id, SKU id)"""

# Stock is wasted where more of it expires by a day than will be asked for until then. Sold first expired first out,
# what is wasted is the largest such excess over the days before the protection interval ends; what expires later
# counts. Demand is the one that the last night expects, which goes on at its last week's pace.
_LOTS = """
SELECT stand.location_id, stand.sku_id,
       round((sum(stand.on_hand) OVER (PARTITION BY stand.location_id, stand.sku_id ORDER BY lot.expires_on)
              - asked.units::numeric), CASE sku.unit WHEN 'each' THEN 0 ELSE 3 END) AS waste
FROM inventory_lotlevel stand
JOIN inventory_lot lot ON lot.id = stand.lot_id
JOIN inventory_sku sku ON sku.id = stand.sku_id
JOIN inventory_location place ON place.id = stand.location_id
JOIN orders_reorderlevel level ON level.location_id = stand.location_id AND level.sku_id = stand.sku_id
CROSS JOIN LATERAL (
    SELECT COALESCE(%(today)s::date, (statement_timestamp() AT TIME ZONE place.time_zone)::date) AS today
) AS clock
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(day.units) FILTER (
               WHERE level.computed_on + day.number::int BETWEEN today AND lot.expires_on), 0)
         + avg(day.units) FILTER (WHERE day.number > cardinality(level.daily_mean) - 7)
         * GREATEST(lot.expires_on - GREATEST(level.computed_on + cardinality(level.daily_mean), today - 1), 0) AS units
    FROM unnest(level.daily_mean) WITH ORDINALITY AS day (units, number)
) AS asked
WHERE stand.location_id = ANY(%(locations)s) AND stand.on_hand > 0 AND stand.held_since IS NULL
  AND lot.expires_on >= today AND lot.expires_on - today + 1 < level.protection_interval_days
  AND cardinality(level.daily_mean) > 0
"""
# What an order line is still to bring: the supplier's word counts once they have given it.
_COMING = "GREATEST(LEAST(l.quantity, l.confirmed_quantity) - l.received, 0)"
# Reservations that have expired no longer count, also those that nobody has settled yet.
_POSITIONS = """
SELECT location_id, sku_id, sum(on_hand), sum(reserved), sum(on_order), sum(in_transit), sum(promised), sum(held),
       sum(expiring)
FROM (
    SELECT location_id, sku_id, on_hand, reserved, 0 AS on_order, 0 AS in_transit, 0 AS promised, held, 0 AS expiring
      FROM inventory_stocklevel WHERE location_id = ANY(%(locations)s)
    UNION ALL
    SELECT location_id, sku_id, 0, issued - quantity, 0, 0, 0, 0, 0
      FROM inventory_reservation
     WHERE location_id = ANY(%(locations)s) AND state = 'pending' AND expires_at <= statement_timestamp()
    UNION ALL
    SELECT o.location_id, l.sku_id, 0, 0, {coming}, 0, 0, 0, 0
      FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
     WHERE o.location_id = ANY(%(locations)s) AND o.state = ANY(%(open)s) AND NOT l.is_closed
    UNION ALL
    SELECT t.destination_id, l.sku_id, 0, 0, 0, l.quantity - l.received - l.missing, 0, 0, 0
      FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
     WHERE t.destination_id = ANY(%(locations)s) AND t.state IN ('draft', 'shipped')
    UNION ALL
    SELECT t.source_id, l.sku_id, 0, 0, 0, 0, l.quantity, 0, 0
      FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
     WHERE t.source_id = ANY(%(locations)s) AND t.state = 'draft'
    UNION ALL
    SELECT location_id, sku_id, 0, 0, 0, 0, 0, 0, max(waste) FROM ({lots}) lots
     GROUP BY location_id, sku_id HAVING max(waste) > 0
) AS parts
WHERE %(skus)s::bigint[] IS NULL OR sku_id = ANY(%(skus)s::bigint[])
GROUP BY location_id, sku_id
""".replace("{lots}", _LOTS).replace("{coming}", _COMING)

_ARRIVALS = """
SELECT o.location_id, l.sku_id, COALESCE(l.promised_on, l.expected_on, o.expected_on), {coming}
  FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
 WHERE o.location_id = ANY(%(locations)s) AND o.state = ANY(%(open)s) AND NOT l.is_closed AND {coming} > 0
   AND (%(skus)s::bigint[] IS NULL OR l.sku_id = ANY(%(skus)s::bigint[]))
UNION ALL
SELECT t.destination_id, l.sku_id, t.expected_on, l.quantity - l.received - l.missing
  FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
 WHERE t.destination_id = ANY(%(locations)s) AND t.state IN ('draft', 'shipped')
   AND l.quantity > l.received + l.missing
   AND (%(skus)s::bigint[] IS NULL OR l.sku_id = ANY(%(skus)s::bigint[]))
""".replace("{coming}", _COMING)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units on their way; `expected_on` is empty for a transfer that nobody has dated."""

    location_id: int
    sku_id: int
    expected_on: date | None
    quantity: Decimal


def days_until(expected_on: date | None, today: date) -> int:
    """Whole days of demand before an arrival. One that nobody has dated, or that is late, is taken to come tomorrow."""
    if expected_on is None or expected_on < today:
        return 1
    return (expected_on - today).days


def load_positions(
    location_ids: Collection[int], sku_ids: Collection[int] | None = None, *, today: date | None = None
) -> Mapping[Key, Position]:
    """Positions of every SKU that has stock at, or is on its way to, one of the locations. One statement.

    `today` is the day from which what expires is reckoned; None is today at each location.
    """
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, _parameters(location_ids, sku_ids) | {"today": today})
        return {(row[0], row[1]): Position(*row[2:]) for row in cursor.fetchall()}


def load_arrivals(location_ids: Collection[int], sku_ids: Collection[int] | None = None) -> list[Arrival]:
    """Every open order line and transfer line (of these SKUs) towards the locations. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, _parameters(location_ids, sku_ids))
        return [Arrival(*row) for row in cursor.fetchall()]


def open_lines_of(sku_id: int, location_id: int) -> list[PurchaseOrderLine]:
    """The order lines that are still to bring this SKU here, with `due_on`, soonest first."""
    return list(
        PurchaseOrderLine.objects.filter(
            sku_id=sku_id,
            order__location_id=location_id,
            order__state__in=OPEN_ORDER_STATES,
            is_closed=False,
            received__lt=F("quantity"),
        )
        .select_related("order__supplier")
        .annotate(due_on=Coalesce("promised_on", "expected_on", "order__expected_on"))
        .order_by("due_on", "pk")
    )


def _parameters(location_ids: Collection[int], sku_ids: Collection[int] | None) -> dict[str, Any]:
    return {
        "locations": list(location_ids),
        "open": list(OPEN_ORDER_STATES),
        "skus": None if sku_ids is None else numbers(sku_ids),
    }
