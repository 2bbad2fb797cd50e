"""Alerts in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.naming import NamedFilterSet
from accounts.api.permissions import RolePermits, caller_of
from accounts.models import User
from accounts.roles import HANDLE_ALERTS, VIEW_ALERTS
from alerts.api.serializers import AlertSerializer, SnoozeSerializer
from alerts.models import Alert
from alerts.selectors.alert_pages import alerts_for
from alerts.services.handling import acknowledge_alert, snooze_alert


class AlertFilter(NamedFilterSet):
    """By state, answer, kind, severity, place and SKU."""

    class Meta:
        model = Alert
        fields: ClassVar[list[str]] = ["state", "is_answered", "kind", "severity", "location", "sku"]


class AlertViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Alert]):
    """The alerts of the caller's places, the most money at risk first."""

    serializer_class = AlertSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_ALERTS, "POST": HANDLE_ALERTS}
    filterset_class = AlertFilter
    queryset = Alert.objects.none()

    def get_queryset(self) -> QuerySet[Alert]:
        if getattr(self, "swagger_fake_view", False) or not isinstance(self.request.user, User):
            return Alert.objects.none()
        return alerts_for(self.request.user).select_related("sku", "location").order_by("-value_at_risk", "pk")

    @extend_schema(request=None, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Marks an alert as seen; a repeat changes nothing."""
        acknowledge_alert(alert_id=self.get_object().pk, actor=caller_of(request), now=timezone.now())
        return Response(AlertSerializer(self.get_object()).data)

    @extend_schema(request=SnoozeSerializer, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hides an alert until a moment to come."""
        alert = self.get_object()
        form = SnoozeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        until = form.validated_data["until"]
        snooze_alert(alert_id=alert.pk, actor=caller_of(request), until=until, now=timezone.now())
        return Response(AlertSerializer(self.get_object()).data)
