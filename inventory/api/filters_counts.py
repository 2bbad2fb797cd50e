"""Filters of the lists of counts."""

import django_filters as filters

from inventory.models import CountLineState, CountState, ShelfPosition, StockCount, StockCountLine


class StockCountFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    state = filters.ChoiceFilter(choices=CountState.choices)

    class Meta:
        model = StockCount
        fields: tuple[str, ...] = ()


class CountLineFilter(filters.FilterSet):
    sku = filters.CharFilter(field_name="sku__code")
    state = filters.ChoiceFilter(choices=CountLineState.choices)

    class Meta:
        model = StockCountLine
        fields: tuple[str, ...] = ()


class ShelfPositionFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    aisle = filters.CharFilter(field_name="aisle")

    class Meta:
        model = ShelfPosition
        fields: tuple[str, ...] = ()
