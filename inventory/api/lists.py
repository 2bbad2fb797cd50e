"""What is there: catalogue, places, levels, movements, lost sales, stockouts."""

from typing import Any, ClassVar, TypeVar, cast

from django.db.models import Model, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.pagination import InOrder, NewestFirst
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from accounts.services.idempotency import Answer
from inventory.api import filters, serializers
from inventory.api.sku_parts import sku_cards, take_parts
from inventory.models import Category, Location, LostSale, Movement, Sku, StockLevel, StockoutEvent
from inventory.selectors.by_code import place_by_code, place_ids_of
from inventory.selectors.ledger import ledger_for, newest_at
from inventory.selectors.reserved import available_of_level, reserved_of_level
from inventory.selectors.scope import location_scope, locations_for
from inventory.services.catalogue import create_sku, update_sku
from inventory.versions import SKU

M = TypeVar("M", bound=Model)


class StockListView(ListAPIView[M]):
    """A list that everybody may read who may see stock; which rows are in it depends on the caller."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}


class SkusView(StockListView[Sku]):
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "POST": EDIT_CATALOGUE}
    serializer_class = serializers.SkuSerializer
    filterset_class = filters.SkuFilter
    queryset = sku_cards().order_by("code")

    @extend_schema(
        request=serializers.SkuSerializer,
        responses={201: serializers.SkuSerializer},
        parameters=[KEY_PARAMETER],
        tags=["catalogue"],
    )
    def post(self, request: Request) -> Response:
        """Make a SKU."""
        once = Once(request)
        given = serializers.SkuSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return once.answer(lambda: self._create(once, dict(given.validated_data)))

    def _create(self, once: Once, values: dict[str, Any]) -> Answer:
        parts = take_parts(values, None)
        sku = create_sku(values=with_category_id(values), parts=parts, user=once.user, now=once.now)
        return Answer(201, serializers.SkuSerializer(sku_cards().get(pk=sku.pk)).data)


class SkuView(TaggedRetrieve, RetrieveAPIView[Sku]):
    versioned = SKU
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK, "PATCH": EDIT_CATALOGUE}
    serializer_class = serializers.SkuSerializer
    queryset = sku_cards()

    @extend_schema(
        request=serializers.SkuSerializer,
        responses=serializers.SkuSerializer,
        parameters=[IF_MATCH, ETAG],
        tags=["catalogue"],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change a SKU; retire it with `is_active` false."""
        sku = self.get_object()
        given = serializers.SkuSerializer(sku, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        parts = take_parts(values, sku)
        given_values = with_category_id(values)

        def act() -> Sku:
            return update_sku(sku_id=pk, values=given_values, parts=parts, user=caller_of(request), now=timezone.now())

        changed = edit_matching(request, SKU, pk, act)
        shown = serializers.SkuSerializer(sku_cards().get(pk=changed.pk))
        return tagged(Response(shown.data), SKU, pk)


def with_category_id(values: dict[str, Any]) -> dict[str, Any]:
    """The service takes ids; `category` is an object here."""
    if "category" not in values:
        return values
    category = values.pop("category")
    return {**values, "category_id": category.pk if category else None}


class CategoriesView(StockListView[Category]):
    serializer_class = serializers.CategorySerializer
    queryset = Category.objects.select_related("parent").order_by("code")


class LocationsView(StockListView[Location]):
    serializer_class = serializers.LocationSerializer
    queryset = Location.objects.none()

    def get_queryset(self) -> QuerySet[Location]:
        return locations_for(caller_of(self.request)).select_related("supplied_by")


class LevelsView(StockListView[StockLevel]):
    serializer_class = serializers.LevelSerializer
    filterset_class = filters.LevelFilter
    pagination_class = InOrder
    queryset = StockLevel.objects.none()

    def get_queryset(self) -> QuerySet[StockLevel]:
        places = place_ids_of(caller_of(self.request))
        levels = StockLevel.objects.filter(location_id__in=places).select_related("sku", "location")
        return levels.annotate(reserved_now=reserved_of_level(), available=available_of_level())


class MovementsView(StockListView[Movement]):
    serializer_class = serializers.MovementSerializer
    filterset_class = filters.MovementFilter
    pagination_class = NewestFirst
    queryset = Movement.objects.none()

    def get_queryset(self) -> QuerySet[Movement]:
        return ledger_for(caller_of(self.request)).select_related("sku", "source", "destination", "reason", "lot")

    def paginate_queryset(self, queryset: Any) -> Any:
        """What moved at one place may lie far apart: where nothing else is asked for, a walk of its own finds it."""
        asked = {name for name, value in self.request.query_params.items() if value}
        place = None if asked - {"location", "cursor", "page_size"} else self._place()
        pages = cast(NewestFirst, self.paginator)
        cursor = pages.decode_cursor(self.request)
        if place is not None and not (cursor and (cursor.reverse or cursor.offset)):
            before = int(cursor.position) if cursor and cursor.position else None
            limit = (pages.get_page_size(self.request) or 0) + 1
            queryset = queryset.filter(pk__in=newest_at(place.pk, before=before, limit=limit))
        return super().paginate_queryset(queryset)

    def _place(self) -> Location | None:
        return place_by_code(self.request.query_params.get("location", ""), user=None)


class LostSalesView(StockListView[LostSale]):
    serializer_class = serializers.LostSaleSerializer
    filterset_class = filters.LostSaleFilter
    pagination_class = NewestFirst
    queryset = LostSale.objects.none()

    def get_queryset(self) -> QuerySet[LostSale]:
        return LostSale.objects.filter(location_scope(caller_of(self.request))).select_related("sku", "location")


class StockoutsView(StockListView[StockoutEvent]):
    serializer_class = serializers.StockoutSerializer
    filterset_class = filters.StockoutFilter
    pagination_class = NewestFirst
    queryset = StockoutEvent.objects.none()

    def get_queryset(self) -> QuerySet[StockoutEvent]:
        return StockoutEvent.objects.filter(location_scope(caller_of(self.request))).select_related("sku", "location")
