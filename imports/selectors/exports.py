"""Tables that people and programs take away: what is in them, who may, and their rows page by page.

Rows come in the order of their ids, each page beginning where the last one ended, so that a table of any length costs
no memory and holds no transaction open. Moments carry the offset of their place's clock.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.roles import VIEW_ORDERS, VIEW_STOCK, is_permitted
from imports.domain.supplier_cells import cut_off_text, price_breaks_text, weekdays_text
from imports.selectors.movement_rows import MOVEMENT_FIELDS, MOVEMENT_HEADER, movement_row
from imports.selectors.page_filters import (
    CountLineFilter,
    LevelPageFilter,
    LostSalePageFilter,
    MovementPageFilter,
    OrderLinePageFilter,
    ProposalPageFilter,
    SkuPageFilter,
    StockoutPageFilter,
    SupplierPageFilter,
    SupplierWords,
    TermsPageFilter,
)
from inventory.domain.days import zone
from inventory.domain.sheets import Cell
from inventory.models import Barcode, LostSale, Movement, Sku, StockCountLine, StockLevel, StockoutEvent
from inventory.models.location import STOCKING_KINDS
from inventory.models.stock_count import CountLineState
from inventory.selectors.ledger import ledger_for
from inventory.selectors.reserved import available_of_level, reserved_of_level
from inventory.selectors.scope import location_scope
from inventory.selectors.stock_counts import hidden_lines
from orders.models import PurchaseOrderLine
from orders.selectors.inbox import proposals_for
from suppliers.models import Supplier, SupplierClosure, SupplierTerms

ROWS_AT_ONCE = 2_000
DECIDED = (CountLineState.POSTED, CountLineState.DISMISSED, CountLineState.SUPERSEDED)
MakeRow = Callable[[Sequence[Any]], Sequence[Cell]]


@dataclass(frozen=True)
class Export:
    """`fields` are read from the rows of `query`, `make` turns them into the cells under `header`."""

    name: str
    permission: str
    header: tuple[str, ...]
    fields: tuple[str, ...]
    query: Callable[[User], QuerySet[Any]]
    filters: type[django_filters.FilterSet]
    make: MakeRow

    def rows(self, user: User, wanted: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
        """Rows that the user may see and that match. Raises `InvalidFilter` when `wanted` makes no sense."""
        return (self.make(row) for row in _by_key(self.matching(user, wanted), self.fields))

    def matching(self, user: User, wanted: Mapping[str, Any]) -> QuerySet[Any]:
        found = self.filters(dict(wanted.items()), queryset=self.query(user))
        if not found.is_valid():
            raise InvalidFilter({name: [str(text) for text in texts] for name, texts in found.errors.items()})
        rows: QuerySet[Any] = found.qs
        return rows

    def is_longer_than(self, count: int, user: User, wanted: Mapping[str, Any]) -> bool:
        """Without counting them all."""
        return self.matching(user, wanted).order_by("pk")[count : count + 1].exists()


class InvalidFilter(Exception):
    """A filter that makes no sense."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def _by_key(rows: QuerySet[Any], fields: Sequence[str]) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        page = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *fields)[:ROWS_AT_ONCE])
        for row in page:
            yield row[1:]
        if len(page) < ROWS_AT_ONCE:
            return
        last = page[-1][0]


def local(at: datetime | None, zone_name: str) -> str | None:
    """ISO text with the offset of that zone, to the second or finer where it matters."""
    return None if at is None else at.astimezone(zone(zone_name)).isoformat(" ")


def _skus(user: User) -> QuerySet[Sku]:
    own = Barcode.objects.filter(sku=OuterRef("pk"), pack_quantity=1).order_by("pk")
    return Sku.objects.annotate(barcode=Subquery(own.values("code")[:1]))


def _levels(user: User) -> QuerySet[StockLevel]:
    rows = StockLevel.objects.filter(location_scope(user), location__kind__in=STOCKING_KINDS)
    return rows.annotate(promised=reserved_of_level(), free=available_of_level())


def _movements(user: User) -> QuerySet[Movement]:
    return ledger_for(user)


def _counts(user: User) -> QuerySet[StockCountLine]:
    # Until a difference is decided on, it is not for the eyes of those who may be sent to count again.
    decided = StockCountLine.objects.filter(location_scope(user, "stock_count__location"), state__in=DECIDED)
    return decided.exclude(hidden_lines(user))


def _lost_sales(user: User) -> QuerySet[LostSale]:
    return LostSale.objects.filter(location_scope(user))


def _stockouts(user: User) -> QuerySet[StockoutEvent]:
    return StockoutEvent.objects.filter(location_scope(user))


def _orders(user: User) -> QuerySet[PurchaseOrderLine]:
    return PurchaseOrderLine.objects.filter(location_scope(user, "order__location"))


def _suppliers(user: User) -> QuerySet[Supplier]:
    return Supplier.objects.all()


def _terms(user: User) -> QuerySet[SupplierTerms]:
    return SupplierTerms.objects.all()


def _closures(user: User) -> QuerySet[SupplierClosure]:
    return SupplierClosure.objects.all()


def _plain(row: Sequence[Any]) -> Sequence[Cell]:
    return row


def _sku_row(row: Sequence[Any]) -> Sequence[Cell]:
    return [*row[:-1], "1" if row[-1] else "0"]


def _count_row(row: Sequence[Any]) -> Sequence[Cell]:
    *cells, counted_at, zone_name = row
    return [*cells, local(counted_at, zone_name)]


def _lost_row(row: Sequence[Any]) -> Sequence[Cell]:
    occurred_at, zone_name, *cells = row
    return [local(occurred_at, zone_name), *cells]


def _stockout_row(row: Sequence[Any]) -> Sequence[Cell]:
    *cells, started_at, ended_at, zone_name = row
    return [*cells, local(started_at, zone_name), local(ended_at, zone_name)]


def _supplier_row(row: Sequence[Any]) -> Sequence[Cell]:
    *cells, order_days, delivery_days, cut_off, is_active = row
    week = (weekdays_text(order_days), weekdays_text(delivery_days), cut_off_text(cut_off))
    return [*cells, *week, "1" if is_active else "0"]


def _terms_row(row: Sequence[Any]) -> Sequence[Cell]:
    *cells, breaks, is_active = row
    return [*cells, price_breaks_text(breaks), "1" if is_active else "0"]


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export(
            "skus",
            VIEW_STOCK,
            ("code", "name", "category", "unit", "barcode", "cost", "price", "shelf_life_days", "weight_kg",
             "volume_l", "is_active"),
            ("code", "name", "category__code", "unit", "barcode", "cost", "price", "shelf_life_days",
             "weight_kg", "volume_l", "is_active"),
            _skus,
            SkuPageFilter,
            _sku_row,
        ),
        Export(
            "levels",
            VIEW_STOCK,
            ("sku", "name", "category", "unit", "location", "on_hand", "reserved", "available"),
            ("sku__code", "sku__name", "sku__category__name", "sku__unit", "location__code", "on_hand", "promised",
             "free"),
            _levels,
            LevelPageFilter,
            _plain,
        ),
        Export(
            "movements", VIEW_STOCK, MOVEMENT_HEADER, MOVEMENT_FIELDS, _movements, MovementPageFilter, movement_row
        ),
        Export(
            "counts",
            VIEW_STOCK,
            ("count", "sku", "name", "location", "counted", "expected", "variance", "state", "counted_at"),
            (
                "stock_count__number", "sku__code", "sku__name", "stock_count__location__code", "counted", "expected",
                "variance", "state", "counted_at", "stock_count__location__time_zone",
            ),
            _counts,
            CountLineFilter,
            _count_row,
        ),
        Export(
            "lost-sales",
            VIEW_STOCK,
            ("date", "sku", "name", "location", "quantity", "unit_price", "cause"),
            ("occurred_at", "location__time_zone", "sku__code", "sku__name", "location__code", "quantity", "unit_price",
             "cause"),
            _lost_sales,
            LostSalePageFilter,
            _lost_row,
        ),
        Export(
            "stockouts",
            VIEW_STOCK,
            ("sku", "name", "location", "started_at", "ended_at"),
            ("sku__code", "sku__name", "location__code", "started_at", "ended_at", "location__time_zone"),
            _stockouts,
            StockoutPageFilter,
            _stockout_row,
        ),
        Export(
            "proposals",
            VIEW_ORDERS,
            ("sku", "name", "location", "supplier", "from", "quantity", "suggested", "unit_price", "expected_on",
             "state"),
            ("sku__code", "sku__name", "location__code", "supplier__code", "source__code", "quantity",
             "suggested_quantity", "unit_price", "expected_on", "state"),
            proposals_for,
            ProposalPageFilter,
            _plain,
        ),
        Export(
            "orders",
            VIEW_ORDERS,
            ("number", "supplier", "location", "state", "ordered_on", "expected_on", "sku", "name", "quantity",
             "received", "unit_price", "currency"),
            ("order__number", "order__supplier__code", "order__location__code", "order__state", "order__ordered_on",
             "order__expected_on", "sku__code", "sku__name", "quantity", "received", "unit_price", "order__currency"),
            _orders,
            OrderLinePageFilter,
            _plain,
        ),
        Export(
            "suppliers",
            VIEW_ORDERS,
            ("code", "name", "email", "language", "currency", "lead_time_days", "minimum_order_value",
             "maximum_order_value", "time_zone",
             "truck_policy", "truck_kilograms", "truck_cubic_metres", "truck_value", "fill_days", "order_days",
             "delivery_days", "cut_off", "is_active"),
            ("code", "name", "email", "language", "currency", "promised_lead_time_days", "minimum_order_value",
             "maximum_order_value", "time_zone", "truck_policy", "truck_kilograms", "truck_cubic_metres", "truck_value",
             "fill_days", "order_days", "delivery_days", "cut_off", "is_active"),
            _suppliers,
            SupplierPageFilter,
            _supplier_row,
        ),
        Export(
            "terms",
            VIEW_ORDERS,
            ("supplier", "sku", "name", "supplier_code", "price", "currency", "pack_size", "minimum_quantity",
             "pallet_size", "pallet_percent", "maximum_quantity", "lead_time_days", "priority", "share_percent",
             "express_lead_time_days", "express_premium_percent", "price_breaks", "is_active"),
            ("supplier__code", "sku__code", "sku__name", "supplier_code", "price", "supplier__currency", "pack_size",
             "minimum_quantity", "pallet_size", "pallet_percent", "maximum_quantity", "promised_lead_time_days",
             "priority", "share_percent", "express_lead_time_days", "express_premium_percent", "price_breaks",
             "is_active"),
            _terms,
            TermsPageFilter,
            _terms_row,
        ),
        Export(
            "closures",
            VIEW_ORDERS,
            ("supplier", "name", "starts_on", "ends_on"),
            ("supplier__code", "name", "starts_on", "ends_on"),
            _closures,
            SupplierWords,
            _plain,
        ),
    )
}  # fmt: skip


def export_names(user: User) -> list[str]:
    """Of the lists that this user may take away."""
    return [name for name, export in EXPORTS.items() if is_permitted(user, export.permission)]
