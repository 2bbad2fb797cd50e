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
from orders.models.purchase_order import EXPECTED_ORDER_STATES, NOT_APPROVED_STATES

COSTLIEST_SHOWN = 10
# What was ordered longer ago than this before the window is not looked for.
LONGEST_WAIT_DAYS = 120
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
# These spans become bits, one for each day of the window, and those of a SKU at a place are laid over each other: so
# orders are read once and losses once, however many of the one fall into the other.
_TOLD = """
WITH span AS (
    SELECT l.sku_id, o.location_id, o.ordered_on AS since, COALESCE(l.expected_on, o.expected_on) AS due,
           CASE WHEN l.received < l.quantity AND NOT l.is_closed AND o.state = ANY(%(expected)s) THEN 'infinity'::date
                ELSE COALESCE(l.arrived_on, l.expected_on, o.expected_on) END AS until
    FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
    WHERE o.location_id = ANY(%(locations)s) AND o.state <> ALL(%(not_approved)s)
      AND o.ordered_on BETWEEN %(first)s::date - %(wait)s AND %(last)s
    UNION ALL
    SELECT l.sku_id, t.destination_id, (t.created_at AT TIME ZONE place.time_zone)::date,
           COALESCE(t.expected_on, 'infinity'),
           COALESCE((t.received_at AT TIME ZONE place.time_zone)::date, 'infinity')
    FROM inventory_transfer t
    JOIN inventory_location place ON place.id = t.destination_id
    JOIN inventory_transferline l ON l.transfer_id = t.id
    WHERE t.destination_id = ANY(%(locations)s) AND t.state IN ('shipped', 'received')
      AND t.created_at >= %(first)s::date - %(wait)s
), coming AS (
    SELECT sku_id, location_id, bit_or(days) AS on_way,
           bit_or(days & (%(days)s::varbit >> greatest(least(due, %(last)s) + 1 - %(first)s, 0))) AS late
    FROM span CROSS JOIN LATERAL (
        SELECT (%(days)s::varbit >> greatest(since - %(first)s, 0))
             & (%(days)s::varbit << %(last)s - least(until, %(last)s)) AS days
    ) way
    WHERE until >= %(first)s
    GROUP BY sku_id, location_id
), told AS MATERIALIZED (
    SELECT lost.sku_id, lost.location_id, business_date AS day, quantity AS units, quantity * unit_price AS value,
           CASE WHEN get_bit(late, business_date - %(first)s) = 1 THEN 'late'
                WHEN get_bit(on_way, business_date - %(first)s) = 1 THEN 'too_late' ELSE 'not_ordered' END AS cause
    FROM inventory_lostsale lost
    LEFT JOIN coming ON coming.sku_id = lost.sku_id AND coming.location_id = lost.location_id
    WHERE lost.location_id = ANY(%(locations)s) AND business_date BETWEEN %(first)s AND %(last)s
)
"""
# Days are told apart for those SKUs only that are shown. The rows of causes have no SKU.
_BOTH = """
, costliest AS (
    SELECT sku_id, location_id FROM told GROUP BY sku_id, location_id
    ORDER BY sum(value) DESC FETCH FIRST %(shown)s ROWS WITH TIES
), costly_day AS (
    SELECT sku_id, location_id, day, cause, sum(units) AS units, sum(value) AS value
    FROM told JOIN costliest USING (sku_id, location_id) GROUP BY sku_id, location_id, day, cause
)
(SELECT cause, sum(units), sum(value), NULL::bigint, NULL, NULL, NULL::bigint, NULL, NULL::bigint
 FROM told GROUP BY cause ORDER BY sum(value) DESC, cause)
UNION ALL
(SELECT (array_agg(cause ORDER BY value DESC, day))[1], sum(units), sum(value), s.id, s.code, s.name,
        place.id, place.name, count(*)
 FROM costly_day JOIN inventory_sku s ON s.id = sku_id JOIN inventory_location place ON place.id = location_id
 GROUP BY s.id, place.id ORDER BY sum(value) DESC, s.code, place.name LIMIT %(shown)s)
"""


def loss_causes(window: Window) -> Causes:
    """Causes of all that was lost in the window, and the SKUs that lost most; one query."""
    arguments: dict[str, Any] = {
        "locations": list(window.location_ids), "first": window.first, "last": window.last, "days": "1" * window.days,
        "wait": LONGEST_WAIT_DAYS, "expected": list(EXPECTED_ORDER_STATES), "not_approved": list(NOT_APPROVED_STATES),
        "shown": COSTLIEST_SHOWN,
    }  # fmt: skip
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
