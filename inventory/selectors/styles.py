"""Styles as matrices: rows and columns of variants, and what of each is where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from accounts.models import User
from inventory.domain.movements import ZERO
from inventory.models import AxisValue, Listing, Sku, StockLevel, Style, StyleAxis, Variant
from inventory.selectors.reserved import available_of_level

# The values of a cell on the axes of its style; None where there is no such axis.
CellKey = tuple[int, int | None, int | None]


@dataclass
class Cell:
    """One combination of values. `sku` is None where nobody has made that variant."""

    values: tuple[AxisValue, ...]
    sku: Sku | None = None
    on_hand: Decimal = ZERO
    available: Decimal = ZERO
    # What was typed for it, and what is wrong with that, on a page of entry.
    typed: str = ""
    error: str = ""

    @property
    def label(self) -> str:
        return " / ".join(value.name for value in self.values)

    @property
    def key(self) -> str:
        return "-".join(str(value.pk) for value in self.values)


@dataclass
class Row:
    value: AxisValue
    cells: list[Cell]

    @property
    def available(self) -> Decimal:
        return sum((cell.available for cell in self.cells), ZERO)


@dataclass
class Layer:
    """One value of the third axis with its rows and columns; `value` is None without a third axis."""

    value: AxisValue | None
    rows: list[Row]


@dataclass
class Matrix:
    """A style laid out. `columns` is empty for a style with one axis."""

    style: Style
    axes: list[StyleAxis]
    columns: list[AxisValue]
    layers: list[Layer]

    @property
    def cells(self) -> list[Cell]:
        return [cell for layer in self.layers for row in layer.rows for cell in row.cells]

    @property
    def missing(self) -> int:
        return sum(cell.sku is None for cell in self.cells)

    @property
    def made(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.sku is not None]

    @property
    def available(self) -> Decimal:
        return sum((cell.available for cell in self.cells), ZERO)

    def column_total(self, position: int) -> Decimal:
        rows = [row for layer in self.layers for row in layer.rows]
        return sum((row.cells[position].available for row in rows), ZERO)

    @property
    def column_totals(self) -> list[Decimal]:
        return [self.column_total(position) for position in range(max(len(self.columns), 1))]

    @property
    def title_of_rows(self) -> str:
        return self.axes[0].name if self.axes else ""

    @property
    def title_of_columns(self) -> str:
        return self.axes[1].name if len(self.axes) > 1 else ""


def styles_for(user: User) -> QuerySet[Style]:
    """Styles with how many variants they have. Those of other stores alone are not there, as their SKUs are not."""
    styles = Style.objects.select_related("category").annotate(variant_count=Count("variants")).order_by("name", "pk")
    if user.sees_all_locations:
        return styles
    listed = Listing.objects.filter(location__access__user=user).values("sku")
    own = Variant.objects.filter(sku__in=listed).values("style")
    # One without variants is of no store yet, and whoever is to make them has to see it.
    return styles.filter(Q(pk__in=own) | ~Exists(Variant.objects.filter(style=OuterRef("pk"))))


def find_style(text: str) -> Style | None:
    return Style.objects.filter(code__iexact=text).first()


def suggest_styles(text: str, *, most: int = 3) -> list[Style]:
    """Styles with variants, whose code begins with the text or whose name holds it."""
    named = Q(code__istartswith=text) | Q(name__icontains=text)
    return list(Style.objects.filter(named, variants__sku__is_active=True).distinct().order_by("name", "pk")[:most])


def axes_of(style: Style) -> list[StyleAxis]:
    """Its axes in order, each with its values in order."""
    values = Prefetch("values", AxisValue.objects.order_by("position", "pk"))
    return list(StyleAxis.objects.filter(style=style).order_by("position").prefetch_related(values))


def read_matrix(style: Style, *, location_ids: Collection[int]) -> Matrix:
    """The matrix with the stock at these locations added up; in as many statements for any size."""
    axes = axes_of(style)
    cells: dict[CellKey, Cell] = {}
    firsts, seconds, thirds = _values(axes)
    across: list[AxisValue | None] = [*seconds] or [None]
    deep: list[AxisValue | None] = [*thirds] or [None]
    layers = [
        Layer(third, [Row(first, [_cell(cells, first, second, third) for second in across]) for first in firsts])
        for third in deep
    ]
    _fill(style, cells, location_ids)
    return Matrix(style, axes, seconds, layers)


def _values(axes: Sequence[StyleAxis]) -> list[list[AxisValue]]:
    lists = [list(axis.values.all()) for axis in axes]
    return [*lists, [], [], []][:3]


def _cell(cells: dict[CellKey, Cell], first: AxisValue, second: AxisValue | None, third: AxisValue | None) -> Cell:
    cell = Cell(tuple(value for value in (first, second, third) if value is not None))
    cells[first.pk, second.pk if second else None, third.pk if third else None] = cell
    return cell


def _fill(style: Style, cells: dict[CellKey, Cell], location_ids: Collection[int]) -> None:
    variants = Variant.objects.filter(style=style, sku__is_active=True).select_related("sku")
    by_sku = {}
    for variant in variants:
        cell = cells.get((variant.first_id, variant.second_id, variant.third_id))
        if cell is not None:
            cell.sku = variant.sku
            by_sku[variant.sku_id] = cell
    levels = StockLevel.objects.filter(sku__in=by_sku, location__in=location_ids).values("sku_id")
    for level in levels.annotate(there=Sum("on_hand"), free=Sum(available_of_level())):
        cell = by_sku[level["sku_id"]]
        cell.on_hand, cell.available = level["there"], level["free"]
