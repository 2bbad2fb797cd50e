"""Tables for spreadsheet programs, written row by row: CSV as text, XLSX as a file.

A text that begins like a formula gets an apostrophe before it, so that no program runs what somebody typed into a name.
Our own reader takes exactly one such apostrophe off again, so a table that is read back says what it said.
Numbers stay numbers: -3 is no formula.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from typing_extensions import TypeIs
from xlsxwriter import Workbook

from inventory.domain.movements import plain

# Signs that begin a formula (full-width ones too, which Excel in Chinese takes for them), behind whatever white space
# or apostrophes; and the white space itself that some programs cut off before they look.
FORMULA = re.compile("['\\s]*[=+\\-@＝＋－＠\\t\\r\\n]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINES_AT_ONCE = 500
WIDEST = 60
# Days before it have no number in a workbook.
FIRST_YEAR = 1900

Cell = str | int | Decimal | date | bool | None


def guarded(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, without characters that no file can hold."""
    plain = UNPRINTABLE.sub("\ufffd", text)
    return f"'{plain}" if FORMULA.match(plain) else plain


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text, 1) else text


def as_text(cell: Cell) -> str:
    """A cell of a CSV file. Decimals without needless zeros, moments in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, Decimal):
        return plain(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, unfinished: str = "") -> Iterator[str]:
    """CSV text in pieces. A mark in front tells spreadsheet programs that it is UTF-8.

    What `rows` raises is raised after a last line `unfinished`: web servers end an answer that breaks off like a whole
    one, so that nobody would see what is missing. Read back, such a line is refused. Who joins the pieces needs none.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guarded(name) for name in header])
    try:
        for number, row in enumerate(rows, start=1):
            writer.writerow([as_text(cell) for cell in row])
            if number % LINES_AT_ONCE == 0:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
    except Exception:
        writer.writerow([guarded(unfinished)])
        yield buffer.getvalue()
        raise
    yield buffer.getvalue()


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "Sheet1") -> BinaryIO:
    """A workbook with one sheet, written in constant memory; the open file stands at its beginning. Days are days, for
    spreadsheet programs to sort and reckon with; a moment is a text, since a workbook knows no time zones."""
    file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115  # handed to the caller, who closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, options)
    sheet = book.add_worksheet(title)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(header):
        sheet.set_column(place, place, min(max(len(name) + 2, 12), WIDEST))
        sheet.write_string(0, place, guarded(name), bold)
    write_text: Callable[[int, int, str], object] = sheet.write_string
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, Decimal | int) and not isinstance(cell, bool) and _is_exact(cell):
                sheet.write_number(number, place, cell)
            elif _is_day(cell):
                sheet.write_datetime(number, place, cell, day)
            elif cell is not None and cell != "":
                write_text(number, place, as_text(cell))
    book.close()
    file.seek(0)
    return file


def _is_day(cell: Cell) -> TypeIs[date]:
    return isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= FIRST_YEAR


def _is_exact(cell: Decimal | int) -> bool:
    """Whether the binary numbers of a spreadsheet keep it: up to fifteen digits."""
    return len(str(abs(cell)).replace(".", "").strip("0")) <= 15
