"""Proposals, purchase orders and reorder levels in the API. What is not at the user's places is not found."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.permissions import RolePermits
from accounts.roles import DECIDE_PROPOSALS, RECEIVE_ORDERS, VIEW_ORDERS
from orders.api.requests import KEY_HEADER, api_key_of, found_all, user_of, valid
from orders.api.serializers import (
    ApprovalSerializer,
    ApproveSerializer,
    EditSerializer,
    ProposalSerializer,
    PurchaseOrderSerializer,
    ReceiptSerializer,
    ReceiveSerializer,
    RejectSerializer,
    ReorderLevelSerializer,
    WhySerializer,
)
from orders.models import PurchaseOrder, ReorderLevel, ReplenishmentProposal
from orders.selectors.for_api import proposals_for, purchase_orders_for, reorder_levels_for
from orders.selectors.why import why
from orders.services.decisions import approve_proposals, edit_proposal, reject_proposal
from orders.services.purchase_orders import cancel_order, close_order, mark_order_sent
from orders.services.receipts import receive_order

Permissions = dict[str, str]
DECIDING: Permissions = {"POST": DECIDE_PROPOSALS}
RECEIVING: Permissions = {"POST": RECEIVE_ORDERS}


class ProposalViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[ReplenishmentProposal]):
    """What the night suggests to buy or to move."""

    serializer_class = ProposalSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {"GET": VIEW_ORDERS}
    filterset_fields: ClassVar[list[str]] = ["state", "sku", "location", "supplier", "source", "needs_review"]
    queryset = ReplenishmentProposal.objects.none()

    def get_queryset(self) -> QuerySet[ReplenishmentProposal]:
        user = user_of(self)
        return proposals_for(user) if user else ReplenishmentProposal.objects.none()

    @extend_schema(
        operation_id="proposals_approve_many",
        request=ApproveSerializer,
        responses=ApprovalSerializer,
        parameters=[KEY_HEADER],
    )
    @action(detail=False, methods=["post"], url_path="approve", permissions_by_method=DECIDING)
    def approve_many(self, request: Request) -> Response:
        """Approves several at once, all or none: an order per supplier and location, a draft transfer per pair of
        places."""
        ids = sorted(set(valid(ApproveSerializer, request)["ids"]))
        found_all(self.get_queryset().filter(pk__in=ids), ids)
        return self._approve(request, ids)

    @extend_schema(request=None, responses=ApprovalSerializer, parameters=[KEY_HEADER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def approve(self, request: Request, pk: str) -> Response:
        """Approves one."""
        return self._approve(request, [self.get_object().pk])

    def _approve(self, request: Request, ids: list[int]) -> Response:
        key = api_key_of(request)
        approval = approve_proposals(proposal_ids=ids, user=user_of(self), now=timezone.now(), key=key)
        orders = purchase_orders_for_ids(self, [order.pk for order in approval.orders])
        transfers = [transfer.number for transfer in approval.transfers]
        return Response(ApprovalSerializer({"orders": orders, "transfers": transfers}).data)

    @extend_schema(request=EditSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def edit(self, request: Request, pk: str) -> Response:
        """Sets the quantity; the same again changes nothing."""
        quantity = valid(EditSerializer, request)["quantity"]
        edited = edit_proposal(
            proposal_id=self.get_object().pk, quantity=quantity, user=user_of(self), now=timezone.now()
        )
        return Response(ProposalSerializer(edited).data)

    @extend_schema(request=RejectSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def reject(self, request: Request, pk: str) -> Response:
        """Drops it, with a reason, for some days."""
        wanted = valid(RejectSerializer, request)
        rejected = reject_proposal(proposal_id=self.get_object().pk, user=user_of(self), now=timezone.now(), **wanted)
        return Response(ProposalSerializer(rejected).data)


def purchase_orders_for_ids(view: ProposalViewSet, ids: list[int]) -> list[PurchaseOrder]:
    user = user_of(view)
    return list(purchase_orders_for(user).filter(pk__in=ids)) if user else []


class PurchaseOrderViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[PurchaseOrder]):
    """What was bought."""

    serializer_class = PurchaseOrderSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {"GET": VIEW_ORDERS}
    filterset_fields: ClassVar[list[str]] = ["state", "number", "supplier", "location", "expected_on"]
    queryset = PurchaseOrder.objects.none()

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        user = user_of(self)
        return purchase_orders_for(user) if user else PurchaseOrder.objects.none()

    @extend_schema(request=ReceiveSerializer, responses=ReceiptSerializer, parameters=[KEY_HEADER])
    @action(detail=True, methods=["post"], permissions_by_method=RECEIVING)
    def receive(self, request: Request, pk: str) -> Response:
        """Takes in what came, whole or in part; posts it to the ledger."""
        order, lines = self.get_object(), valid(ReceiveSerializer, request).get("lines")
        receipt = receive_order(
            order_id=order.pk,
            key=api_key_of(request),
            user=user_of(self),
            now=timezone.now(),
            quantities=None if lines is None else {line["line"]: line["quantity"] for line in lines},
        )
        return Response(ReceiptSerializer(receipt).data)

    @extend_schema(request=None, responses=PurchaseOrderSerializer)
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def cancel(self, request: Request, pk: str) -> Response:
        """Nothing of it has come and nothing shall; a repeat changes nothing."""
        cancel_order(order_id=self.get_object().pk, user=user_of(self), now=timezone.now())
        return self.retrieve(request)

    @extend_schema(request=None, responses=PurchaseOrderSerializer)
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def close(self, request: Request, pk: str) -> Response:
        """What has not come of a partly received order is no longer expected; a repeat changes nothing."""
        close_order(order_id=self.get_object().pk, user=user_of(self), now=timezone.now())
        return self.retrieve(request)

    @extend_schema(request=None, responses=PurchaseOrderSerializer)
    @action(detail=True, methods=["post"], url_path="mark-sent", permissions_by_method=DECIDING)
    def mark_sent(self, request: Request, pk: str) -> Response:
        """It was sent by other means than our e-mail; a repeat changes nothing."""
        mark_order_sent(order_id=self.get_object().pk, user=user_of(self), now=timezone.now())
        return self.retrieve(request)


class ReorderLevelViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[ReorderLevel]):
    """When each listing is ordered again, and up to what."""

    serializer_class = ReorderLevelSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {"GET": VIEW_ORDERS}
    filterset_fields: ClassVar[list[str]] = ["sku", "location", "outcome", "supplier", "source"]
    queryset = ReorderLevel.objects.none()

    def get_queryset(self) -> QuerySet[ReorderLevel]:
        user = user_of(self)
        return reorder_levels_for(user) if user else ReorderLevel.objects.none()

    @extend_schema(responses=WhySerializer)
    @action(detail=True, methods=["get"])
    def why(self, request: Request, pk: str) -> Response:
        """Why this number, or why nothing, as of now."""
        level = self.get_object()
        return Response(WhySerializer(why(sku=level.sku, location=level.location, now=timezone.now())).data)
