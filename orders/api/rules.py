"""Limits of approval, exchange rates and delegations in the API. They belong to the whole firm."""

from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.models import User
from accounts.roles import APPROVE_ORDERS, SET_BUYING_RULES, VIEW_ORDERS
from accounts.services.idempotency import Answer
from orders.api.requests import user_of, valid
from orders.domain.approval import Limit
from orders.models import ApprovalLimit, Delegation, ExchangeRate
from orders.selectors.approvals import delegations_for
from orders.selectors.exchange_rates import listed_rates
from orders.services.delegations import delegate, end_delegation
from orders.services.limits import set_limit, set_rate
from orders.versions import LIMIT

Permissions = dict[str, str]


class ApprovalLimitSerializer(serializers.ModelSerializer[ApprovalLimit]):
    """In the firm's currency; null is no limit."""

    class Meta:
        model = ApprovalLimit
        fields: ClassVar[list[str]] = ["id", "role", "alone_up_to", "release_up_to"]
        read_only_fields: ClassVar[list[str]] = ["id", "role"]


class ApprovalLimitViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[ApprovalLimit]):
    """What one person of a role may buy alone, and what they may approve of what others made."""

    versioned = LIMIT
    serializer_class = ApprovalLimitSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {"GET": VIEW_ORDERS, "PATCH": SET_BUYING_RULES}
    queryset = ApprovalLimit.objects.order_by("pk")

    @extend_schema(request=ApprovalLimitSerializer, responses=ApprovalLimitSerializer, parameters=[IF_MATCH, ETAG])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the given amounts, for what is bought from now on."""
        row = self.get_object()
        wanted = ApprovalLimitSerializer(row, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        amounts = {"alone_up_to": row.alone_up_to, "release_up_to": row.release_up_to, **wanted.validated_data}
        act = partial(set_limit, limit_id=row.pk, limit=Limit(**amounts), actor=caller_of(request), now=timezone.now())
        changed = edit_matching(request, LIMIT, row.pk, act)
        return tagged(Response(ApprovalLimitSerializer(changed).data), LIMIT, row.pk)


class ExchangeRateSerializer(serializers.ModelSerializer[ExchangeRate]):
    class Meta:
        model = ExchangeRate
        fields: ClassVar[list[str]] = ["id", "currency", "valid_from", "rate"]
        read_only_fields = fields


class NewExchangeRateSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField(min_length=3, max_length=3)
    valid_from = serializers.DateField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=8)


class ExchangeRateViewSet(ListModelMixin, GenericViewSet[ExchangeRate]):
    """What one unit of another currency is worth in the firm's, from which day."""

    serializer_class = ExchangeRateSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {"GET": VIEW_ORDERS, "POST": SET_BUYING_RULES}
    filterset_fields: ClassVar[list[str]] = ["currency", "valid_from"]
    queryset = ExchangeRate.objects.none()

    def get_queryset(self) -> QuerySet[ExchangeRate]:
        return listed_rates()

    @extend_schema(
        request=NewExchangeRateSerializer, responses={201: ExchangeRateSerializer}, parameters=[KEY_PARAMETER]
    )
    def create(self, request: Request) -> Response:
        """Sets the rate of a day; one of the same day is replaced."""
        wanted, once = valid(NewExchangeRateSerializer, request), Once(request)

        def act() -> Answer:
            rate = set_rate(**wanted, actor=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, ExchangeRateSerializer(rate).data)

        return once.answer(act)


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    class Meta:
        model = Delegation
        fields: ClassVar[list[str]] = ["id", "giver", "taker", "starts_on", "ends_on", "created_at", "ended_at"]
        read_only_fields = fields


class NewDelegationSerializer(serializers.Serializer[Any]):
    """Without `giver` it is the caller's own limit that is lent."""

    giver = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True, default=None
    )
    taker = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class DelegationViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Delegation]):
    """Who approves for whom, and when: those of the caller, all for an administrator."""

    serializer_class = DelegationSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {"GET": VIEW_ORDERS, "POST": APPROVE_ORDERS}
    filterset_fields: ClassVar[list[str]] = ["giver", "taker"]
    queryset = Delegation.objects.none()

    def get_queryset(self) -> QuerySet[Delegation]:
        user = user_of(self)
        return delegations_for(user) if user else Delegation.objects.none()

    @extend_schema(request=NewDelegationSerializer, responses={201: DelegationSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Lends a limit for some days."""
        wanted, once = valid(NewDelegationSerializer, request), Once(request)
        wanted["giver"] = wanted["giver"] or once.user

        def act() -> Answer:
            row = delegate(**wanted, actor=once.user, now=once.now, today=timezone.localdate(once.now))
            return Answer(status.HTTP_201_CREATED, DelegationSerializer(row).data)

        return once.answer(act)

    @extend_schema(request=None, responses=DelegationSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Ends it now."""
        row, once = self.get_object(), Once(request)

        def act() -> Answer:
            ended = end_delegation(delegation_id=row.pk, actor=once.user, now=once.now)
            return Answer(200, DelegationSerializer(ended).data)

        return once.answer(act)
