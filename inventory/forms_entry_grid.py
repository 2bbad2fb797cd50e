"""Styles on an entry: a matrix of fields, each of them a line as soon as something is typed in it."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.ids import ids_of
from inventory.domain.movements import plain
from inventory.forms_entry import MAX_LINES, Entry, Line
from inventory.models import Style
from inventory.selectors.styles import Matrix, read_matrix

MAX_STYLES = 5


def read_grids(entry: Entry, post: QueryDict) -> None:
    """The matrices that stood on the page, and a line for each cell that is filled."""
    ids = ids_of(post.getlist("style")[:MAX_STYLES])
    entry.styles = list(Style.objects.filter(pk__in=ids).order_by("pk"))
    entry.grids = [_read(entry, style) for style in entry.styles]
    for grid in entry.grids:
        for cell in grid.made:
            typed = post.get(f"cell_{cell.sku.pk}", "").strip()[:20] if cell.sku else ""
            if cell.sku and typed:
                entry.lines.append(Line(cell.sku.code, typed, cell.sku, available=cell.available))
    if len(entry.lines) > MAX_LINES:
        entry.problem = _("An entry takes %(most)d lines. Empty some of the fields and post these first.") % {
            "most": MAX_LINES
        }


def open_grid(entry: Entry, style: Style) -> None:
    """Opens the matrix of a style; one that is open stays as it is."""
    entry.typed_code = ""
    if style.pk in {known.pk for known in entry.styles}:
        return
    if len(entry.styles) >= MAX_STYLES:
        entry.problem = _("An entry takes %(most)d styles at a time. Post these first.") % {"most": MAX_STYLES}
        return
    entry.styles.append(style)
    entry.grids.append(_read(entry, style))


def open_style(entry: Entry, wish: str) -> None:
    """The same by the id of the style, as a button sends it."""
    style = Style.objects.filter(pk__in=ids_of([wish])).first()
    if style is None:
        entry.problem = _("That style is not there any more.")
        return
    open_grid(entry, style)


def close_grid(entry: Entry, wish: str) -> None:
    """Takes the matrix of a style off, with all that is typed in it."""
    for grid in [grid for grid in entry.grids if str(grid.style.pk) == wish]:
        gone = {cell.sku.pk for cell in grid.made if cell.sku}
        entry.lines = [line for line in entry.lines if line.sku.pk not in gone]
        entry.grids.remove(grid)
        entry.styles = [style for style in entry.styles if style.pk != grid.style.pk]


def show_grids(entry: Entry) -> None:
    """Writes what was typed, and what is wrong with it, into the cells."""
    lines = {line.sku.pk: line for line in entry.lines}
    for grid in entry.grids:
        for cell in grid.made:
            line = lines.get(cell.sku.pk) if cell.sku else None
            if line is not None:
                quantity = line.quantity
                cell.typed = plain(quantity) if line.pack and quantity is not None else line.typed
                cell.error, cell.available = line.error, line.available


def _read(entry: Entry, style: Style) -> Matrix:
    return read_matrix(style, location_ids=[entry.location.pk])
