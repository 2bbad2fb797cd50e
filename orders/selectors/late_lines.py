"""Order lines whose day has passed without them, by order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from orders.models import PurchaseOrderLine
from orders.models.purchase_order import EXPECTED_ORDER_STATES


@dataclass(frozen=True)
class LateLine:
    sku_name: str
    quantity: Decimal
    due_on: date


@dataclass(frozen=True)
class LateOrder:
    """`lines` are those that are late, the longest first; their day is the supplier's word, else the line's, else the
    order's. `value` is what they are worth in `currency`."""

    order_id: int
    number: str
    supplier: str
    currency: str
    value: Decimal
    lines: Sequence[LateLine]


def late_orders(location_id: int, today: date) -> list[LateOrder]:
    """Orders towards this place with lines that should have come before today; by number. One statement."""
    due = Coalesce("promised_on", "expected_on", "order__expected_on")
    lines = PurchaseOrderLine.objects.filter(
        Q(confirmed_quantity=None) | Q(confirmed_quantity__gt=F("received")),
        order__location_id=location_id, order__state__in=EXPECTED_ORDER_STATES, is_closed=False,
        received__lt=F("quantity"),
    )  # fmt: skip
    late = lines.annotate(due_on=due).filter(due_on__lt=today).select_related("sku", "order__supplier")
    found = late.order_by("order__number", "due_on", "sku__name", "pk")
    return [_order(list(rows)) for _number, rows in groupby(found, key=lambda line: line.order.number)]


def _order(lines: Sequence[PurchaseOrderLine]) -> LateOrder:
    order = lines[0].order
    return LateOrder(
        order.pk, order.number, order.supplier.name, order.currency,
        sum((line.coming * line.unit_price for line in lines), Decimal(0)),
        [LateLine(line.sku.name, line.coming, vars(line)["due_on"]) for line in lines],
    )  # fmt: skip
