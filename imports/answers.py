"""Answers that are saved as files, for pages and API alike."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.text import unfinished_file
from imports.selectors.exports import Export, InvalidFilter
from inventory.domain.sheets import Cell, csv_pieces, write_xlsx

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A workbook is written whole before its first byte leaves; CSV has no limit.
MOST_XLSX_ROWS = 200_000
R = TypeVar("R", bound=HttpResponseBase)


def attachment(answer: R, name: str, ending: str) -> R:
    """`name` is one of ours: letters, digits and hyphens."""
    answer["Content-Type"] = CONTENT_TYPES[ending]
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def export_answer(export: Export, rows: Iterable[Sequence[Cell]], ending: str) -> HttpResponseBase:
    """A table of any length, sent while it is read."""
    name = f"youhuo-{export.name}"
    if ending == "csv":
        pieces = csv_pieces(export.header, rows, unfinished=unfinished_file())
        return attachment(StreamingHttpResponse(pieces), name, ending)
    return attachment(FileResponse(write_xlsx(export.header, rows, export.name)), name, ending)


def too_long() -> str:
    """Why a list cannot be had as a workbook."""
    return _("This list has more than %(most)s rows. Take it as CSV, or narrow it first.") % {
        "most": f"{MOST_XLSX_ROWS:,}"
    }


def senseless(invalid: InvalidFilter) -> str:
    """Which filters cannot be understood."""
    return _("This filter makes no sense: %(names)s.") % {"names": ", ".join(invalid.errors)}
