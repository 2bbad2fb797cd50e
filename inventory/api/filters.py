"""Filters of the API's lists."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import DateField, F, Func, Q, QuerySet

from accounts.api.filters import ID_DIGITS
from inventory.api.fields import QUANTITY
from inventory.domain.bands import band_of
from inventory.models import LostSale, Movement, Sku, StockLevel, StockoutEvent, Transfer, TransferState
from inventory.models.movement import MovementKind
from inventory.selectors.by_code import place_by_code, skus_by_code
from inventory.selectors.ledger import with_reason
from inventory.selectors.reserved import available_of_level
from inventory.selectors.stock import search_skus

DAY = "(timezone(%(expressions)s))::date"
# A shelf that was filled at midnight was not out of stock on the day that began.
LAST_DAY = "(timezone(%(expressions)s) - interval '1 microsecond')::date"


class SkuFilter(filters.FilterSet):
    search = filters.CharFilter(method="filter_search", label="A part of the code or name, or a barcode")
    category = filters.CharFilter(field_name="category__code")
    code = filters.CharFilter(field_name="code")
    is_active = filters.BooleanFilter()

    class Meta:
        model = Sku
        fields: tuple[str, ...] = ()

    def filter_search(self, rows: QuerySet[Sku], name: str, value: str) -> QuerySet[Sku]:
        return search_skus(value, is_active=None, among=rows)


class LevelFilter(filters.FilterSet):
    # Codes are looked up first: a statement with the ids is planned for this place, not for an average one.
    location = filters.CharFilter(method="filter_location")
    sku = filters.CharFilter(method="filter_sku")
    available_below = filters.NumberFilter(
        method="filter_available_below", label="available below this quantity", **QUANTITY
    )

    class Meta:
        model = StockLevel
        fields: tuple[str, ...] = ()

    def filter_available_below(self, rows: QuerySet[StockLevel], name: str, value: Any) -> QuerySet[StockLevel]:
        # The band is found by an index, the level is then looked at itself.
        # What expired a moment ago is available in spite of its band.
        return rows.filter(available_band__lte=band_of(value)).alias(left=available_of_level()).filter(left__lt=value)

    def filter_location(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        place = place_by_code(value, user=None)
        return rows.filter(location_id=place.pk) if place else rows.none()

    def filter_sku(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        found = skus_by_code([value])
        return rows.filter(sku_id=found[value][0]) if found else rows.none()


class MovementFilter(filters.FilterSet):
    location = filters.CharFilter(method="filter_location", label="From or to the place with this code")
    sku = filters.CharFilter(field_name="sku__code")
    kind = filters.ChoiceFilter(choices=MovementKind.choices)
    reason = filters.CharFilter(method=with_reason, label="Code of the reason of an adjustment")
    posting = filters.NumberFilter(field_name="posting_id", **ID_DIGITS)
    lot = filters.NumberFilter(field_name="lot_id", label="id of the lot", **ID_DIGITS)
    since = filters.DateFilter(field_name="business_date", lookup_expr="gte")
    until = filters.DateFilter(field_name="business_date", lookup_expr="lte")

    class Meta:
        model = Movement
        fields: tuple[str, ...] = ()

    def filter_location(self, rows: QuerySet[Movement], name: str, value: str) -> QuerySet[Movement]:
        place = place_by_code(value, user=None)
        return rows.filter(Q(source_id=place.pk) | Q(destination_id=place.pk)) if place else rows.none()


class LostSaleFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    since = filters.DateFilter(field_name="business_date", lookup_expr="gte")
    until = filters.DateFilter(field_name="business_date", lookup_expr="lte")

    class Meta:
        model = LostSale
        fields: tuple[str, ...] = ()


def day_at_place(moment: str, template: str) -> Func:
    """The day of a moment on the calendar of its place."""
    return Func(F("location__time_zone"), F(moment), template=template, output_field=DateField())


class StockoutFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    is_open = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")
    since = filters.DateFilter(method="filter_since", label="Still out of stock on this day of the place, or later")
    until = filters.DateFilter(method="filter_until", label="Out of stock on this day of the place, or before")

    class Meta:
        model = StockoutEvent
        fields: tuple[str, ...] = ()

    def filter_since(self, rows: QuerySet[StockoutEvent], name: str, value: date) -> QuerySet[StockoutEvent]:
        return rows.alias(last_on=day_at_place("ended_at", LAST_DAY)).filter(Q(ended_at=None) | Q(last_on__gte=value))

    def filter_until(self, rows: QuerySet[StockoutEvent], name: str, value: date) -> QuerySet[StockoutEvent]:
        return rows.alias(began_on=day_at_place("started_at", DAY)).filter(began_on__lte=value)


class TransferFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=TransferState.choices)
    source = filters.CharFilter(field_name="source__code")
    destination = filters.CharFilter(field_name="destination__code")

    class Meta:
        model = Transfer
        fields: tuple[str, ...] = ()
