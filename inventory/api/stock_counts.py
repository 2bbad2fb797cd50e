"""Counts: opened, read, and told what was found."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.pagination import InOrder, NewestFirst
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import VIEW_STOCK, WRITE_STOCK
from accounts.services.idempotency import Answer
from inventory.api import stock_counts_output as output
from inventory.api.fields import OwnLocationField
from inventory.api.filters_counts import CountLineFilter, ShelfPositionFilter, StockCountFilter
from inventory.api.stock_counts_input import CountEntriesInput, ShelfPositionsInput, StockCountInput
from inventory.models import ShelfPosition, StockCount, StockCountLine
from inventory.selectors.count_candidates import due_skus
from inventory.selectors.count_policy import policy_of
from inventory.selectors.scope import location_scope
from inventory.selectors.stock_counts import count_sheet, counts_for, may_see_expected
from inventory.services.count_entries import keep_entries
from inventory.services.shelf_positions import set_positions
from inventory.services.stock_counts import create_count

MOST_DUE = 500


class StockCountsView(ListAPIView[StockCount]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "POST": WRITE_STOCK}
    serializer_class = output.StockCountSerializer
    pagination_class = NewestFirst
    filterset_class = StockCountFilter
    queryset = StockCount.objects.none()

    def get_queryset(self) -> QuerySet[StockCount]:
        return counts_for(caller_of(self.request))

    @extend_schema(
        request=StockCountInput,
        responses={201: output.StockCountSerializer},
        parameters=[KEY_PARAMETER],
        tags=["stock counts"],
    )
    def post(self, request: Request) -> Response:
        """Open a count."""
        once = Once(request)
        given = StockCountInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._create(once, given))

    def _create(self, once: Once, given: StockCountInput) -> Answer:
        values = given.validated_data
        chosen = {name: values[name] for name in ("location", "is_blind", "note")}
        count = create_count(**chosen, wanted=given.wanted(), user=once.user, now=once.now)
        return Answer(201, output.StockCountSerializer(count).data)


class StockCountView(RetrieveAPIView[StockCount]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = output.StockCountSerializer
    queryset = StockCount.objects.none()

    def get_queryset(self) -> QuerySet[StockCount]:
        return counts_for(caller_of(self.request))


class CountLinesView(ListAPIView[StockCountLine]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}
    serializer_class = output.StockCountLineSerializer
    pagination_class = InOrder
    filterset_class = CountLineFilter
    queryset = StockCountLine.objects.none()

    def get_queryset(self) -> QuerySet[StockCountLine]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.stock_count.lines.select_related("sku", "counted_by")

    @property
    def stock_count(self) -> StockCount:
        return get_object_or_404(counts_for(caller_of(self.request)), pk=self.kwargs["pk"])

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False):
            return context
        return {**context, "may_see_expected": may_see_expected(self.stock_count, caller_of(self.request))}


class CountSheetView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": WRITE_STOCK}

    @extend_schema(responses=output.SheetOutput, tags=["stock counts"])
    def get(self, request: Request, pk: int) -> Response:
        """All that a device needs to count without a connection: every line that is to be counted now."""
        user = caller_of(request)
        count = get_object_or_404(counts_for(user), pk=pk)
        return Response(count_sheet(count, user, now=timezone.now()))


class CountEntriesView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"POST": WRITE_STOCK}

    @extend_schema(request=CountEntriesInput, responses=output.OutcomesOutput, tags=["stock counts"])
    def post(self, request: Request, pk: int) -> Response:
        """Tell what was found. Each entry is kept once, known by its id; the call needs no key and may be repeated."""
        user, now = caller_of(request), timezone.now()
        count = get_object_or_404(counts_for(user), pk=pk)
        given = CountEntriesInput(data=request.data)
        given.is_valid(raise_exception=True)
        outcomes = keep_entries(
            count_id=count.pk,
            entries=given.given(),
            user=user,
            now=now,
            sent_at=given.validated_data["sent_at"],
            is_clock_set=given.validated_data["is_clock_set"],
        )
        shown = [
            {"id": row.uid, "outcome": row.outcome, "message": row.message, "is_late": row.is_late} for row in outcomes
        ]
        return Response({"now": now, "entries": shown})


class DueInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=MOST_DUE)


class DueView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(
        responses=output.DueListOutput,
        parameters=[OpenApiParameter("location", str, required=True), OpenApiParameter("limit", int)],
        tags=["stock counts"],
    )
    def get(self, request: Request) -> Response:
        """What should be counted at a location by today, the most important first."""
        given = DueInput(data=request.query_params, context={"request": request})
        given.is_valid(raise_exception=True)
        place = given.validated_data["location"]
        due = due_skus(place, policy_of(place), now=timezone.now(), limit=given.validated_data["limit"])
        rows = [
            {
                "sku": row.code,
                "name": row.name,
                "count_class": row.count_class,
                "last_counted_at": row.last_counted_at,
                "due_on": row.due_on,
            }
            for row in due.rows
        ]
        return Response({"total": due.total, "results": rows})


class ShelfPositionsView(ListAPIView[ShelfPosition]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "PUT": WRITE_STOCK}
    serializer_class = output.ShelfPositionSerializer
    pagination_class = InOrder
    filterset_class = ShelfPositionFilter
    queryset = ShelfPosition.objects.none()

    def get_queryset(self) -> QuerySet[ShelfPosition]:
        rows = ShelfPosition.objects.filter(location_scope(caller_of(self.request)))
        return rows.select_related("sku", "location")

    @extend_schema(
        request=ShelfPositionsInput, responses={200: None}, parameters=[KEY_PARAMETER], tags=["stock counts"]
    )
    def put(self, request: Request) -> Response:
        """Say anew where the SKUs that are named lie."""
        once = Once(request)
        given = ShelfPositionsInput(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        place = given.validated_data["location"]
        return once.answer(lambda: Answer(200, {"positions": set_positions(location=place, places=given.places())}))
