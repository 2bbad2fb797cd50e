"""Why sales were lost: what was under way to the shelf on the day on which somebody asked in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from dashboards.selectors.stockouts_losses import Loss
from dashboards.selectors.stockouts_rates import Window
from inventory.models import LostSale
from orders.models.purchase_order import EXPECTED_ORDER_STATES, NOT_APPROVED_STATES

COSTLIEST_SHOWN = 10
# What was ordered longer ago than this before the window is not looked for.
LONGEST_WAIT_DAYS = 120
MOST_LOSSES = 10_000
CENT = Decimal("0.01")


class Cause(TextChoices):
    """Seen from the shelf on that day."""

    LATE = "late", _("Ordered, but it came late")
    TOO_LATE = "too_late", _("Ordered too late or too little")
    NOT_ORDERED = "not_ordered", _("Nothing was on order")


@dataclass(frozen=True)
class CauseRow:
    cause: Cause
    loss: Loss


@dataclass(frozen=True)
class Costly:
    """A SKU at a place with what it lost on how many days; `cause` is that of its costliest day."""

    sku_id: int
    sku_code: str
    sku_name: str
    location_id: int
    location_name: str
    loss: Loss
    days: int
    cause: Cause


@dataclass(frozen=True)
class Causes:
    """`rows` add up to all that was lost, the most money first; `costliest` are the first of the SKUs."""

    rows: Sequence[CauseRow]
    costliest: Sequence[Costly]


# An order line is under way from the order until the receipt that brought the last of it; one that was shut short of
# that until its last receipt, else its own day. A transfer is under way from its making until it was taken in.
_TOLD = """
WITH lost AS (
    SELECT sku_id, location_id, business_date AS day, sum(quantity) AS units, sum(quantity * unit_price) AS value
    FROM inventory_lostsale
    WHERE location_id = ANY(%(locations)s) AND business_date BETWEEN %(first)s AND %(last)s
    GROUP BY sku_id, location_id, business_date
), asked AS (
    SELECT DISTINCT lost.sku_id, lost.location_id, place.time_zone
    FROM lost JOIN inventory_location place ON place.id = lost.location_id
), coming AS (
    SELECT asked.sku_id, asked.location_id, o.ordered_on AS since, COALESCE(l.expected_on, o.expected_on) AS due,
           CASE WHEN l.received < l.quantity AND NOT l.is_closed AND o.state = ANY(%(expected)s) THEN 'infinity'::date
                ELSE COALESCE((max(r.received_at) AT TIME ZONE asked.time_zone)::date, l.expected_on, o.expected_on)
           END AS until
    FROM asked
    JOIN orders_purchaseorderline l ON l.sku_id = asked.sku_id
    JOIN orders_purchaseorder o ON o.id = l.order_id AND o.location_id = asked.location_id
    LEFT JOIN orders_receiptline came ON came.order_line_id = l.id
    LEFT JOIN orders_receipt r ON r.id = came.receipt_id
    WHERE o.state <> ALL(%(not_approved)s) AND o.ordered_on BETWEEN %(first)s::date - %(wait)s AND %(last)s
    GROUP BY asked.sku_id, asked.location_id, asked.time_zone, l.id, o.id
    UNION ALL
    SELECT asked.sku_id, asked.location_id, (t.created_at AT TIME ZONE asked.time_zone)::date,
           COALESCE(t.expected_on, 'infinity'),
           COALESCE((t.received_at AT TIME ZONE asked.time_zone)::date, 'infinity')
    FROM asked
    JOIN inventory_transferline l ON l.sku_id = asked.sku_id
    JOIN inventory_transfer t ON t.id = l.transfer_id AND t.destination_id = asked.location_id
    WHERE t.state IN ('shipped', 'received') AND t.created_at >= %(first)s::date - %(wait)s
), told AS (
    SELECT lost.sku_id, lost.location_id, lost.day, units, value,
           CASE WHEN bool_or(due < lost.day) THEN 'late' WHEN count(coming.since) > 0 THEN 'too_late'
                ELSE 'not_ordered' END AS cause
    FROM lost LEFT JOIN coming ON coming.sku_id = lost.sku_id AND coming.location_id = lost.location_id
        AND coming.since <= lost.day AND coming.until >= lost.day
    GROUP BY lost.sku_id, lost.location_id, lost.day, units, value
)
"""
# What was told is reckoned once for both: the rows of causes have no SKU.
_BOTH = """
(SELECT cause, sum(units), sum(value), NULL::bigint, NULL, NULL, NULL::bigint, NULL, NULL::bigint
 FROM told GROUP BY cause ORDER BY sum(value) DESC, cause)
UNION ALL
(SELECT (array_agg(cause ORDER BY value DESC, told.day))[1], sum(units), sum(value), told.sku_id, s.code, s.name,
        told.location_id, place.name, count(*)
 FROM told JOIN inventory_sku s ON s.id = told.sku_id JOIN inventory_location place ON place.id = told.location_id
 GROUP BY told.sku_id, s.code, s.name, told.location_id, place.name
 ORDER BY sum(value) DESC, s.code, place.name LIMIT %(shown)s)
"""


def loss_causes(window: Window) -> Causes | None:
    """Causes of all that was lost in the window, and the SKUs that lost most; None of more than
    `MOST_LOSSES`, which a page cannot wait for."""
    arguments: dict[str, Any] = {
        "locations": list(window.location_ids), "first": window.first, "last": window.last, "wait": LONGEST_WAIT_DAYS,
        "expected": list(EXPECTED_ORDER_STATES), "not_approved": list(NOT_APPROVED_STATES), "shown": COSTLIEST_SHOWN,
    }  # fmt: skip
    asked = LostSale.objects.filter(
        location__in=window.location_ids, business_date__gte=window.first, business_date__lte=window.last
    )
    if asked.count() > MOST_LOSSES:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_TOLD + _BOTH, arguments)
        found = cursor.fetchall()
    rows = [CauseRow(Cause(cause), _loss(units, value)) for cause, units, value, sku_id, *_sku in found if not sku_id]
    return Causes(rows, [_costly(row) for row in found if row[3]])


def _costly(row: Sequence[Any]) -> Costly:
    cause, units, value, sku_id, code, name, location_id, place, days = row
    return Costly(sku_id, code, name, location_id, place, _loss(units, value), days, Cause(cause))


def _loss(units: Decimal, value: Decimal) -> Loss:
    return Loss(units, value.quantize(CENT))
