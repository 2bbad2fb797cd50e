"""Filters of the API's list of reservations."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone

from inventory.models import Reservation, ReservationState
from inventory.selectors.reservations import in_state


class ReservationFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    kit = filters.CharFilter(field_name="kit__code")
    reference = filters.CharFilter(field_name="reference")
    state = filters.ChoiceFilter(choices=ReservationState.choices, method="filter_state")
    expires_before = filters.IsoDateTimeFilter(field_name="expires_at", lookup_expr="lt")

    class Meta:
        model = Reservation
        fields: tuple[str, ...] = ()

    def filter_state(self, rows: QuerySet[Reservation], name: str, value: str) -> QuerySet[Reservation]:
        return rows.filter(in_state(value, timezone.now()))
