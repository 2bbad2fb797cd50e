"""Rules of replenishment in the API. A rule for all locations is for those who see all of them."""

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import IF_MATCH, TaggedRetrieve, edit_matching
from accounts.roles import EDIT_RULES, VIEW_ORDERS
from accounts.services.idempotency import Answer
from inventory.api.fields import PlacedSerializer
from inventory.models import Category, Sku
from inventory.selectors.scope import location_scope
from orders.api.requests import user_of
from orders.models import PolicyRule
from orders.models.policy import Phase, Steadiness, TargetKind, ValueClass
from orders.services.policy import Scope, Targets, drop_rule, set_rule
from orders.versions import RULE
from suppliers.models import Supplier


class PolicyRuleSerializer(serializers.ModelSerializer[PolicyRule]):
    """An empty part of its scope means all. The most specific rule wins: SKU, category, supplier, class by value, class
    by steadiness, location. One for a category holds for what lies in it too; the nearer category wins."""

    value_class = serializers.CharField(read_only=True, help_text="A, B or C; empty for all.")
    steadiness = serializers.CharField(read_only=True, help_text="X, Y or Z; empty for all.")

    class Meta:
        model = PolicyRule
        fields: ClassVar[list[str]] = [
            "id", "sku", "category", "supplier", "value_class", "steadiness", "location", "target",
            "cycle_service_level", "fill_rate", "review_period_days", "lot_days", "ordering_cost", "holding_rate",
            "disappointment", "minimum", "maximum", "phase", "ends_on", "presentation", "capacity", "is_stopped",
        ]  # fmt: skip
        read_only_fields = fields


class NewPolicyRuleSerializer(PlacedSerializer):
    sku = CodeOrIdField(queryset=Sku.objects.all(), allow_null=True, default=None)
    category = CodeOrIdField(queryset=Category.objects.all(), allow_null=True, default=None)
    supplier = CodeOrIdField(queryset=Supplier.objects.all(), allow_null=True, default=None)
    value_class = serializers.ChoiceField(choices=ValueClass.choices, allow_blank=True, default="")
    steadiness = serializers.ChoiceField(choices=Steadiness.choices, allow_blank=True, default="")
    target = serializers.ChoiceField(choices=TargetKind.choices, default=TargetKind.CYCLE)
    fill_rate = serializers.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.98"))
    disappointment = serializers.DecimalField(max_digits=10, decimal_places=4, default=Decimal(0))
    minimum = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, default=None)
    maximum = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, default=None)
    phase = serializers.ChoiceField(choices=Phase.choices, default=Phase.ACTIVE)
    ends_on = serializers.DateField(allow_null=True, default=None)
    presentation = serializers.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    capacity = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, default=None)
    cycle_service_level = serializers.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.950"))
    review_period_days = serializers.IntegerField(default=1)
    lot_days = serializers.IntegerField(default=7)
    ordering_cost = serializers.DecimalField(max_digits=10, decimal_places=4, default=Decimal(0))
    holding_rate = serializers.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.250"))
    is_stopped = serializers.BooleanField(default=False)


class PolicyRuleViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[PolicyRule]):
    """Targets by SKU, category, supplier, class and location; without any rule the defaults of a new one hold."""

    versioned = RULE
    serializer_class = PolicyRuleSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": VIEW_ORDERS,
        "POST": EDIT_RULES,
        "DELETE": EDIT_RULES,
    }
    filterset_fields: ClassVar[list[str]] = [
        "sku", "category", "supplier", "value_class", "steadiness", "location", "target", "phase", "is_stopped",
    ]  # fmt: skip
    queryset = PolicyRule.objects.none()

    def get_queryset(self) -> QuerySet[PolicyRule]:
        user = user_of(self)
        if user is None:
            return PolicyRule.objects.none()
        seen = location_scope(user)
        if self.request.method != "DELETE" and not user.sees_all_locations:
            # Rules for all locations hold here too, so everybody may read them.
            seen |= Q(location=None)
        return PolicyRule.objects.filter(seen).order_by("pk")

    @extend_schema(
        request=NewPolicyRuleSerializer, responses={201: PolicyRuleSerializer}, parameters=[KEY_PARAMETER, IF_MATCH]
    )
    def create(self, request: Request) -> Response:
        """Makes the rule of this SKU, category and location. One that exists is replaced, which needs its version."""
        wanted = NewPolicyRuleSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        values, once = dict(wanted.validated_data), Once(request)
        rows = {f"{name}_id": values.pop(name) for name in ("sku", "category", "supplier", "location")}
        letters = {name: values.pop(name) for name in ("value_class", "steadiness")}
        parts: dict[str, Any] = {name: row.pk if row else None for name, row in rows.items()} | letters
        scope = Scope(**parts)

        def write() -> PolicyRule:
            return set_rule(scope=scope, targets=Targets(**values), actor=once.user, now=once.now)

        def act() -> Answer:
            there = PolicyRule.objects.filter(**vars(scope)).first()
            rule = edit_matching(request, RULE, there.pk, write) if there else write()
            return Answer(status.HTTP_201_CREATED, PolicyRuleSerializer(rule).data)

        return once.answer(act)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: str) -> Response:
        """Drops it; the next less specific rule holds again."""
        rule_id = self.get_object().pk
        drop = partial(drop_rule, rule_id=rule_id, actor=caller_of(request), now=timezone.now())
        edit_matching(request, RULE, rule_id, drop)
        return Response(status=status.HTTP_204_NO_CONTENT)
