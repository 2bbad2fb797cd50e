"""Filters of the API's lists."""

from typing import Any

import django_filters as filters
from django.db.models import F, QuerySet

from accounts.api.filters import ID_DIGITS
from inventory.api.fields import QUANTITY
from inventory.models import LostSale, Movement, Sku, StockLevel, StockoutEvent, Transfer, TransferState
from inventory.models.movement import MovementKind
from inventory.selectors.stock import search_skus


class SkuFilter(filters.FilterSet):
    search = filters.CharFilter(method="filter_search", label="A part of the code or name, or a barcode")
    category = filters.CharFilter(field_name="category__code")
    code = filters.CharFilter(field_name="code")
    is_active = filters.BooleanFilter()

    class Meta:
        model = Sku
        fields: tuple[str, ...] = ()

    def filter_search(self, rows: QuerySet[Sku], name: str, value: str) -> QuerySet[Sku]:
        return rows.filter(pk__in=search_skus(value, is_active=None).values("pk"))


class LevelFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    available_below = filters.NumberFilter(
        method="filter_available_below", label="available below this quantity", **QUANTITY
    )

    class Meta:
        model = StockLevel
        fields: tuple[str, ...] = ()

    def filter_available_below(self, rows: QuerySet[StockLevel], name: str, value: Any) -> QuerySet[StockLevel]:
        return rows.filter(on_hand__lt=F("reserved") + value)


class MovementFilter(filters.FilterSet):
    sku = filters.CharFilter(field_name="sku__code")
    kind = filters.ChoiceFilter(choices=MovementKind.choices)
    posting = filters.NumberFilter(field_name="posting_id", **ID_DIGITS)
    since = filters.DateFilter(field_name="business_date", lookup_expr="gte")
    until = filters.DateFilter(field_name="business_date", lookup_expr="lte")

    class Meta:
        model = Movement
        fields: tuple[str, ...] = ()


class LostSaleFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    since = filters.DateFilter(field_name="business_date", lookup_expr="gte")
    until = filters.DateFilter(field_name="business_date", lookup_expr="lte")

    class Meta:
        model = LostSale
        fields: tuple[str, ...] = ()


class StockoutFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    is_open = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")

    class Meta:
        model = StockoutEvent
        fields: tuple[str, ...] = ()


class TransferFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=TransferState.choices)
    source = filters.CharFilter(field_name="source__code")
    destination = filters.CharFilter(field_name="destination__code")

    class Meta:
        model = Transfer
        fields: tuple[str, ...] = ()
