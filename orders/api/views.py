"""Proposals, purchase orders and reorder levels in the API. What is not at the user's places is not found."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.permissions import RolePermits
from accounts.models import User
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, RECEIVE_ORDERS, VIEW_ORDERS
from accounts.services.idempotency import Answer
from inventory.domain.goods import LotName
from orders.api.requests import found_all, user_of, valid
from orders.api.serializers import (
    ApprovalSerializer,
    ApproveOrdersSerializer,
    ApproveSerializer,
    EditSerializer,
    ProposalSerializer,
    PurchaseOrderSerializer,
    ReceiptSerializer,
    ReceiveSerializer,
    RefuseSerializer,
    RejectSerializer,
    ReorderLevelSerializer,
    ReturnSerializer,
    ReviseSerializer,
    SplitSerializer,
    SupplierReturnSerializer,
    WhySerializer,
)
from orders.models import PurchaseOrder, ReorderLevel, ReplenishmentProposal
from orders.selectors.for_api import proposals_for, purchase_orders_for, reorder_levels_for
from orders.selectors.why import why
from orders.services.approvals import approve_order, approve_orders, refuse_order
from orders.services.decisions import Approval, approve_proposals, edit_proposal, reject_proposal
from orders.services.purchase_orders import cancel_order, close_order, mark_order_sent
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from orders.services.splits import split_proposal
from orders.services.supplier_returns import return_goods

Permissions = dict[str, str]
DECIDING: Permissions = {"POST": DECIDE_PROPOSALS}
RECEIVING: Permissions = {"POST": RECEIVE_ORDERS}
APPROVING: Permissions = {"POST": APPROVE_ORDERS}


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
        parameters=[KEY_PARAMETER],
    )
    @action(detail=False, methods=["post"], url_path="approve", permissions_by_method=DECIDING)
    def approve_many(self, request: Request) -> Response:
        """Approves several at once, all or none: an order per supplier and location, a draft transfer per pair of
        places."""
        wanted = valid(ApproveSerializer, request)
        ids = sorted(set(wanted["ids"]))
        found_all(self.get_queryset().filter(pk__in=ids), ids)
        return self._approve(request, ids, wanted["seen"])

    @extend_schema(request=None, responses=ApprovalSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def approve(self, request: Request, pk: str) -> Response:
        """Approves one."""
        return self._approve(request, [self.get_object().pk], {})

    def _approve(self, request: Request, ids: list[int], seen: dict[int, Decimal]) -> Response:
        once = Once(request)

        def act() -> Answer:
            approval = approve_proposals(proposal_ids=ids, user=once.user, now=once.now, key=once.act_key, seen=seen)
            return self._answer(once.user, approval)

        return once.answer(act)

    def _answer(self, user: User, approval: Approval) -> Answer:
        orders = purchase_orders_for(user).filter(pk__in=[order.pk for order in approval.orders])
        transfers = [transfer.number for transfer in approval.transfers]
        return Answer(200, ApprovalSerializer({"orders": orders, "transfers": transfers}).data)

    @extend_schema(request=SplitSerializer, responses=ApprovalSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def split(self, request: Request, pk: str) -> Response:
        """Buys it from several suppliers at once: an order for each, all or none."""
        proposal, wanted, once = self.get_object(), valid(SplitSerializer, request), Once(request)

        def act() -> Answer:
            approval = split_proposal(
                proposal_id=proposal.pk, wanted=wanted["parts"], user=once.user, now=once.now, key=once.act_key,
                seen=wanted["seen"],
            )  # fmt: skip
            return self._answer(once.user, approval)

        return once.answer(act)

    @extend_schema(request=EditSerializer, responses=ProposalSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def edit(self, request: Request, pk: str) -> Response:
        """Sets the quantity; the same again changes nothing."""
        proposal, quantity, once = self.get_object(), valid(EditSerializer, request)["quantity"], Once(request)

        def act() -> Answer:
            edited = edit_proposal(proposal_id=proposal.pk, quantity=quantity, user=once.user, now=once.now)
            return Answer(200, ProposalSerializer(edited).data)

        return once.answer(act)

    @extend_schema(request=RejectSerializer, responses=ProposalSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def reject(self, request: Request, pk: str) -> Response:
        """Drops it, with a reason, for some days."""
        proposal, wanted, once = self.get_object(), valid(RejectSerializer, request), Once(request)

        def act() -> Answer:
            rejected = reject_proposal(proposal_id=proposal.pk, user=once.user, now=once.now, **wanted)
            return Answer(200, ProposalSerializer(rejected).data)

        return once.answer(act)


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

    @extend_schema(request=ReceiveSerializer, responses=ReceiptSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=RECEIVING)
    def receive(self, request: Request, pk: str) -> Response:
        """Takes in what came, whole or in part; posts it to the ledger."""
        order, lines, once = self.get_object(), valid(ReceiveSerializer, request).get("lines"), Once(request)
        quantities = None if lines is None else {line["line"]: line["quantity"] for line in lines}
        lots = {line["line"]: LotName(line["lot"], line["expires_on"]) for line in lines or () if line["lot"]}

        def act() -> Answer:
            receipt = receive_order(
                order_id=order.pk, key=once.act_key, user=once.user, now=once.now, quantities=quantities, lots=lots
            )
            return Answer(200, ReceiptSerializer(receipt).data)

        return once.answer(act)

    @extend_schema(
        operation_id="purchase_orders_approve_many", request=ApproveOrdersSerializer,
        responses=PurchaseOrderSerializer(many=True), parameters=[KEY_PARAMETER],
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="approve", pagination_class=None, permissions_by_method=APPROVING)
    def approve_many(self, request: Request) -> Response:
        """The second person's yes to several, to all or to none; a refusal has a row for each that is refused."""
        wanted, once = valid(ApproveOrdersSerializer, request), Once(request)
        ids = sorted(set(wanted["ids"]))
        found_all(self.get_queryset().filter(pk__in=ids), ids)

        def act() -> Answer:
            approve_orders(order_ids=ids, user=once.user, now=once.now, seen=wanted["seen"])
            return Answer(200, PurchaseOrderSerializer(self.get_queryset().filter(pk__in=ids), many=True).data)

        return once.answer(act)

    @extend_schema(request=None, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=APPROVING)
    def approve(self, request: Request, pk: str) -> Response:
        """The second person's yes to an order above its maker's limit: the supplier gets it."""
        return self._do(request, approve_order)

    @extend_schema(request=RefuseSerializer, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=APPROVING)
    def refuse(self, request: Request, pk: str) -> Response:
        """The second person's no, with the reason."""
        self.get_object()
        return self._do(request, partial(refuse_order, note=valid(RefuseSerializer, request)["note"]))

    @extend_schema(request=ReturnSerializer, responses=SupplierReturnSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], url_path="return", url_name="give-back", permissions_by_method=RECEIVING)
    def give_back(self, request: Request, pk: str) -> Response:
        """Sends goods of the order back to its supplier; posts it to the ledger."""
        order, wanted, once = self.get_object(), valid(ReturnSerializer, request), Once(request)
        quantities = {row["line"]: row["quantity"] for row in wanted["lines"]}
        lots = {row["line"]: row["lot"] for row in wanted["lines"] if row["lot"]}

        def act() -> Answer:
            row = return_goods(
                order_id=order.pk, quantities=quantities, lots=lots, reason=wanted["reason"], key=once.act_key,
                user=once.user, now=once.now,
            )  # fmt: skip
            return Answer(200, SupplierReturnSerializer(row).data)

        return once.answer(act)

    @extend_schema(request=ReviseSerializer, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def revise(self, request: Request, pk: str) -> Response:
        """Changes quantities and days after the supplier has it; they get the whole order anew."""
        self.get_object()
        wanted = valid(ReviseSerializer, request)
        changes = {row["line"]: LineChange(row["quantity"], row["expected_on"]) for row in wanted["lines"]}
        return self._do(request, partial(revise_order, changes=changes, note=wanted["note"]))

    @extend_schema(request=None, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def cancel(self, request: Request, pk: str) -> Response:
        """Nothing of it has come and nothing shall."""
        return self._do(request, cancel_order)

    @extend_schema(request=None, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method=DECIDING)
    def close(self, request: Request, pk: str) -> Response:
        """What has not come of a partly received order is no longer expected."""
        return self._do(request, close_order)

    @extend_schema(request=None, responses=PurchaseOrderSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], url_path="mark-sent", permissions_by_method=DECIDING)
    def mark_sent(self, request: Request, pk: str) -> Response:
        """It was sent by other means than our e-mail."""
        return self._do(request, mark_order_sent)

    def _do(self, request: Request, change: Callable[..., object]) -> Response:
        order, once = self.get_object(), Once(request)

        def act() -> Answer:
            change(order_id=order.pk, user=once.user, now=once.now)
            return Answer(200, PurchaseOrderSerializer(self.get_queryset().get(pk=order.pk)).data)

        return once.answer(act)


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
