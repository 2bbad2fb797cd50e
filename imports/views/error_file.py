"""What is wrong with a file, as a table to work through."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from inventory.domain.sheets import Cell, csv_pieces, write_xlsx

Row = tuple[int, str, str, str]


def error_csv(rows: Sequence[Row], total: int) -> bytes:
    return "".join(csv_pieces(_header(), _rows(rows, total))).encode()


def error_xlsx(rows: Sequence[Row], total: int) -> bytes:
    with write_xlsx(_header(), _rows(rows, total)) as file:
        return file.read()


def _header() -> list[str]:
    return [_("Row"), _("Column"), _("Value"), _("What is wrong")]


def _rows(rows: Sequence[Row], total: int) -> Iterable[Sequence[Cell]]:
    yield from rows
    if total > len(rows):
        yield (None, "", "", _("%(more)d more places like these.") % {"more": total - len(rows)})
