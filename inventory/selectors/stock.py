"""The stock list: one row per SKU with what is where, in a number of statements that depends on nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from inventory.domain.movements import ZERO
from inventory.models import Barcode, Category, Listing, Location, Sku, StockLevel, StockoutEvent
from inventory.selectors.reserved import reserved_of_level
from inventory.selectors.scope import locations_for

OUT, IN_STOCK, NEGATIVE, UNLISTED = "out", "in_stock", "negative", "unlisted"
STATUSES = (OUT, IN_STOCK, NEGATIVE, UNLISTED)

# So many matches of a search are named one by one.
FEW = 1_000

DESCENDANTS = """
WITH RECURSIVE tree AS (
    SELECT id FROM inventory_category WHERE id = %s
    UNION ALL
    SELECT child.id FROM inventory_category child JOIN tree ON child.parent_id = tree.id
)
SELECT id FROM tree
"""


@dataclass(frozen=True)
class StockCell:
    """A SKU at one location."""

    location_id: int
    on_hand: Decimal
    reserved: Decimal
    held: Decimal
    is_out: bool

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved - self.held


@dataclass
class StockRow:
    """A SKU with its cells at the user's locations (or at the one that was asked for)."""

    sku: Sku
    cells: dict[int, StockCell] = field(default_factory=dict)

    @property
    def on_hand(self) -> Decimal:
        return sum((cell.on_hand for cell in self.cells.values()), ZERO)

    @property
    def reserved(self) -> Decimal:
        return sum((cell.reserved for cell in self.cells.values()), ZERO)

    @property
    def available(self) -> Decimal:
        return sum((cell.available for cell in self.cells.values()), ZERO)

    @property
    def out_count(self) -> int:
        return sum(cell.is_out for cell in self.cells.values())

    @property
    def status(self) -> str:
        """The worst thing to say of it: negative somewhere, out somewhere, or in stock."""
        if any(cell.on_hand < 0 for cell in self.cells.values()):
            return NEGATIVE
        return OUT if self.out_count else IN_STOCK


@dataclass(frozen=True)
class StockPage:
    """Rows in the order of their codes; `next_after` is the code to go on from, None at the end."""

    rows: list[StockRow]
    locations: list[Location]
    next_after: str | None


def stock_rows(
    user: User,
    *,
    search: str = "",
    category_id: int | None = None,
    location_id: int | None = None,
    status: str = "",
    after: str = "",
    limit: int = 100,
    is_active: bool | None = True,
) -> StockPage:
    """One page of the stock list. `search` looks at codes, names and barcodes; `status` is one of `STATUSES`."""
    locations = [place for place in locations_for(user) if location_id in (None, place.pk)]
    place_ids = [place.pk for place in locations]
    skus = search_skus(search, is_active=is_active)
    if category_id is not None:
        skus = skus.filter(category_id__in=category_tree(category_id))
    skus = _with_status(skus, status, place_ids)
    if after:
        skus = skus.filter(code__gt=after)
    found = list(skus.select_related("category").order_by("code")[: limit + 1])
    rows = {sku.pk: StockRow(sku) for sku in found[:limit]}
    _fill(rows, place_ids)
    next_after = found[limit - 1].code if len(found) > limit else None
    return StockPage(list(rows.values()), locations, next_after)


def search_skus(search: str, *, is_active: bool | None = True, among: QuerySet[Sku] | None = None) -> QuerySet[Sku]:
    """SKUs (`among` these) whose code or name holds the words, or that carry this barcode."""
    skus = Sku.objects.all() if among is None else among
    skus = skus if is_active is None else skus.filter(is_active=is_active)
    text = search.strip()
    if not text:
        return skus
    few = few_matches(text)
    return skus.filter(_holding(text)) if few is None else skus.filter(pk__in=few)


def few_matches(text: str) -> list[int] | None:
    """Ids of the SKUs that match a search; None when there are more than `FEW`.

    Few matches are found by the index of three letters and then named by id; many of them are met soon by whoever walks
    the list in its order. The planner cannot tell the two apart, so we look first.
    """
    found = list(Sku.objects.filter(_holding(text)).order_by().values_list("pk", flat=True)[: FEW + 1])
    return found if len(found) <= FEW else None


def _holding(text: str) -> Q:
    scanned = list(Barcode.objects.filter(code=text).values_list("sku_id", flat=True))
    return Q(name__icontains=text) | Q(code__icontains=text) | Q(pk__in=scanned)


def category_tree(category_id: int) -> list[int]:
    """A category and everything below it."""
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [category_id])
        return [row[0] for row in cursor.fetchall()]


def categories() -> QuerySet[Category]:
    return Category.objects.order_by("name", "code")


def _with_status(skus: QuerySet[Sku], status: str, place_ids: Sequence[int]) -> QuerySet[Sku]:
    here = {"sku_id": OuterRef("pk"), "location_id__in": place_ids}
    if status == OUT:
        return skus.filter(
            pk__in=StockoutEvent.objects.filter(ended_at=None, location_id__in=place_ids).values("sku_id")
        )
    if status == IN_STOCK:
        return skus.filter(Exists(StockLevel.objects.filter(on_hand__gt=0, **here)))
    if status == NEGATIVE:
        return skus.filter(Exists(StockLevel.objects.filter(on_hand__lt=0, **here)))
    if status == UNLISTED:
        return skus.filter(~Exists(Listing.objects.filter(delisted_on=None, **here)))
    return skus


def _fill(rows: dict[int, StockRow], place_ids: Sequence[int]) -> None:
    here = {"sku_id__in": list(rows), "location_id__in": place_ids}
    out = set(StockoutEvent.objects.filter(ended_at=None, **here).values_list("sku_id", "location_id"))
    levels = StockLevel.objects.filter(**here)
    columns = ("sku_id", "location_id", "on_hand", "held", reserved_of_level())
    for sku_id, place_id, on_hand, held, reserved in levels.values_list(*columns):
        cell = StockCell(place_id, on_hand, reserved, held, (sku_id, place_id) in out)
        # What expired a moment ago is there again, although nobody has noted the end of the stockout yet.
        rows[sku_id].cells[place_id] = replace(cell, is_out=cell.is_out and cell.available <= 0)
