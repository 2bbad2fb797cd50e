"""What is wrong with a file, as a table to work through."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from imports.messages import message_of
from imports.models import FileImport
from imports.selectors.files import errors_of
from inventory.domain.sheets import Cell, csv_pieces, write_xlsx


def error_answer(record: FileImport, ending: str) -> HttpResponse:
    """CSV or XLSX with a row for each place, and how many more there are."""
    rows = _rows(record)
    if ending == "csv":
        return HttpResponse("".join(csv_pieces(_header(), rows)))
    with write_xlsx(_header(), rows) as file:
        return HttpResponse(file.read())


def _header() -> list[str]:
    return [_("Row"), _("Column"), _("Value"), _("What is wrong")]


def _rows(record: FileImport) -> Iterable[Sequence[Cell]]:
    found = errors_of(record)
    for error in found:
        yield error.row, error.shown_column, error.value, message_of(error)
    if record.error_count > len(found):
        more = _("%(more)d more places like these.") % {"more": record.error_count - len(found)}
        yield None, "", "", more
