"""Forecasts in the API."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.viewsets import GenericViewSet

from accounts.api.naming import NamedFilterSet
from accounts.api.permissions import RolePermits
from accounts.models import User
from accounts.roles import VIEW_STOCK
from forecasting.api.serializers import ForecastSerializer
from forecasting.models import SeriesForecast, SeriesState
from forecasting.selectors.series import published_series

STATES = {state.name.lower(): state.value for state in SeriesState}


class ForecastFilter(NamedFilterSet):
    """By location, SKU or state."""

    state = django_filters.ChoiceFilter(choices=[(word, word) for word in STATES], method="filter_state")

    class Meta:
        model = SeriesForecast
        fields: ClassVar[list[str]] = ["location", "sku"]

    def filter_state(self, rows: QuerySet[SeriesForecast], name: str, value: str) -> QuerySet[SeriesForecast]:
        return rows.filter(state=STATES[value])


class ForecastViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[SeriesForecast]):
    """The published forecast of each series that the user may see."""

    serializer_class = ForecastSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_STOCK}
    filterset_class = ForecastFilter
    queryset = SeriesForecast.objects.none()

    def get_queryset(self) -> QuerySet[SeriesForecast]:
        if getattr(self, "swagger_fake_view", False) or not isinstance(self.request.user, User):
            return SeriesForecast.objects.none()
        return published_series(self.request.user)
