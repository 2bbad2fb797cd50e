"""Rules that approve by themselves in the API. A rule for all locations is for those who see all of them."""

from dataclasses import fields
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
from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.models import User
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, SET_BUYING_RULES, VIEW_ORDERS
from accounts.services.idempotency import Answer
from inventory.api.fields import PlacedSerializer
from inventory.models import Category
from inventory.selectors.scope import location_scope, locations_for
from orders.api.requests import user_of
from orders.models import AutoApprovalRule
from orders.models.policy import Steadiness, ValueClass
from orders.selectors.auto_approval import auto_rules_for, try_rule
from orders.services.auto_approval import (
    AutoConditions,
    end_auto_rule,
    set_auto_rule,
    stop_auto_approval,
    switch_auto_rule,
)
from orders.versions import AUTO_RULE
from suppliers.models import Supplier

Permissions = dict[str, str]
ROWS = ("supplier", "category", "location")


class AutoApprovalRuleSerializer(serializers.ModelSerializer[AutoApprovalRule]):
    """Amounts in the firm's currency. An empty condition fits everything."""

    value_class = serializers.CharField(read_only=True, help_text="A, B or C; empty for all.")
    steadiness = serializers.CharField(read_only=True, help_text="X, Y or Z; empty for all.")

    class Meta:
        model = AutoApprovalRule
        fields: ClassVar[list[str]] = [
            "id", "name", "author", "supplier", "category", "value_class", "steadiness", "location", "order_up_to",
            "within_percent", "daily_cap", "is_active", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewAutoApprovalRuleSerializer(PlacedSerializer):
    name = serializers.CharField(max_length=80)
    supplier = CodeOrIdField(queryset=Supplier.objects.all(), allow_null=True, required=False, default=None)
    category = CodeOrIdField(queryset=Category.objects.all(), allow_null=True, required=False, default=None)
    value_class = serializers.ChoiceField(choices=ValueClass.choices, allow_blank=True, default="")
    steadiness = serializers.ChoiceField(choices=Steadiness.choices, allow_blank=True, default="")
    order_up_to = serializers.DecimalField(max_digits=14, decimal_places=2)
    daily_cap = serializers.DecimalField(max_digits=14, decimal_places=2)
    within_percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True, default=None)


class EditAutoApprovalRuleSerializer(NewAutoApprovalRuleSerializer):
    is_active = serializers.BooleanField(required=False)


class TrialSerializer(serializers.Serializer[Any]):
    """What a rule would approve of the proposals of now. `left_over` counts proposals by why they are left."""

    count = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=16, decimal_places=2)
    proposals = serializers.ListField(child=serializers.IntegerField())
    left_over = serializers.DictField(child=serializers.IntegerField())


class StoppedSerializer(serializers.Serializer[Any]):
    is_stopped = serializers.BooleanField()


class AutoApprovalRuleViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[AutoApprovalRule]):
    """Rules that approve proposals in the name of their author after each night, within a cap a day."""

    versioned = AUTO_RULE
    serializer_class = AutoApprovalRuleSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[Permissions] = {
        "GET": VIEW_ORDERS,
        "POST": DECIDE_PROPOSALS,
        "PATCH": DECIDE_PROPOSALS,
        "DELETE": DECIDE_PROPOSALS,
    }
    filterset_fields: ClassVar[list[str]] = ["supplier", "category", "location", "author", "is_active"]
    queryset = AutoApprovalRule.objects.none()

    def get_queryset(self) -> QuerySet[AutoApprovalRule]:
        user = user_of(self)
        if user is None:
            return AutoApprovalRule.objects.none()
        if self.request.method in ("PATCH", "DELETE"):
            return AutoApprovalRule.objects.filter(location_scope(user), ended_at=None)
        return auto_rules_for(user)

    @extend_schema(
        request=NewAutoApprovalRuleSerializer,
        responses={201: AutoApprovalRuleSerializer},
        parameters=[KEY_PARAMETER],
    )
    def create(self, request: Request) -> Response:
        """Makes a rule in the caller's name, on from the start."""
        wanted = NewAutoApprovalRuleSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        conditions, once = _conditions(wanted.validated_data), Once(request)

        def act() -> Answer:
            rule = set_auto_rule(conditions=conditions, author=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, AutoApprovalRuleSerializer(rule).data)

        return once.answer(act)

    @extend_schema(
        request=EditAutoApprovalRuleSerializer, responses=AutoApprovalRuleSerializer, parameters=[IF_MATCH, ETAG]
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the given fields; the rule is then in the caller's name, unless it is only switched on or off."""
        rule = self.get_object()
        wanted = EditAutoApprovalRuleSerializer(data=request.data, partial=True, context={"request": request})
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        edit_matching(request, AUTO_RULE, rule.pk, partial(_change, rule, given, caller_of(request)))
        return tagged(Response(AutoApprovalRuleSerializer(self.get_object()).data), AUTO_RULE, rule.pk)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: str) -> Response:
        """Ends it for good; the orders that it approved keep its name."""
        rule_id = self.get_object().pk
        act = partial(end_auto_rule, rule_id=rule_id, actor=caller_of(request), now=timezone.now())
        edit_matching(request, AUTO_RULE, rule_id, act)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=TrialSerializer)
    @action(detail=True, methods=["get"])
    def trial(self, request: Request, pk: str) -> Response:
        """Which of the proposals of now it would approve; nothing is written."""
        seen = locations_for(caller_of(request)).values_list("pk", flat=True)
        tried = try_rule(rule=self.get_object(), now=timezone.now(), seen=set(seen))
        ids = sorted(line.pk for _choice, lines in tried.orders for line in lines)
        return Response(
            TrialSerializer(
                {"count": tried.count, "total": tried.total, "proposals": ids, "left_over": tried.left_over}
            ).data
        )

    @extend_schema(request=None, responses=StoppedSerializer, parameters=[KEY_PARAMETER])
    @action(detail=False, methods=["post"], permissions_by_method={"POST": APPROVE_ORDERS})
    def stop(self, request: Request) -> Response:
        """Stops all rules at once: nothing is approved without a person any more."""
        return _switch_all(request, is_stopped=True)

    @extend_schema(request=None, responses=StoppedSerializer, parameters=[KEY_PARAMETER])
    @action(detail=False, methods=["post"], permissions_by_method={"POST": SET_BUYING_RULES})
    def start(self, request: Request) -> Response:
        """Lets the rules that are on approve again."""
        return _switch_all(request, is_stopped=False)


def _switch_all(request: Request, *, is_stopped: bool) -> Response:
    once = Once(request)

    def act() -> Answer:
        row = stop_auto_approval(is_stopped=is_stopped, actor=once.user, now=once.now)
        return Answer(200, {"is_stopped": row.is_auto_approval_stopped})

    return once.answer(act)


def _change(rule: AutoApprovalRule, given: dict[str, Any], user: User) -> None:
    now, is_active = timezone.now(), given.pop("is_active", None)
    if given:
        kept = {field.name: getattr(rule, field.name) for field in fields(AutoConditions)}
        conditions = AutoConditions(**kept | _with_ids(given))
        set_auto_rule(conditions=conditions, author=user, now=now, rule_id=rule.pk)
    if is_active is not None:
        switch_auto_rule(rule_id=rule.pk, is_active=is_active, actor=user, now=now)


def _with_ids(given: dict[str, Any]) -> dict[str, Any]:
    """Rows by their id, everything else as it is."""
    rows = {f"{name}_id": getattr(given[name], "pk", None) for name in ROWS if name in given}
    return {name: value for name, value in given.items() if name not in ROWS} | rows


def _conditions(given: dict[str, Any]) -> AutoConditions:
    return AutoConditions(**_with_ids(dict(given)))
