"""Orders whose supplier said that less comes than was ordered, or later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from orders.models import PurchaseOrderLine
from orders.models.purchase_order import EXPECTED_ORDER_STATES

_MONEY = DecimalField(max_digits=20, decimal_places=6)


@dataclass(frozen=True)
class BrokenPromise:
    """`short_lines` bring less than was ordered, worth `short_value` in the currency of the order; `late_lines` come
    after the day they were expected, the last of them on `latest_on`."""

    order_id: int
    number: str
    supplier: str
    currency: str
    short_lines: int
    short_value: Decimal
    late_lines: int
    latest_on: date | None


def broken_promises(location_id: int) -> Sequence[BrokenPromise]:
    """One for each order towards this place that is still expected and has such lines; one query."""
    is_short = Q(confirmed_quantity__lt=F("quantity"))
    is_late = Q(promised_on__gt=Coalesce("expected_on", "order__expected_on"), received__lt=F("quantity"))
    lines = PurchaseOrderLine.objects.filter(
        is_short | is_late, order__location_id=location_id, order__state__in=EXPECTED_ORDER_STATES, is_closed=False
    )
    missing = (F("quantity") - F("confirmed_quantity")) * F("unit_price")
    found = lines.values("order_id", "order__number", "order__supplier__name", "order__currency").annotate(
        short_lines=Count("pk", filter=is_short),
        short_value=Coalesce(Sum(missing, filter=is_short, output_field=_MONEY), Decimal(0), output_field=_MONEY),
        late_lines=Count("pk", filter=is_late),
        latest_on=Max("promised_on", filter=is_late),
    )
    return [BrokenPromise(*row) for row in found.order_by("order__number").values_list(
        "order_id", "order__number", "order__supplier__name", "order__currency",
        "short_lines", "short_value", "late_lines", "latest_on",
    )]  # fmt: skip
