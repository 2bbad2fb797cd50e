"""Emergencies in the API: all ways compared, one of them taken. What is not at the user's places is not found."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.permissions import RolePermits
from accounts.roles import DECIDE_PROPOSALS, VIEW_ORDERS
from accounts.services.idempotency import Answer
from orders.api.requests import user_of, valid
from orders.models import Emergency
from orders.selectors.emergencies import emergencies_for, ways_of
from orders.services.emergency_decisions import approve_emergency, wait_for_delivery


class WaySerializer(serializers.Serializer[Any]):
    """`party_id` is the supplier of `express`, the giving location of `transfer`, 0 of `wait`. `unit_price` is in
    `currency`, all costs in the firm's: what it costs itself, what the giver is expected to lose, and the `lost` units
    that it does not save."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=["express", "transfer", "wait"])
    party_id = serializers.IntegerField()
    name = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4)
    currency = serializers.CharField()
    arrives_on = serializers.DateField()
    own_cost = serializers.DecimalField(max_digits=14, decimal_places=2)
    giver_cost = serializers.DecimalField(max_digits=14, decimal_places=2)
    lost = serializers.DecimalField(max_digits=14, decimal_places=3)
    lost_cost = serializers.DecimalField(max_digits=14, decimal_places=2)
    total = serializers.DecimalField(max_digits=14, decimal_places=2)


class EmergencySerializer(serializers.ModelSerializer[Emergency]):
    """`ways` are all that were compared, the cheapest first."""

    ways = serializers.SerializerMethodField()

    class Meta:
        model = Emergency
        fields: ClassVar[list[str]] = [
            "id", "sku", "location", "state", "runs_out_on", "relief_on", "kind", "supplier", "source", "quantity",
            "expected_on", "stockout_cost", "saving", "ways", "created_at", "updated_at", "decided_at", "quiet_until",
            "purchase_order", "transfer",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WaySerializer(many=True))
    def get_ways(self, row: Emergency) -> Any:
        return WaySerializer(ways_of(row), many=True).data


class TakeWaySerializer(serializers.Serializer[Any]):
    way = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="Its key; empty: the cheapest.")
    seen = serializers.DecimalField(
        max_digits=14, decimal_places=3, allow_null=True, default=None, help_text="The quantity that you saw."
    )


class EmergencyViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Emergency]):
    """Shelves that will be empty before the ordinary delivery comes, where something costs less than waiting."""

    serializer_class = EmergencySerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_ORDERS, "POST": DECIDE_PROPOSALS}
    filterset_fields: ClassVar[list[str]] = ["state", "kind", "sku", "location", "supplier", "source"]
    queryset = Emergency.objects.none()

    def get_queryset(self) -> QuerySet[Emergency]:
        user = user_of(self)
        return emergencies_for(user) if user else Emergency.objects.none()

    @extend_schema(request=TakeWaySerializer, responses=EmergencySerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Buys by express or makes a draft transfer, as the way says."""
        row_id, wanted, once = self.get_object().pk, valid(TakeWaySerializer, request), Once(request)

        def act() -> Answer:
            row = approve_emergency(emergency_id=row_id, user=once.user, now=once.now, key=once.act_key, **wanted)
            return Answer(200, EmergencySerializer(row).data)

        return once.answer(act)

    @extend_schema(request=None, responses=EmergencySerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def wait(self, request: Request, pk: str) -> Response:
        """Nothing is done before the ordinary delivery, and nobody is asked again before it."""
        row_id, once = self.get_object().pk, Once(request)

        def act() -> Answer:
            return Answer(
                200, EmergencySerializer(wait_for_delivery(emergency_id=row_id, user=once.user, now=once.now)).data
            )

        return once.answer(act)
