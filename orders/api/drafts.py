"""Orders made by hand, for programs: a draft with its lines, written anew as often as wanted, then given up."""

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
from accounts.api.permissions import RolePermits, caller_of
from accounts.models import User
from accounts.roles import DECIDE_PROPOSALS, VIEW_ORDERS
from accounts.services.idempotency import Answer
from inventory.api.fields import NamedLocationField
from inventory.models import Sku
from orders.api.requests import user_of, valid
from orders.api.serializers import PurchaseOrderSerializer
from orders.models import OrderState, PurchaseOrder
from orders.selectors.for_api import purchase_orders_for
from orders.services.drafts import DraftLine, make_draft, submit_draft, write_draft
from suppliers.models import Supplier


class DraftLineSerializer(serializers.Serializer[Any]):
    sku = CodeOrIdField(queryset=Sku.objects.filter(is_active=True))
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    expected_on = serializers.DateField(allow_null=True, default=None, help_text="Empty: with the whole order.")


class DraftLinesSerializer(serializers.Serializer[Any]):
    lines = DraftLineSerializer(many=True)


class NewDraftSerializer(DraftLinesSerializer):
    supplier = CodeOrIdField(queryset=Supplier.objects.filter(is_active=True))
    location = NamedLocationField()


class DraftOrderViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[PurchaseOrder]):
    """Orders that are still drafts. What they are to bring counts as on order."""

    serializer_class = PurchaseOrderSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": VIEW_ORDERS, "POST": DECIDE_PROPOSALS, "PUT": DECIDE_PROPOSALS,
    }  # fmt: skip
    filterset_fields: ClassVar[list[str]] = ["supplier", "location"]
    queryset = PurchaseOrder.objects.none()

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        user = user_of(self)
        return purchase_orders_for(user).filter(state=OrderState.DRAFT) if user else PurchaseOrder.objects.none()

    @extend_schema(request=NewDraftSerializer, responses={201: PurchaseOrderSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Makes a draft with its lines; prices are those of the terms."""
        wanted = NewDraftSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        values, once = wanted.validated_data, Once(request)

        def act() -> Answer:
            order = make_draft(
                supplier=values["supplier"], location=values["location"], lines=_lines(values), user=once.user,
                now=once.now,
            )  # fmt: skip
            return Answer(status.HTTP_201_CREATED, _shown(once.user, order.pk))

        return once.answer(act)

    @extend_schema(request=DraftLinesSerializer, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    def update(self, request: Request, pk: str) -> Response:
        """Makes these its lines; the same again changes nothing."""
        order_id, wanted, once = self.get_object().pk, valid(DraftLinesSerializer, request), Once(request)

        def act() -> Answer:
            write_draft(order_id=order_id, lines=_lines(wanted), user=once.user, now=once.now)
            return Answer(200, _shown(once.user, order_id))

        return once.answer(act)

    @extend_schema(request=None, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Orders it, or asks a second person where it is above the limit."""
        order_id, once = self.get_object().pk, Once(request)

        def act() -> Answer:
            submit_draft(order_id=order_id, user=caller_of(request), now=once.now)
            return Answer(200, _shown(once.user, order_id))

        return once.answer(act)


def _lines(values: Any) -> list[DraftLine]:
    return [DraftLine(line["sku"].pk, line["quantity"], line["expected_on"]) for line in values["lines"]]


def _shown(user: User, order_id: int) -> Any:
    return PurchaseOrderSerializer(purchase_orders_for(user).get(pk=order_id)).data
