"""Shelves that are empty right now, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import DecimalField, Exists, F, Min, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models import Listing, LostSale, StockoutEvent
from orders.models import PurchaseOrderLine
from orders.models.purchase_order import EXPECTED_ORDER_STATES


@dataclass(frozen=True)
class OpenStockout:
    """A SKU that is out of stock; `expected_on` is the first delivery on order, if any."""

    sku_id: int
    location_id: int
    code: str
    name: str
    location: str
    started_at: datetime
    expected_on: date | None
    lost_value: Decimal


def _first_delivery() -> Subquery:
    """Earliest day on which an open order brings the SKU to the place."""
    lines = (
        PurchaseOrderLine.objects.filter(
            sku=OuterRef("sku"),
            order__location=OuterRef("location"),
            order__state__in=EXPECTED_ORDER_STATES,
            is_closed=False,
            received__lt=F("quantity"),
        )
        .values("sku")
        .annotate(first=Min(Coalesce("promised_on", "expected_on", "order__expected_on")))
        .values("first")
    )
    return Subquery(lines)


def _lost_since() -> Subquery:
    """Value of the sales that this stockout cost so far."""
    losses = (
        LostSale.objects.filter(
            sku=OuterRef("sku"), location=OuterRef("location"), occurred_at__gte=OuterRef("started_at")
        )
        .values("sku")
        .annotate(value=Sum(F("quantity") * F("unit_price"), output_field=DecimalField()))
        .values("value")
    )
    return Subquery(losses)


def longest_stockouts(location_ids: Sequence[int], *, limit: int = 10) -> list[OpenStockout]:
    """Open stockouts of SKUs still on sale there, the longest first; one query."""
    on_sale = Listing.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"), delisted_on=None)
    events = (
        StockoutEvent.objects.filter(location__in=location_ids, ended_at=None, sku__is_active=True)
        .filter(Exists(on_sale))
        .annotate(
            expected_on=_first_delivery(),
            lost_value=Coalesce(_lost_since(), Decimal(0), output_field=DecimalField()),
        )
        .select_related("sku", "location")
        .order_by("started_at", "sku__code")[:limit]
    )
    return [
        OpenStockout(
            sku_id=event.sku_id,
            location_id=event.location_id,
            code=event.sku.code,
            name=event.sku.name,
            location=event.location.name,
            started_at=event.started_at,
            expected_on=event.expected_on,
            lost_value=event.lost_value,
        )
        for event in events
    ]
