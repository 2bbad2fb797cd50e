"""Writer of opening stock: what was on the shelves when the ledger began."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from imports.domain.columns import ParsedRow
from imports.domain.errors import CellError
from imports.services.context import ImportContext
from inventory.domain.days import local_date
from inventory.models import Listing, Location, LocationKind, Movement, MovementKind, Sku, StockLevel, Unit
from inventory.services.listings import list_skus
from inventory.services.posting import MAX_LINES, MovementLine, post_movements


@dataclass(frozen=True)
class OpeningRow:
    """`column` names the cell to blame."""

    number: int
    column: str
    sku_id: int
    location: Location
    quantity: Decimal

    @property
    def pair(self) -> tuple[int, int]:
        return self.sku_id, self.location.pk


def write_stock(rows: list[ParsedRow], context: ImportContext) -> int:
    skus = context.resolve(Sku, rows, "sku")
    places = context.resolve_locations(rows)
    context.errors.refuse_if_any()
    opening = [
        OpeningRow(
            row.number, "quantity", skus[row.values["sku"]], places[row.values["location"]], row.values["quantity"]
        )
        for row in rows
    ]
    return post_opening(opening, context)


def post_opening(rows: list[OpeningRow], context: ImportContext) -> int:
    """Posts what is new. A row that says again what was posted changes nothing; another quantity is a matter for a
    count.
    """
    _check_units(rows, context)
    known = _opened(rows)
    started = set(
        StockLevel.objects.filter(location__in={row.location for row in rows}).values_list("sku_id", "location_id")
    )
    for row in rows:
        if row.pair in known and known[row.pair] != row.quantity:
            shown = f"{known[row.pair].normalize():f}"
            context.errors.add(CellError(row.number, row.column, "opening_differs", f"{row.quantity:f}", shown))
        elif row.pair not in known and row.pair in started and row.quantity:
            context.errors.add(CellError(row.number, row.column, "already_in_ledger", f"{row.quantity:f}"))
    context.errors.refuse_if_any()
    listed = list_pairs({row.pair: local_date(context.now, row.location.time_zone) for row in rows}, context)
    new = [row for row in rows if row.pair not in known and row.quantity > 0]
    _post(new, context)
    return max(listed, len(new))


def list_pairs(first_days: dict[tuple[int, int], date], context: ImportContext, *, only_new: bool = False) -> int:
    """Puts pairs of SKU and location on sale from their day on, unless they are; returns how many that were.

    A listing that begins later begins earlier from now on, except with `only_new`.
    """
    scope = {"sku__in": {pair[0] for pair in first_days}, "location__in": {pair[1] for pair in first_days}}
    found = Listing.objects.filter(delisted_on=None, **scope).values_list("sku_id", "location_id", "listed_on")
    known = {(sku_id, location_id): date.min if only_new else day for sku_id, location_id, day in found}
    groups: dict[tuple[int, date], list[int]] = {}
    for (sku_id, location_id), day in first_days.items():
        if known.get((sku_id, location_id), date.max) > day:
            groups.setdefault((location_id, day), []).append(sku_id)
    for (location_id, day), sku_ids in groups.items():
        list_skus(sku_ids=sku_ids, location_ids=[location_id], listed_on=day, now=context.now)
    return sum(len(sku_ids) for sku_ids in groups.values())


def _check_units(rows: list[OpeningRow], context: ImportContext) -> None:
    counted = set(Sku.objects.filter(pk__in={row.sku_id for row in rows}, unit=Unit.EACH).values_list("pk", flat=True))
    for row in rows:
        if row.sku_id in counted and row.quantity != row.quantity.to_integral_value():
            context.errors.add(CellError(row.number, row.column, "not_whole_units", f"{row.quantity:f}"))


def _opened(rows: list[OpeningRow]) -> dict[tuple[int, int], Decimal]:
    """Opening quantities that the ledger has for these pairs."""
    found = (
        Movement.objects.filter(
            kind=MovementKind.OPENING,
            destination__in={row.location for row in rows},
            sku__in={row.sku_id for row in rows},
        )
        .values_list("sku_id", "destination_id")
        .annotate(Sum("quantity"))
    )
    return {(sku_id, location_id): total for sku_id, location_id, total in found}


def _post(rows: list[OpeningRow], context: ImportContext) -> None:
    outside = Location.objects.get(kind=LocationKind.SUPPLIER)
    lines = [MovementLine(row.sku_id, outside.pk, row.location.pk, row.quantity) for row in rows]
    for start in range(0, len(lines), MAX_LINES):
        post_movements(
            lines=lines[start : start + MAX_LINES],
            kind=MovementKind.OPENING,
            key=None,
            now=context.now,
            posted_by=context.user,
            source_type="import",
        )
