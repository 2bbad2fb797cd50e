"""Lots: what is where, what expires, which to take first, what is kept back, and where one went."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.pagination import InOrder, NewestFirst, PagePagination
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import EDIT_CATALOGUE, HOLD_LOTS, VIEW_STOCK
from accounts.services.idempotency import Answer
from inventory.api.fields import QUANTITY, OwnLocationField
from inventory.models import Lot, LotLevel, LotStatus, Movement, Sku
from inventory.selectors.by_code import skus_by_code
from inventory.selectors.lots import STATUSES, lot_levels_for, lots_for, movements_of, picking_proposal, recall
from inventory.services.lot_holds import MAX_REASON, correct_expiry, quarantine_lot, release_lot
from inventory.services.lot_tracking import start_lot_tracking, stop_lot_tracking

MOST_DAYS = 36_500


class LotSerializer(serializers.ModelSerializer[Lot]):
    sku = serializers.CharField(source="sku.code")

    class Meta:
        model = Lot
        fields = (
            "id", "sku", "code", "expires_on", "received_at", "supplier", "status", "status_reason", "quarantined_at",
        )  # fmt: skip


class LotLevelSerializer(serializers.ModelSerializer[LotLevel]):
    lot_id = serializers.IntegerField()
    lot = serializers.CharField(source="lot.code")
    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")
    expires_on = serializers.DateField(source="lot.expires_on", allow_null=True)
    status = serializers.ChoiceField(source="lot.status", choices=LotStatus.choices)

    class Meta:
        model = LotLevel
        fields = ("lot_id", "lot", "sku", "location", "on_hand", "expires_on", "status", "held_since")


class LotFilter(filters.FilterSet):
    sku = filters.CharFilter(field_name="sku__code")
    code = filters.CharFilter(field_name="code", lookup_expr="iexact")
    status = filters.ChoiceFilter(choices=LotStatus.choices)
    expires_before = filters.DateFilter(field_name="expires_on", lookup_expr="lt")

    class Meta:
        model = Lot
        fields: tuple[str, ...] = ()


class LotsView(ListAPIView[Lot]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = LotSerializer
    filterset_class = LotFilter
    pagination_class = InOrder
    queryset = Lot.objects.none()

    def get_queryset(self) -> QuerySet[Lot]:
        return lots_for(caller_of(self.request))


class LotView(RetrieveAPIView[Lot]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = LotSerializer
    queryset = Lot.objects.none()

    def get_queryset(self) -> QuerySet[Lot]:
        return lots_for(caller_of(self.request))


class LotLevelQuery(serializers.Serializer[Any]):
    location = OwnLocationField(required=False)
    sku = serializers.CharField(max_length=60, required=False)
    within_days = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_DAYS, help_text="Expires so soon, or has expired."
    )
    status = serializers.ChoiceField(choices=STATUSES, required=False)


class LotLevelsView(ListAPIView[LotLevel]):
    """What stands of each lot at each place, what expires first at the top."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = LotLevelSerializer
    pagination_class = PagePagination
    queryset = LotLevel.objects.none()

    @extend_schema(parameters=[LotLevelQuery], tags=["lots"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[LotLevel]:
        query = LotLevelQuery(data=self.request.query_params, context={"request": self.request})
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        rows = lot_levels_for(
            caller_of(self.request),
            now=timezone.now(),
            location_id=asked["location"].pk if "location" in asked else None,
            within_days=asked.get("within_days"),
            status=asked.get("status", ""),
        )
        return rows.filter(sku__code=asked["sku"]) if "sku" in asked else rows


class PickQuery(serializers.Serializer[Any]):
    location = OwnLocationField()
    sku = serializers.CharField(max_length=60)
    quantity = serializers.DecimalField(**QUANTITY, min_value=0)

    def validate_sku(self, code: str) -> int:
        found = skus_by_code([code])
        if not found:
            raise serializers.ValidationError(_("There is no SKU %(code)s.") % {"code": code})
        return found[code][0]


class PickOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    quantity = serializers.DecimalField(**QUANTITY)
    left = serializers.DecimalField(**QUANTITY, help_text="What stands there of the lot in all.")


class PicksOutput(serializers.Serializer[Any]):
    picks = PickOutput(many=True)
    short = serializers.DecimalField(**QUANTITY, help_text="What no lot that may be sold has.")


class PickProposalView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(parameters=[PickQuery], responses=PicksOutput, tags=["lots"])
    def get(self, request: Request) -> Response:
        """From which lots to take a quantity: first expired, first out; what is kept back is left out."""
        query = PickQuery(data=request.query_params, context={"request": request})
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        picks, short = picking_proposal(
            location=asked["location"], sku_id=asked["sku"], quantity=asked["quantity"], now=timezone.now()
        )
        return Response(PicksOutput({"picks": picks, "short": short}).data)


class LotCustomerOutput(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Empty where the sale told none.")
    quantity = serializers.DecimalField(**QUANTITY, help_text="Less what came back.")


class RecallOutput(serializers.Serializer[Any]):
    lot = LotSerializer()
    standing = LotLevelSerializer(many=True)
    here = serializers.DecimalField(**QUANTITY)
    on_the_way = serializers.DecimalField(**QUANTITY)
    received = serializers.DecimalField(**QUANTITY)
    sold = serializers.DecimalField(**QUANTITY, help_text="To customers, less what came back.")
    written_off = serializers.DecimalField(**QUANTITY)
    customers = LotCustomerOutput(many=True)


class RecallView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(responses=RecallOutput, tags=["lots"])
    def get(self, request: Request, pk: int) -> Response:
        """Where a lot is now and how much of it went where; its movements have an address of their own."""
        user = caller_of(request)
        lot = get_object_or_404(lots_for(user), pk=pk)
        found = recall(user, lot)
        for row in found.standing:
            row.lot, row.sku = lot, lot.sku
        sums = {name: getattr(found, name) for name in ("here", "on_the_way", "received", "sold", "written_off")}
        shown = {"lot": lot, "standing": found.standing, "customers": found.customers, **sums}
        return Response(RecallOutput(shown).data)


class LotMovementSerializer(serializers.ModelSerializer[Movement]):
    """A movement with the act behind it: its customer, key or note tells whose sale it was."""

    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # DRF takes declared fields out of the class
    destination = serializers.CharField(source="destination.code")
    key = serializers.CharField(source="posting.key", allow_null=True)
    customer = serializers.CharField(source="posting.customer")
    note = serializers.CharField(source="posting.note")
    document_type = serializers.CharField(source="posting.source_type")
    document_id = serializers.IntegerField(source="posting.source_id", allow_null=True)

    class Meta:
        model = Movement
        fields = (
            "id", "posting", "key", "customer", "note", "document_type", "document_id", "kind", "source", "destination",
            "quantity", "occurred_at", "business_date",
        )  # fmt: skip


class LotMovementsView(ListAPIView[Movement]):
    """Every movement of a lot, newest first."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = LotMovementSerializer
    pagination_class = NewestFirst
    queryset = Movement.objects.none()

    def get_queryset(self) -> QuerySet[Movement]:
        user = caller_of(self.request)
        return movements_of(user, get_object_or_404(lots_for(user), pk=self.kwargs["pk"]))


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=MAX_REASON, help_text="Why; it stays with the lot and in the audit.")


class ExpiryInput(ReasonInput):
    expires_on = serializers.DateField(allow_null=True)


class LotActView(APIView):
    """An act on one lot that the caller may see."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": HOLD_LOTS}

    def answer(self, request: Request, pk: int, input_class: Any, act: Callable[..., Lot]) -> Response:
        once = Once(request)
        get_object_or_404(lots_for(once.user), pk=pk)
        given = input_class(data=request.data)
        given.is_valid(raise_exception=True)

        def do() -> Answer:
            act(lot_id=pk, user=once.user, now=once.now, **given.validated_data)
            return Answer(200, LotSerializer(Lot.objects.select_related("sku").get(pk=pk)).data)

        return once.answer(do)


class QuarantineView(LotActView):
    @extend_schema(request=ReasonInput, responses=LotSerializer, parameters=[KEY_PARAMETER], tags=["lots"])
    def post(self, request: Request, pk: int) -> Response:
        """Keep a lot from being sold, at every place."""
        return self.answer(request, pk, ReasonInput, quarantine_lot)


class ReleaseLotView(LotActView):
    @extend_schema(request=ReasonInput, responses=LotSerializer, parameters=[KEY_PARAMETER], tags=["lots"])
    def post(self, request: Request, pk: int) -> Response:
        """Let a lot be sold again."""
        return self.answer(request, pk, ReasonInput, release_lot)


class CorrectExpiryView(LotActView):
    @extend_schema(request=ExpiryInput, responses=LotSerializer, parameters=[KEY_PARAMETER], tags=["lots"])
    def post(self, request: Request, pk: int) -> Response:
        """Give a lot the expiry that is printed on it."""
        return self.answer(request, pk, ExpiryInput, correct_expiry)


class TrackingInput(serializers.Serializer[Any]):
    is_lot_tracked = serializers.BooleanField()


class TrackingView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": EDIT_CATALOGUE}

    @extend_schema(request=TrackingInput, responses=TrackingInput, parameters=[KEY_PARAMETER], tags=["lots"])
    def post(self, request: Request, pk: int) -> Response:
        """Start or stop tracking a SKU by lot; the stock that is there comes along."""
        once = Once(request)
        sku = get_object_or_404(Sku, pk=pk)
        given = TrackingInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data["is_lot_tracked"]

        def do() -> Answer:
            change = start_lot_tracking if wanted else stop_lot_tracking
            change(sku_id=sku.pk, user=once.user, now=once.now)
            return Answer(200, {"is_lot_tracked": wanted})

        return once.answer(do)
