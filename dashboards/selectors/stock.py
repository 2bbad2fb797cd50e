"""The stock list: what is on sale where, how much is there, and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from accounts.models import User
from inventory.domain.days import local_date
from inventory.models import Category, Listing, StockLevel, TransferLine, TransferState
from inventory.selectors.reserved import available_of_level
from inventory.selectors.scope import location_scope
from inventory.selectors.stock import category_tree, search_skus
from orders.models import PurchaseOrderLine, ReorderLevel
from orders.models.purchase_order import OPEN_ORDER_STATES
from orders.selectors.risk import RiskRow, load_risk

_QUANTITY = DecimalField(max_digits=18, decimal_places=3)
OPEN_TRANSFER_STATES = ("draft", "shipped")
STATUSES = ("out", "low", "ok")
SORTS = {
    "urgency": ("urgency", "sku__name", "location__name", "pk"),
    "name": ("sku__name", "location__name", "pk"),
    "-name": ("-sku__name", "location__name", "pk"),
    "available": ("available", "sku__name", "pk"),
    "-available": ("-available", "sku__name", "pk"),
}


@dataclass(frozen=True)
class StockFilter:
    """What to list; None and "" mean all. `status` is one of `STATUSES`, `sort` one of `SORTS`."""

    location_id: int | None = None
    category_id: int | None = None
    status: str = ""
    search: str = ""
    sort: str = "urgency"

    @property
    def is_narrow(self) -> bool:
        return bool(self.location_id or self.category_id or self.status or self.search)


@dataclass(frozen=True)
class StockRow:
    """A listing with today's reading of it; `risk` is None where the SKU is no longer on sale."""

    listing: Listing
    available: Decimal
    risk: RiskRow | None

    @property
    def coming(self) -> Decimal:
        """Units on order and on the way."""
        return self.risk.on_order + self.risk.in_transit if self.risk else Decimal(0)

    @property
    def days_left(self) -> float | None:
        """Days until the expected demand has used it up; None where it is gone, or no demand is known."""
        return self.risk.days_of_cover if self.risk and self.available > 0 else None

    @property
    def fill(self) -> Decimal | None:
        """Share of the order-up-to level that is there, at most 1; None without a forecast."""
        if self.risk is None or not self.risk.order_up_to_level:
            return None
        return max(Decimal(0), min(self.available / self.risk.order_up_to_level, Decimal(1)))


def list_stock(user: User, wanted: StockFilter) -> QuerySet[Listing]:
    """Listings of the user's places that match, with `available` and `urgency` (0 out, 1 low, 2 neither)."""
    rows = Listing.objects.filter(location_scope(user), location__is_active=True, sku__is_active=True)
    if wanted.location_id is not None:
        rows = rows.filter(location_id=wanted.location_id)
    if wanted.category_id is not None:
        rows = rows.filter(sku__category__in=category_tree(wanted.category_id))
    if wanted.search:
        rows = rows.filter(sku__in=search_skus(wanted.search).values("pk"))
    reorder = ReorderLevel.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"))
    rows = rows.annotate(available=_available(), reorder_point=Subquery(reorder.values("reorder_point")[:1]))
    rows = rows.annotate(position=_position()).annotate(urgency=_urgency())
    # What is no longer sold there is of interest only while some of it is left.
    rows = rows.filter(Q(delisted_on=None) | ~Q(available=0))
    if wanted.status in STATUSES:
        rows = rows.filter(urgency=STATUSES.index(wanted.status))
    return rows.select_related("sku", "sku__category", "location").order_by(*SORTS.get(wanted.sort, SORTS["urgency"]))


def with_risk(listings: Iterable[Listing], *, now: datetime) -> list[StockRow]:
    """The rows of one page with status, cover and next delivery; as many queries for a hundred rows as for one."""
    shown = list(listings)
    risks: dict[tuple[int, int], RiskRow] = {}
    for zone_name, rows in _by_zone(shown).items():
        today: date = local_date(now, zone_name)
        found = load_risk(
            location_ids={row.location_id for row in rows}, sku_ids={row.sku_id for row in rows}, today=today
        )
        risks |= {(row.sku_id, row.location_id): row for row in found}
    return [StockRow(row, row.available, risks.get((row.sku_id, row.location_id))) for row in shown]  # type: ignore[attr-defined]  # annotated by list_stock


def categories_in_use() -> Sequence[Category]:
    """Categories that hold a SKU, by name."""
    return list(Category.objects.filter(skus__isnull=False).distinct().order_by("name"))


def _by_zone(rows: Iterable[Listing]) -> dict[str, list[Listing]]:
    zones: dict[str, list[Listing]] = {}
    for row in rows:
        zones.setdefault(row.location.time_zone, []).append(row)
    return zones


def _available() -> Coalesce:
    level = StockLevel.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"))
    return Coalesce(Subquery(level.values(left=available_of_level())[:1]), Decimal(0), output_field=_QUANTITY)


def _position() -> CombinedExpression:
    """Inventory position as in `orders.selectors.positions`: available, less promised, plus on order and in transit."""
    here = {"sku": OuterRef("sku")}
    ordered = PurchaseOrderLine.objects.filter(
        **here, order__location=OuterRef("location"), order__state__in=OPEN_ORDER_STATES, is_closed=False
    )
    arriving = TransferLine.objects.filter(
        **here, transfer__destination=OuterRef("location"), transfer__state__in=OPEN_TRANSFER_STATES
    )
    leaving = TransferLine.objects.filter(
        **here, transfer__source=OuterRef("location"), transfer__state=TransferState.DRAFT
    )
    open_quantity = F("quantity") - F("received")
    return (
        F("available")
        + _total(ordered, open_quantity)
        + _total(arriving, open_quantity)
        - _total(leaving, F("quantity"))
    )


def _total(lines: QuerySet[Any], quantity: Any) -> Coalesce:
    summed = lines.order_by().values("sku").annotate(total=Sum(quantity, output_field=_QUANTITY)).values("total")
    return Coalesce(Subquery(summed), Decimal(0), output_field=_QUANTITY)


def _urgency() -> Case:
    """The same borders as `orders.domain.risk.status_of`, since the list is filtered and sorted in the database."""
    return Case(
        When(available__lte=0, then=Value(0)),
        When(position__lte=F("reorder_point"), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
