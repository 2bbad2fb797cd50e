"""Records of text become rows of values. What a cell says is worked out once: a column seldom says much that is new."""

from collections.abc import Callable, Iterator
from typing import Any

from imports.domain.columns import BadValue, Column, Layout, ParsedRow
from imports.domain.errors import CellError, ErrorList
from imports.domain.table import MOST_CELL_CHARACTERS, Record
from inventory.domain.sheets import unguarded

# Texts of one column that are remembered, before a column of ever new texts would fill the memory.
MOST_REMEMBERED = 20_000
SHOWN_CHARACTERS = 80
# What a formula that failed leaves in its cell.
FORMULA_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)

Encode = Callable[[Any], Any]


class RowReader:
    """Reads records by a layout; `encode` turns each value into what the caller needs of it."""

    def __init__(self, layout: Layout, width: int, errors: ErrorList, encode: Encode) -> None:
        self._width = width
        self._errors = errors
        self._encode = encode
        self._places: list[tuple[int, dict[str, Any], Column]] = [
            (width if place is None else place, {}, column) for place, column in layout
        ]

    def values(self, records: Iterator[Record]) -> Iterator[tuple[int, list[Any]]]:
        """(row number, encoded values in the order of the layout); a cell that cannot be read gives its default."""
        width, places = self._width, self._places
        for number, cells in records:
            if len(cells) != width:
                cells = self._fit(number, cells)
            # One more, for the columns that the file does not have.
            cells.append("")
            row = []
            is_faulty = False
            for place, known, column in places:
                text = cells[place]
                value = known[text] if text in known else self._learn(known, column, text)
                is_faulty = is_faulty or value.__class__ is BadValue
                row.append(value)
            if not is_faulty:
                yield number, row
            elif any(cell.strip() for cell in cells):
                self._note(number, row, cells)
                yield number, self._without_bad(row)

    def _fit(self, number: int, cells: list[str]) -> list[str]:
        if any(cell.strip() for cell in cells[self._width :]):
            self._errors.add(CellError(number, "", "too_many_cells", str(len(cells)), str(self._width)))
        return (cells + [""] * (self._width - len(cells)))[: self._width]

    def _learn(self, known: dict[str, Any], column: Column, text: str) -> Any:
        """What the text means to the column, from now on without another look."""
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        known[text] = value = self._read(column, text)
        return value

    def _read(self, column: Column, text: str) -> Any:
        plain = unguarded(text.strip())
        if len(plain) > MOST_CELL_CHARACTERS:
            return BadValue("cell_too_long", str(MOST_CELL_CHARACTERS))
        if plain in FORMULA_ERRORS:
            return BadValue("formula_error")
        if not plain:
            return BadValue("empty_cell") if column.is_required else self._encode(column.default)
        try:
            return self._encode(column.parse(plain))
        except BadValue as bad:
            return bad

    def _note(self, number: int, row: list[Any], cells: list[str]) -> None:
        for (place, _known, column), value in zip(self._places, row, strict=True):
            if value.__class__ is BadValue:
                shown = cells[place].strip()[:SHOWN_CHARACTERS]
                self._errors.add(CellError(number, column.name, value.code, shown, value.hint))

    def _without_bad(self, row: list[Any]) -> list[Any]:
        return [
            self._encode(column.default) if value.__class__ is BadValue else value
            for (_place, _known, column), value in zip(self._places, row, strict=True)
        ]


def parse_rows(records: Iterator[Record], layout: Layout, width: int, errors: ErrorList) -> Iterator[ParsedRow]:
    """Rows with their values by column name, for kinds of file that are small enough to be looked at row by row."""
    names = [column.name for _place, column in layout]
    for number, values in RowReader(layout, width, errors, lambda value: value).values(records):
        yield ParsedRow(number, dict(zip(names, values, strict=True)))
