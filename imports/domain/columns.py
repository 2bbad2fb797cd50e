"""What a column takes, and how its text becomes a value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from imports.domain.errors import CellError, ErrorList
from imports.domain.table import Table

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
NUMBER = re.compile(r"^-?\d{1,12}([.,]\d{1,6})?$")
EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")


class BadValue(Exception):
    """The text is no such value; `code` says why, `hint` gives the limits."""

    def __init__(self, code: str, hint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint


Parser = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """`aliases` are other headings that are understood; an empty cell of an optional column gives `default`."""

    name: str
    parse: Parser
    is_required: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()

    def matches(self, heading: str) -> bool:
        return heading.casefold().replace(" ", "_") in (self.name, *(alias.casefold() for alias in self.aliases))


@dataclass(frozen=True)
class ParsedRow:
    """`number` is the row in the file; `values` by column name."""

    number: int
    values: dict[str, Any]


def parse_rows(table: Table, columns: tuple[Column, ...], errors: ErrorList) -> list[ParsedRow]:
    """Values of all rows; each cell that cannot be read becomes an error."""
    places = find_columns(table.header, columns, errors)
    errors.refuse_if_any()
    return [ParsedRow(number, _parse_row(number, cells, places, errors)) for number, cells in table.rows]


def find_columns(header: list[str], columns: tuple[Column, ...], errors: ErrorList) -> list[tuple[int | None, Column]]:
    """Where each column stands in the file; unknown headings and missing required columns become errors."""
    places: list[tuple[int | None, Column]] = []
    for column in columns:
        found = [index for index, heading in enumerate(header) if column.matches(heading)]
        places.append((found[0] if found else None, column))
        if column.is_required and not found:
            errors.add(CellError(1, column.name, "missing_column"))
    known = {index for index, _column in places}
    expected = ", ".join(column.name for column in columns)
    for index, heading in enumerate(header):
        if heading and index not in known:
            errors.add(CellError(1, heading, "unknown_column", hint=expected))
    return places


def _parse_row(
    number: int, cells: list[str], places: list[tuple[int | None, Column]], errors: ErrorList
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for index, column in places:
        text = "" if index is None else cells[index]
        values[column.name] = column.default
        if not text:
            if column.is_required:
                errors.add(CellError(number, column.name, "empty_cell"))
            continue
        try:
            values[column.name] = column.parse(text)
        except BadValue as bad:
            errors.add(CellError(number, column.name, bad.code, text[:80], bad.hint))
    return values


def text(most: int) -> Parser:
    def parse(raw: str) -> str:
        if len(raw) > most:
            raise BadValue("text_too_long", str(most))
        return raw

    return parse


def number(*, decimals: int, least: Decimal = Decimal(0), above: bool = False) -> Parser:
    """A decimal with a point or a comma, at most `decimals` places; `above` excludes `least` itself."""

    def parse(raw: str) -> Decimal:
        plain = raw.replace(" ", "").replace("\u00a0", "")
        if not NUMBER.match(plain):
            raise BadValue("not_a_number")
        try:
            value = Decimal(plain.replace(",", "."))
        except InvalidOperation:
            raise BadValue("not_a_number") from None
        if value < least or (above and value == least):
            raise BadValue("number_too_small", str(least))
        if value != round(value, decimals):
            raise BadValue("too_many_decimals", str(decimals))
        return value

    return parse


def whole(*, least: int, most: int) -> Parser:
    def parse(raw: str) -> int:
        if not raw.isdecimal() or not least <= int(raw) <= most:
            raise BadValue("not_whole", f"{least}-{most}")
        return int(raw)

    return parse


def day(raw: str) -> date:
    """2026-03-31 or 2026/3/31; orders that differ by country are refused, not guessed."""
    parts = re.split(r"[-/.]", raw.split(" ")[0].split("T")[0])
    try:
        year, month, day_of_month = (int(part) for part in parts)
        if EARLIEST_YEAR <= year <= LATEST_YEAR:
            return date(year, month, day_of_month)
    except ValueError:
        pass
    raise BadValue("not_a_date")


def one_of(*words: str) -> Parser:
    def parse(raw: str) -> str:
        if raw.casefold() not in words:
            raise BadValue("not_one_of", ", ".join(words))
        return raw.casefold()

    return parse


def time_zone(raw: str) -> str:
    if raw not in available_timezones():
        raise BadValue("unknown_time_zone")
    return raw


def email(raw: str) -> str:
    if not EMAIL.match(raw):
        raise BadValue("not_an_email")
    return raw
