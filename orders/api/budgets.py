"""Budgets in the API. A budget for all locations is for those who see all of them."""

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
from accounts.roles import EDIT_RULES, VIEW_ORDERS
from accounts.services.idempotency import Answer
from inventory.api.fields import PlacedSerializer
from inventory.domain.days import local_date
from orders.api.requests import user_of
from orders.models import Budget, BudgetPeriod
from orders.selectors.budget_pages import budget_rows, curve_of
from orders.selectors.budgets import budgets_for, editable_budgets
from orders.services.budgets import BudgetTerms, end_budget, set_budget
from orders.versions import BUDGET
from suppliers.models import Supplier


class BudgetSerializer(serializers.ModelSerializer[Budget]):
    """In the firm's currency. Without suppliers all of them, without a location every place."""

    class Meta:
        model = Budget
        fields: ClassVar[list[str]] = [
            "id", "name", "suppliers", "location", "period", "starts_on", "amount", "author", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class EditBudgetSerializer(PlacedSerializer):
    name = serializers.CharField(max_length=80)
    suppliers = CodeOrIdField(queryset=Supplier.objects.all(), many=True, required=False)
    period = serializers.ChoiceField(choices=BudgetPeriod.choices)
    starts_on = serializers.DateField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class StandingSerializer(serializers.Serializer[Any]):
    """The period of today, null before the first; what is used and left in it, and what is cut of the open proposals:
    lines, those of them held whole, and the lost margin expected of it."""

    first_on = serializers.DateField(source="pot.span.first", default=None, allow_null=True)
    last_on = serializers.DateField(source="pot.span.last", default=None, allow_null=True)
    used = serializers.DecimalField(max_digits=18, decimal_places=2, source="pot.used", default=None, allow_null=True)
    left = serializers.DecimalField(max_digits=18, decimal_places=2, source="pot.left", default=None, allow_null=True)
    cut = serializers.IntegerField()
    held = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=18, decimal_places=2)


class PointSerializer(serializers.Serializer[Any]):
    """With a budget of `amount`, so much lost margin is averted; `more` against the present amount. `percent` of that,
    null for what all open proposals cost."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    averted = serializers.DecimalField(max_digits=18, decimal_places=2)
    more = serializers.DecimalField(max_digits=18, decimal_places=2)
    percent = serializers.IntegerField(allow_null=True)


class BudgetViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[Budget]):
    """What may be spent in a period. Proposals beyond it are cut where that loses least, orders beyond it refused."""

    versioned = BUDGET
    serializer_class = BudgetSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": VIEW_ORDERS, "POST": EDIT_RULES, "PATCH": EDIT_RULES, "DELETE": EDIT_RULES,
    }  # fmt: skip
    filterset_fields: ClassVar[list[str]] = ["suppliers", "location", "period"]
    queryset = Budget.objects.none()

    def get_queryset(self) -> QuerySet[Budget]:
        user = user_of(self)
        if user is None:
            return Budget.objects.none()
        return editable_budgets(user) if self.request.method in ("PATCH", "DELETE") else budgets_for(user)

    @extend_schema(request=EditBudgetSerializer, responses={201: BudgetSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Sets a budget; the proposals are shared out by it at once."""
        wanted = EditBudgetSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        terms, once = _terms(wanted.validated_data), Once(request)

        def act() -> Answer:
            row = set_budget(terms=terms, author=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, BudgetSerializer(row).data)

        return once.answer(act)

    @extend_schema(request=EditBudgetSerializer, responses=BudgetSerializer, parameters=[IF_MATCH, ETAG])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the given fields; the proposals are shared out again at once."""
        row = self.get_object()
        wanted = EditBudgetSerializer(data=request.data, partial=True, context={"request": request})
        wanted.is_valid(raise_exception=True)
        kept = {name: getattr(row, name) for name in ("name", "location", "period", "starts_on", "amount")}
        terms = _terms({**kept, "suppliers": list(row.suppliers.all()), **wanted.validated_data})
        act = partial(set_budget, terms=terms, author=caller_of(request), now=timezone.now(), budget_id=row.pk)
        edit_matching(request, BUDGET, row.pk, act)
        return tagged(Response(BudgetSerializer(self.get_object()).data), BUDGET, row.pk)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, pk: str) -> Response:
        """Ends it for good; what it cut is proposed whole again."""
        row = self.get_object()
        act = partial(end_budget, budget_id=row.pk, actor=caller_of(request), now=timezone.now())
        edit_matching(request, BUDGET, row.pk, act)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=StandingSerializer)
    @action(detail=True, methods=["get"])
    def standing(self, request: Request, pk: str) -> Response:
        """What is used and left in the period of today (of a budget for one place by its clock), and what it cuts."""
        row = self.get_object()
        today = local_date(timezone.now(), row.location.time_zone) if row.location else timezone.localdate()
        rows = budget_rows(caller_of(request), today)
        found = next(each for each in rows if each.budget == row)
        return Response(StandingSerializer(found).data)

    @extend_schema(responses=PointSerializer(many=True))
    @action(detail=True, methods=["get"])
    def curve(self, request: Request, pk: str) -> Response:
        """What other amounts would avert of the proposals that are open now; empty where it covers none."""
        return Response(PointSerializer(curve_of(self.get_object(), timezone.now()), many=True).data)


def _terms(given: dict[str, Any]) -> BudgetTerms:
    location = given.get("location")
    return BudgetTerms(
        name=given["name"], period=given["period"], starts_on=given["starts_on"], amount=given["amount"],
        supplier_ids=[row.pk for row in given.get("suppliers", ())], location_id=location.pk if location else None,
    )  # fmt: skip
