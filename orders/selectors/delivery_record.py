"""What a supplier delivered of what was ordered: on time, in full, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from django.db import connection

# A line is judged once its day has passed or all of it has come: against the day that we asked for, not a later one
# that the supplier named afterwards. What we cancelled ourselves, or have not ordered yet, is nobody's fault.
_MONTHS = """
WITH line AS (
    SELECT l.id, l.quantity, l.unit_price, place.time_zone, COALESCE(l.expected_on, o.expected_on) AS due_on, l.received
      FROM orders_purchaseorder o
      JOIN orders_purchaseorderline l ON l.order_id = o.id
      JOIN inventory_location place ON place.id = o.location_id
     WHERE o.supplier_id = %(supplier)s AND o.state <> ALL(%(uncounted)s)
), judged AS (
    SELECT line.quantity, line.unit_price, line.due_on, COALESCE(arrived.units, 0) AS units,
           COALESCE(arrived.in_time, 0) AS in_time
      FROM line
      LEFT JOIN LATERAL (
           SELECT sum(part.quantity) AS units,
                  sum(part.quantity) FILTER (
                      WHERE (receipt.received_at AT TIME ZONE line.time_zone)::date <= line.due_on
                  ) AS in_time
             FROM orders_receiptline part JOIN orders_receipt receipt ON receipt.id = part.receipt_id
            WHERE part.order_line_id = line.id
      ) AS arrived ON true
     WHERE line.due_on >= %(since)s AND (line.due_on < %(today)s OR line.received >= line.quantity)
)
SELECT date_trunc('month', due_on)::date, count(*), count(*) FILTER (WHERE in_time >= quantity),
       count(*) FILTER (WHERE units >= quantity), sum(quantity * unit_price),
       sum(LEAST(units, quantity) * unit_price)
  FROM judged GROUP BY 1 ORDER BY 1
"""
UNCOUNTED = ("draft", "awaiting_approval", "cancelled")


@dataclass(frozen=True)
class Deliveries:
    """Order lines that were due: how many, how many came whole by their day, how many came whole at all; their value
    at the price of the order, and the value of what came. Shares are None where nothing was due."""

    lines: int
    in_time_in_full: int
    in_full: int
    ordered: Decimal
    arrived: Decimal

    @property
    def otif(self) -> float | None:
        """Share of lines on time and in full."""
        return self.in_time_in_full / self.lines if self.lines else None

    @property
    def fill(self) -> Decimal | None:
        """Share of the ordered value that came, late or not."""
        return self.arrived / self.ordered if self.ordered else None


@dataclass(frozen=True)
class MonthOfDeliveries:
    month: date
    record: Deliveries


@dataclass(frozen=True)
class DeliveryRecord:
    total: Deliveries
    months: Sequence[MonthOfDeliveries]


def delivery_record(supplier_id: int, *, since: date, today: date) -> DeliveryRecord:
    """The order lines of this supplier that were due from `since` until yesterday, or came whole before; by the month
    in which they were due, the earliest first. One statement. The record is the firm's: it names no store."""
    parameters: dict[str, Any] = {
        "supplier": supplier_id, "since": since, "today": today, "uncounted": list(UNCOUNTED)
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, parameters)
        months = [MonthOfDeliveries(row[0], Deliveries(*row[1:])) for row in cursor.fetchall()]
    return DeliveryRecord(reduce(_add, (month.record for month in months), NO_DELIVERIES), months)


NO_DELIVERIES = Deliveries(0, 0, 0, Decimal(0), Decimal(0))


def _add(one: Deliveries, other: Deliveries) -> Deliveries:
    return Deliveries(
        one.lines + other.lines,
        one.in_time_in_full + other.in_time_in_full,
        one.in_full + other.in_full,
        one.ordered + other.ordered,
        one.arrived + other.arrived,
    )
