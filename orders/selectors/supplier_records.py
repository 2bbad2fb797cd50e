"""What suppliers brought of what was ordered, and what was bought of each of late: in sets, for the plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from orders.domain.supplier_choice import shrunk_fill
from orders.models.purchase_order import EXPECTED_ORDER_STATES, NOT_APPROVED_STATES

LOOK_BACK_DAYS = 365
# Shares are kept over half a year: longer would make up for what was decided under other terms.
SHARE_DAYS = 180

# A line is judged once its day has passed or all of it came; what is late and still to come counts as missing.
_FILL = """
SELECT o.supplier_id, count(*), sum(LEAST(l.received / l.quantity, 1))
  FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
 WHERE o.supplier_id = ANY(%(suppliers)s) AND o.state <> ALL(%(uncounted)s) AND o.ordered_on >= %(since)s
   AND (COALESCE(l.expected_on, o.expected_on) < %(today)s OR l.received >= l.quantity)
 GROUP BY o.supplier_id
"""
_BOUGHT = """
SELECT l.sku_id, o.supplier_id, sum(CASE WHEN l.is_closed THEN l.received ELSE l.quantity END)
  FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
 WHERE o.location_id = %(location)s AND l.sku_id = ANY(%(skus)s) AND o.state <> 'cancelled'
   AND o.ordered_on >= %(since)s
 GROUP BY l.sku_id, o.supplier_id
"""

# What a supplier said of an order that is still expected: of these SKUs they have no more than they bring.
_SHORT = """
SELECT DISTINCT l.sku_id, o.supplier_id
  FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
 WHERE o.supplier_id = ANY(%(suppliers)s) AND l.sku_id = ANY(%(skus)s) AND o.state = ANY(%(expected)s)
   AND NOT l.is_closed AND l.confirmed_quantity < l.quantity
"""

_ORDERED = """
SELECT o.supplier_id, l.sku_id, sum(l.quantity), sum(l.quantity * l.unit_price)
  FROM orders_purchaseorder o JOIN orders_purchaseorderline l ON l.order_id = o.id
 WHERE o.location_id = %(location)s AND o.supplier_id = ANY(%(suppliers)s) AND o.ordered_on = %(today)s
   AND o.state <> 'cancelled'
 GROUP BY o.supplier_id, l.sku_id
"""


@dataclass(frozen=True)
class Ordered:
    """What was ordered of one supplier on one day: units by SKU, and the money in their currency."""

    units: Mapping[int, Decimal]
    money: Decimal


def load_ordered(location_id: int, supplier_ids: Collection[int], today: date) -> Mapping[int, Ordered]:
    """By supplier, what was ordered of them for the place today, drafts included. One statement, none without
    suppliers."""
    if not supplier_ids:
        return {}
    values: dict[str, Any] = {"location": location_id, "suppliers": list(supplier_ids), "today": today}
    units: dict[int, dict[int, Decimal]] = {}
    money: dict[int, Decimal] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ORDERED, values)
        for supplier_id, sku_id, quantity, cost in cursor.fetchall():
            units.setdefault(supplier_id, {})[sku_id] = quantity
            money[supplier_id] = money.get(supplier_id, Decimal(0)) + cost
    return {supplier_id: Ordered(units[supplier_id], money[supplier_id]) for supplier_id in units}


def load_short(sku_ids: Collection[int], supplier_ids: Collection[int]) -> set[tuple[int, int]]:
    """(SKU, supplier) of whom an order that is still expected was answered with less than was asked for. One statement,
    none without SKUs."""
    if not sku_ids:
        return set()
    values: dict[str, Any] = {
        "suppliers": list(supplier_ids), "skus": list(sku_ids), "expected": list(EXPECTED_ORDER_STATES)
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SHORT, values)
        return set(cursor.fetchall())


def load_fill(supplier_ids: Collection[int], today: date) -> Mapping[int, float]:
    """By supplier, the share of a line that came, of those that were due within the last year; a supplier without such
    lines is missing. One statement, none without suppliers."""
    if not supplier_ids:
        return {}
    values: dict[str, Any] = {
        "suppliers": list(supplier_ids), "uncounted": list(NOT_APPROVED_STATES), "today": today,
        "since": today - timedelta(days=LOOK_BACK_DAYS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FILL, values)
        return {supplier_id: shrunk_fill(lines, float(arrived)) for supplier_id, lines, arrived in cursor.fetchall()}


def load_bought(location_id: int, sku_ids: Collection[int], today: date) -> Mapping[tuple[int, int], float]:
    """Units bought for the place within SHARE_DAYS, drafts included, by SKU and supplier. One statement, none without
    SKUs."""
    if not sku_ids:
        return {}
    values: dict[str, Any] = {
        "location": location_id, "skus": list(sku_ids), "since": today - timedelta(days=SHARE_DAYS)
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOUGHT, values)
        return {(sku_id, supplier_id): float(units) for sku_id, supplier_id, units in cursor.fetchall()}
