"""Replays in the API: ask for one, watch it, read its figures, switch a policy on."""

from decimal import Decimal
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import DECIDE_PROPOSALS, VIEW_DASHBOARDS
from accounts.services.idempotency import Answer
from inventory.api.fields import NamedLocationField
from inventory.models import Category
from orders.api.policy import PolicyRuleSerializer
from orders.api.requests import user_of, valid
from orders.domain.quantity import to_number
from orders.domain.replay_settings import LEAST_DAYS, MOST_DAYS, MOST_SERIES, ReplaySettings
from orders.models import Replay
from orders.selectors.replays import replays_for, shown
from orders.services.replays import start_replay, switch_on

TRIED = ReplaySettings()


class ReplaySerializer(serializers.ModelSerializer[Replay]):
    """`asked` are the settings. `result` is empty until it is done; then `today` and `min_max` are figures, `curve` are
    those of the policy tried at each certainty, and `equal` what the curve comes to at the stock value of the others.
    """

    state = serializers.SerializerMethodField()
    percent = serializers.SerializerMethodField()

    class Meta:
        model = Replay
        fields: ClassVar[list[str]] = [
            "id", "location", "category", "asked", "first_day", "last_day", "series_count", "state", "percent",
            "result", "requested_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=["due", "running", "done", "failed"]))
    def get_state(self, record: Replay) -> str:
        return shown(record).state

    @extend_schema_field(serializers.IntegerField())
    def get_percent(self, record: Replay) -> int:
        return shown(record).percent


class ListedReplaySerializer(serializers.ModelSerializer[Replay]):
    """Without the state of the work, which each one tells by itself."""

    class Meta:
        model = Replay
        fields: ClassVar[list[str]] = [
            "id", "location", "category", "asked", "first_day", "last_day", "series_count", "result", "requested_at",
            "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewReplaySerializer(serializers.Serializer[Any]):
    location = NamedLocationField(allow_null=True, default=None)
    category = CodeOrIdField(queryset=Category.objects.all(), allow_null=True, default=None)
    days = serializers.IntegerField(default=TRIED.days, min_value=LEAST_DAYS, max_value=MOST_DAYS)
    series = serializers.IntegerField(default=TRIED.series, min_value=1, max_value=MOST_SERIES)
    review_days = serializers.IntegerField(default=TRIED.review_days, min_value=1, max_value=60)
    lot_days = serializers.IntegerField(default=TRIED.lot_days, min_value=1, max_value=60)
    ordering_cost = serializers.DecimalField(default=Decimal(0), min_value=0, max_digits=10, decimal_places=4)
    holding_rate = serializers.FloatField(default=TRIED.holding_rate, min_value=0.001, max_value=5)
    min_days = serializers.FloatField(default=TRIED.min_days, min_value=0.1, max_value=365)
    max_days = serializers.FloatField(default=TRIED.max_days, min_value=0.1, max_value=365)
    has_model = serializers.BooleanField(default=TRIED.has_model)


class SwitchSerializer(serializers.Serializer[Any]):
    level = serializers.FloatField(min_value=0.5, max_value=0.999)


class ReplayViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Replay]):
    """A policy run over past demand, beside today's rules and a plain min/max."""

    serializer_class = ReplaySerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_DASHBOARDS, "POST": VIEW_DASHBOARDS}
    filterset_fields: ClassVar[list[str]] = ["location", "category"]
    queryset = Replay.objects.none()

    def get_queryset(self) -> QuerySet[Replay]:
        user = user_of(self)
        return replays_for(user) if user else Replay.objects.none()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Replay]]:
        listed = ListedReplaySerializer if self.action == "list" else ReplaySerializer
        return cast("type[serializers.BaseSerializer[Replay]]", listed)

    @extend_schema(request=NewReplaySerializer, responses={201: ReplaySerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Starts one; read it again until `state` is done. One of yours that asks the same and is under way is
        returned instead."""
        wanted = NewReplaySerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        values, once = dict(wanted.validated_data), Once(request)
        location, category = values.pop("location"), values.pop("category")
        values["ordering_cost"] = to_number(values["ordering_cost"])

        def act() -> Answer:
            made = start_replay(
                location_id=location.pk if location else None, category_id=category.pk if category else None,
                settings=ReplaySettings(**values), user=caller_of(request), now=once.now,
            )  # fmt: skip
            return Answer(status.HTTP_201_CREATED, ReplaySerializer(made).data)

        return once.answer(act)

    @extend_schema(request=SwitchSerializer, responses=PolicyRuleSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], permissions_by_method={"POST": DECIDE_PROPOSALS})
    def switch(self, request: Request, pk: str) -> Response:
        """Makes the policy at this certainty of the curve the rule of the replayed group."""
        replay_id, level, once = self.get_object().pk, valid(SwitchSerializer, request)["level"], Once(request)

        def act() -> Answer:
            rule = switch_on(replay_id=replay_id, level=level, actor=caller_of(request), now=once.now)
            return Answer(status.HTTP_200_OK, PolicyRuleSerializer(rule).data)

        return once.answer(act)
