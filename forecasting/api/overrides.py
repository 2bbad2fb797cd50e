"""Overrides in the API. One for all stores is for those who see all of them."""

from typing import ClassVar

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits
from accounts.models import User
from accounts.roles import PLAN_DEMAND, VIEW_DASHBOARDS
from accounts.services.idempotency import Answer
from forecasting.models import ForecastOverride
from forecasting.selectors.overrides import Level, overrides_for
from forecasting.services.overrides import Change, end_override, make_override
from inventory.api.fields import PlacedSerializer
from inventory.models import Category, Sku
from inventory.selectors.scope import location_scope


class OverrideSerializer(serializers.ModelSerializer[ForecastOverride]):
    """An empty sku, category or location means all. `factor` multiplies the forecast of each day; empty while the
    period is out of its reach."""

    class Meta:
        model = ForecastOverride
        fields: ClassVar[list[str]] = [
            "id", "sku", "category", "location", "starts_on", "ends_on", "expires_on", "percent", "quantity", "factor",
            "reason", "created_at", "created_by", "ended_at", "ended_by", "planned_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewOverrideSerializer(PlacedSerializer):
    """Either `percent` or `quantity` (units of the whole period, together). A category has all that lies in it."""

    sku = CodeOrIdField(queryset=Sku.objects.all(), allow_null=True, default=None)
    category = CodeOrIdField(queryset=Category.objects.all(), allow_null=True, default=None)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True, default=None)
    percent = serializers.DecimalField(max_digits=6, decimal_places=1, allow_null=True, default=None)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, default=None)
    reason = serializers.CharField(max_length=300)


class OverrideViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[ForecastOverride]):
    """What planners know better than the forecast; replenishment follows it."""

    serializer_class = OverrideSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_DASHBOARDS, "POST": PLAN_DEMAND}
    filterset_fields: ClassVar[list[str]] = ["sku", "category", "location", "starts_on", "ends_on"]
    queryset = ForecastOverride.objects.none()

    def get_queryset(self) -> QuerySet[ForecastOverride]:
        if getattr(self, "swagger_fake_view", False) or not isinstance(self.request.user, User):
            return ForecastOverride.objects.none()
        user = self.request.user
        # Those for all places hold here too, so everybody may read them.
        return overrides_for(user).filter(Q() if self.request.method == "GET" else location_scope(user))

    @extend_schema(request=NewOverrideSerializer, responses={201: OverrideSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Makes one; it counts from the next look of replenishment on, within a minute or so."""
        wanted = NewOverrideSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        values, once = dict(wanted.validated_data), Once(request)
        rows = {f"{name}_id": values.pop(name) for name in ("sku", "category", "location")}
        level = Level(**{name: row.pk if row else None for name, row in rows.items()})
        reason = values.pop("reason")
        change = Change(first=values.pop("starts_on"), last=values.pop("ends_on"), **values)

        def act() -> Answer:
            row = make_override(level=level, change=change, reason=reason, actor=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, OverrideSerializer(row).data)

        return once.answer(act)

    @extend_schema(request=None, responses=OverrideSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It counts no longer; a repeat changes nothing."""
        override_id, once = self.get_object().pk, Once(request)

        def act() -> Answer:
            row = end_override(override_id=override_id, actor=once.user, now=once.now)
            return Answer(200, OverrideSerializer(row).data)

        return once.answer(act)
