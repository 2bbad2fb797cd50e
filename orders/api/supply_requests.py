"""Requests to deliver in the API: a shortage that all suppliers of a SKU are asked about at once."""

from typing import Any, ClassVar

from django.db.models import QuerySet
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
from accounts.roles import DECIDE_PROPOSALS, VIEW_ORDERS
from accounts.services.idempotency import Answer
from inventory.api.fields import NamedLocationField
from inventory.models import Sku
from orders.api.requests import user_of
from orders.models import SupplyOffer, SupplyRequest
from orders.selectors.supply_requests import requests_for
from orders.services.supply_requests import MAX_NOTE, Need, ask_suppliers, withdraw_request


class SupplyOfferSerializer(serializers.ModelSerializer[SupplyOffer]):
    """What one supplier was asked for, in their packs and currency, and what they said."""

    class Meta:
        model = SupplyOffer
        fields: ClassVar[list[str]] = ["supplier", "quantity", "unit_price", "state", "promised_on", "answered_at"]
        read_only_fields = fields


class SupplyRequestSerializer(serializers.ModelSerializer[SupplyRequest]):
    """`closes_at` is until when suppliers may confirm; `purchase_order` is what came of it."""

    offers = SupplyOfferSerializer(many=True, read_only=True)

    class Meta:
        model = SupplyRequest
        fields: ClassVar[list[str]] = [
            "id", "sku", "location", "quantity", "wanted_by", "note", "state", "created_at", "created_by", "closes_at",
            "closed_at", "purchase_order", "offers",
        ]  # fmt: skip
        read_only_fields = fields


class NewSupplyRequestSerializer(serializers.Serializer[Any]):
    sku = CodeOrIdField(queryset=Sku.objects.filter(is_active=True))
    location = NamedLocationField()
    quantity = serializers.DecimalField(max_digits=11, decimal_places=3)
    wanted_by = serializers.DateField()
    note = serializers.CharField(max_length=MAX_NOTE, allow_blank=True, default="")


class SupplyRequestViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[SupplyRequest]):
    """Requests of the caller's places, the newest first, each with whom it was sent to and what they said."""

    serializer_class = SupplyRequestSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_ORDERS, "POST": DECIDE_PROPOSALS}
    filterset_fields: ClassVar[list[str]] = ["sku", "location", "state", "purchase_order"]
    queryset = SupplyRequest.objects.none()

    def get_queryset(self) -> QuerySet[SupplyRequest]:
        user = user_of(self)
        return requests_for(user).prefetch_related("offers") if user else SupplyRequest.objects.none()

    @extend_schema(
        request=NewSupplyRequestSerializer, responses={201: SupplyRequestSerializer}, parameters=[KEY_PARAMETER]
    )
    def create(self, request: Request) -> Response:
        """Asks every active supplier of the SKU who has an e-mail address; the first to confirm gets the order."""
        wanted = NewSupplyRequestSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        need, once = Need(**wanted.validated_data), Once(request)

        def act() -> Answer:
            made = ask_suppliers(need=need, user=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, SupplyRequestSerializer(made).data)

        return once.answer(act)

    @extend_schema(request=None, responses=SupplyRequestSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """It is not needed any more; those who did not decline are told. A repeat changes nothing."""
        found, once = self.get_object(), Once(request)

        def act() -> Answer:
            withdraw_request(request_id=found.pk, user=once.user, now=once.now)
            return Answer(200, SupplyRequestSerializer(self.get_queryset().get(pk=found.pk)).data)

        return once.answer(act)
