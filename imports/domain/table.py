"""A CSV file as rows of text: whatever a spreadsheet program of any country may have written."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from imports.domain.errors import CellError, FileRefused

MOST_CELL_CHARACTERS = 2_000
MOST_COLUMNS = 100
# In this order: byte-order marks speak for themselves, UTF-8 refuses what it is not, GB 18030 is what Excel writes
# in China.
ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Table:
    """`header` as written, stripped; `rows` are (row number as in a spreadsheet, cells stripped), blank rows left
    out.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(data: bytes) -> Table:
    """Raises FileRefused when the bytes are no table of text."""
    text = _decode(data)
    lines = _records(text, _delimiter(text))
    first = next(lines, None)
    if first is None:
        raise FileRefused([CellError(1, "", "empty_file")])
    header = first[1]
    _check_header(header)
    rows = [_fit(number, cells, len(header)) for number, cells in lines]
    return Table(header, rows)


def _decode(data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused([CellError(1, "", "workbook")])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try_decode(data, "utf-16")
    if b"\0" in data:
        raise FileRefused([CellError(1, "", "not_text")])
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused([CellError(1, "", "not_text")])


def _try_decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused([CellError(1, "", "not_text")]) from None


def _delimiter(text: str) -> str:
    """The separator that occurs most in the first line; a comma when there is none."""
    first_line = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first_line.count)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    try:
        for cells in reader:
            number += 1
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error as error:
        raise FileRefused([CellError(number + 1, "", "broken_quotes", hint=str(error))]) from None


def _check_header(header: list[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise FileRefused([CellError(1, "", "too_many_columns", str(len(header)), str(MOST_COLUMNS))])
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise FileRefused([CellError(1, name, "doubled_column") for name in doubled])


def _fit(number: int, cells: list[str], width: int) -> tuple[int, list[str]]:
    if len(cells) > width and any(cells[width:]):
        raise FileRefused([CellError(number, "", "too_many_cells", str(len(cells)), str(width))])
    if any(len(cell) > MOST_CELL_CHARACTERS for cell in cells):
        raise FileRefused([CellError(number, "", "cell_too_long", hint=str(MOST_CELL_CHARACTERS))])
    return number, (cells + [""] * (width - len(cells)))[:width]
