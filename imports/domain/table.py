"""A file as a header and records of cells, read piece by piece: a million rows never stand in memory."""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from imports.domain.errors import CellError, FileRefused, refused
from imports.domain.text_file import DELIMITERS, detect_encoding, find_delimiter, read_lines

MOST_CELL_CHARACTERS = 2_000
MOST_COLUMNS = 100
# Rows above the headings that are looked through.
MOST_TITLES = 10

# The number of the row as a spreadsheet shows it, and its cells as written.
Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """`header` is stripped and stands in row `header_row`; `records` can be walked once."""

    header: list[str]
    records: Iterator[Record]
    header_row: int = 1


def open_table(file: BinaryIO, encoding: str = "") -> Table:
    """Raises FileRefused when the bytes are no table of text; `records` may raise it while they are walked."""
    lines = read_lines(file, encoding or detect_encoding(file))
    blank_lines, first_line = _skip_blank(lines)
    beginning = [first_line, *itertools.islice(lines, MOST_TITLES)]
    # The first line may be a title, in which nothing is separated.
    separated = (line for line in beginning if any(sign in line for sign in DELIMITERS))
    delimiter = find_delimiter(next(separated, first_line))
    header_row, header, records = _below_titles(_records(itertools.chain(beginning, lines), delimiter, blank_lines))
    if len(header) > MOST_COLUMNS:
        raise refused("too_many_columns", row=header_row, value=str(len(header)), hint=str(MOST_COLUMNS))
    return Table(header, records, header_row)


def _below_titles(records: Iterator[Record]) -> tuple[int, list[str], Iterator[Record]]:
    """The row of the headings, the headings, and what follows.

    A title stands alone in its row, above the headings, as tills and printed lists have it; a file of which every row
    has one cell begins with its heading.
    """
    beginning = list(itertools.islice(records, MOST_TITLES + 1))
    if not beginning:
        raise refused("empty_file")
    rows = [[cell.strip() for cell in cells] for _number, cells in beginning]
    place = next((place for place, cells in enumerate(rows) if sum(map(bool, cells)) > 1), 0)
    return beginning[place][0], rows[place], itertools.chain(beginning[place + 1 :], records)


def _skip_blank(lines: Iterator[str]) -> tuple[int, str]:
    """How many lines stand before the header, and its first line."""
    for blank_lines, line in enumerate(lines):
        text = line.lstrip("\ufeff")
        if text.strip():
            return blank_lines, text
    raise refused("empty_file")


def _records(lines: Iterator[str], delimiter: str, before: int) -> Iterator[Record]:
    number = before
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            number += 1
            if any(cells):
                yield number, cells
    except csv.Error as error:
        code = "cell_too_long" if "field limit" in str(error) else "broken_quotes"
        hint = str(MOST_CELL_CHARACTERS) if code == "cell_too_long" else str(error)
        raise refused(code, row=number + 1, hint=hint) from None


def check_doubled(table: Table) -> None:
    """Raises FileRefused when a heading stands there twice: nobody could say which column is meant."""
    doubled = sorted({name for name in table.header if name and table.header.count(name) > 1})
    if doubled:
        raise FileRefused([CellError(table.header_row, name, "doubled_column") for name in doubled])
