"""What exports are narrowed by: the words of the list pages and of the API alike.

A place and a category may be named by code or by id, since pages know ids and programs know codes.
"""

from typing import Any

import django_filters as filters
from django.db.models import Model, Q, QuerySet

from accounts.ids import id_of
from inventory.models import Category, Location, LostSale, Movement, Sku, StockCountLine, StockLevel, StockoutEvent
from inventory.models.movement import MovementKind
from inventory.selectors.ledger import with_reason
from inventory.selectors.reserved import available_of_level
from inventory.selectors.stock import category_tree, search_skus
from orders.models import PurchaseOrderLine, ReplenishmentProposal
from orders.models.purchase_order import OPEN_ORDER_STATES
from suppliers.models import Supplier, SupplierClosure, SupplierTerms


def ids_of(model: type[Model], word: str) -> list[int]:
    """By code, else by id."""
    found = list(model._default_manager.filter(code=word).values_list("pk", flat=True))
    return found or list(model._default_manager.filter(pk=id_of(word)).values_list("pk", flat=True))


class SkuWords(filters.FilterSet):
    """Filters by words of the SKU; `sku_path` leads from a row to its SKU."""

    sku_path = "sku"
    q = filters.CharFilter(method="filter_q", max_length=100)
    category = filters.CharFilter(method="filter_category", max_length=60)

    def filter_q(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.sku_path}__in": search_skus(value, is_active=None).values("pk")})

    def filter_category(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        ids = ids_of(Category, value)
        skus = Sku.objects.filter(category__in=category_tree(ids[0])) if ids else Sku.objects.none()
        return rows.filter(**{f"{self.sku_path}__in": skus.values("pk")})


class PlaceWords(SkuWords):
    """The same with a place; `place_path` leads from a row to it."""

    place_path = "location"
    location = filters.CharFilter(method="filter_location", max_length=60)
    sku = filters.CharFilter(method="filter_sku", max_length=60)

    def filter_location(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.place_path}__in": ids_of(Location, value)})

    def filter_sku(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.sku_path}__in": ids_of(Sku, value)})


class SkuPageFilter(SkuWords):
    sku_path = "pk"
    is_active = filters.BooleanFilter()

    class Meta:
        model = Sku
        fields: tuple[str, ...] = ()


class LevelPageFilter(PlaceWords):
    status = filters.ChoiceFilter(
        method="filter_status", choices=[("out", "out"), ("low", "low"), ("ok", "ok"), ("in", "in")]
    )

    class Meta:
        model = StockLevel
        fields: tuple[str, ...] = ()

    def filter_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Out of stock, or not; what is low is for the page to say, which knows what is on its way."""
        rows = rows.alias(left=available_of_level())
        return rows.filter(left__lte=0) if value == "out" else rows.filter(left__gt=0)


class MovementPageFilter(PlaceWords):
    kind = filters.ChoiceFilter(choices=MovementKind.choices)
    reason = filters.CharFilter(method=with_reason, max_length=30)
    since = filters.DateFilter(field_name="business_date", lookup_expr="gte")
    until = filters.DateFilter(field_name="business_date", lookup_expr="lte")

    class Meta:
        model = Movement
        fields: tuple[str, ...] = ()

    def filter_location(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        ids = ids_of(Location, value)
        return rows.filter(Q(source__in=ids) | Q(destination__in=ids))


class CountLineFilter(PlaceWords):
    place_path = "stock_count__location"
    count = filters.CharFilter(field_name="stock_count__number", max_length=30)

    class Meta:
        model = StockCountLine
        fields: tuple[str, ...] = ()


class DatedFilter(PlaceWords):
    since = filters.DateFilter(field_name="business_date", lookup_expr="gte")
    until = filters.DateFilter(field_name="business_date", lookup_expr="lte")


class LostSalePageFilter(DatedFilter):
    class Meta:
        model = LostSale
        fields: tuple[str, ...] = ()


class StockoutPageFilter(PlaceWords):
    is_open = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")

    class Meta:
        model = StockoutEvent
        fields: tuple[str, ...] = ()


class ProposalPageFilter(PlaceWords):
    """`search`, `supplier` and `source`, the place from which it is moved, as on the page of proposals."""

    state = filters.CharFilter(field_name="state", max_length=16)
    search = filters.CharFilter(method="filter_search", max_length=100)
    supplier = filters.CharFilter(method="filter_supplier", max_length=60)
    source = filters.CharFilter(method="filter_source", max_length=60)

    class Meta:
        model = ReplenishmentProposal
        fields: tuple[str, ...] = ()

    def filter_search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(sku__name__icontains=value) | Q(sku__code__icontains=value))

    def filter_supplier(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(supplier__in=ids_of(Supplier, value))

    def filter_source(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(source__in=ids_of(Location, value))


class OrderLinePageFilter(PlaceWords):
    """`search` for the number, `supplier`, and the states `open` and `all`, as on the page of orders."""

    place_path = "order__location"
    state = filters.CharFilter(method="filter_state", max_length=16)
    search = filters.CharFilter(field_name="order__number", lookup_expr="icontains", max_length=30)
    supplier = filters.CharFilter(method="filter_supplier", max_length=60)

    class Meta:
        model = PurchaseOrderLine
        fields: tuple[str, ...] = ()

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "open":
            return rows.filter(order__state__in=OPEN_ORDER_STATES)
        return rows if value == "all" else rows.filter(order__state=value)

    def filter_supplier(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(order__supplier__in=ids_of(Supplier, value))


class SupplierPageFilter(filters.FilterSet):
    """`search` as on the page of suppliers."""

    search = filters.CharFilter(method="filter_search", max_length=100)
    is_active = filters.BooleanFilter()

    class Meta:
        model = Supplier
        fields: tuple[str, ...] = ()

    def filter_search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))


class SupplierWords(filters.FilterSet):
    """What belongs to a supplier."""

    supplier = filters.CharFilter(method="filter_supplier", max_length=60)

    class Meta:
        model = SupplierClosure
        fields: tuple[str, ...] = ()

    def filter_supplier(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(supplier__in=ids_of(Supplier, value))


class TermsPageFilter(SkuWords):
    supplier = filters.CharFilter(method="filter_supplier", max_length=60)
    sku = filters.CharFilter(method="filter_sku", max_length=60)
    is_active = filters.BooleanFilter()

    class Meta:
        model = SupplierTerms
        fields: tuple[str, ...] = ()

    def filter_supplier(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(supplier__in=ids_of(Supplier, value))

    def filter_sku(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(sku__in=ids_of(Sku, value))
