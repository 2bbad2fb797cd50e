"""Filters of the API's list of reservations."""

from datetime import datetime

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.fields import DateTimeField

from inventory.models import Reservation, ReservationState
from inventory.selectors.reservations import in_state


class ReservationFilter(filters.FilterSet):
    location = filters.CharFilter(field_name="location__code")
    sku = filters.CharFilter(field_name="sku__code")
    kit = filters.CharFilter(field_name="kit__code")
    reference = filters.CharFilter(field_name="reference")
    state = filters.ChoiceFilter(choices=ReservationState.choices, method="filter_state")
    expires_before = filters.IsoDateTimeFilter(method="filter_expiry")

    class Meta:
        model = Reservation
        fields: tuple[str, ...] = ()

    def filter_state(self, rows: QuerySet[Reservation], name: str, value: str) -> QuerySet[Reservation]:
        return rows.filter(in_state(value, timezone.now()))

    def filter_expiry(self, rows: QuerySet[Reservation], name: str, value: datetime) -> QuerySet[Reservation]:
        try:
            # In a zone of ours, since PostgreSQL refuses offsets of sixteen hours and more, which the format allows.
            moment = DateTimeField().run_validation(value)
        except ValidationError as fault:
            raise ValidationError({name: fault.detail}) from fault
        return rows.filter(expires_at__lt=moment)
