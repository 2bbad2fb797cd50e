"""What a column takes, and how its text becomes a value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from imports.domain.errors import CellError, ErrorList
from inventory.domain.addresses import tidy_lines
from inventory.domain.days import known_zones
from inventory.domain.said import Said
from inventory.domain.typed_numbers import NotANumber, TwoNumbers, half_width, read_number

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
# What a number of a file has at most, before and behind the point.
LARGEST, FINEST = Decimal(10) ** 12, 6
EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")
COUNTRY = re.compile(r"^[A-Za-z]{2}$")
# A long code that a spreadsheet took for a number, and wrote so: its last digits are lost.
SHORTENED = re.compile(r"^-?\d([.,]\d+)?E\+\d{1,3}$")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Also as it stands in Chinese papers, and without signs. What follows, a time of day, does not matter to a day.
DAY = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))(?:[ T].*)?$")
# The ways to write a day without hyphens, before a time or alone.
WRITTEN_DAY = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日")
PLAIN_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})(?=$|[ T])")
MOMENT = re.compile(
    r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$"
)


class BadValue(Exception):
    """The text is no such value; `code` says why, `hint` gives the limits."""

    def __init__(self, code: str, hint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint


Parser = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """`aliases` are other headings that are understood; an empty cell of an optional column gives `default`.

    `sql` is the type in which the column is staged in the database.
    """

    name: str
    parse: Parser
    is_required: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()
    sql: str = "text"

    def matches(self, heading: str) -> bool:
        return plain_heading(heading) in (self.name, *(plain_heading(alias) for alias in self.aliases))


@dataclass(frozen=True)
class ParsedRow:
    """`number` is the row in the file; `values` by column name."""

    number: int
    values: dict[str, Any]


# For each column of a kind, its place in the file; None where the file has none.
Layout = Sequence[tuple[int | None, Column]]


def plain_heading(heading: str) -> str:
    """As headings are compared: `Unit price*` and `unit_price` are the same."""
    return re.sub(r"[\s_\-]+", "_", heading.strip().rstrip("*:").strip().casefold())


def find_columns(
    header: Sequence[str],
    columns: Sequence[Column],
    errors: ErrorList,
    ignored: Sequence[str] = (),
    header_row: int = 1,
) -> Layout:
    """Where each column stands in the file; unknown headings and missing required columns become errors of the row of
    the headings."""
    layout = guess_columns(header, columns)
    _check_required(layout, errors, header_row)
    known = {index for index, _column in layout}
    expected = ", ".join(column.name for column in columns)
    for index, heading in enumerate(header):
        if heading and index not in known and plain_heading(heading) not in ignored:
            errors.add(CellError(header_row, heading[:80], "unknown_column", hint=expected))
    return layout


def guess_columns(header: Sequence[str], columns: Sequence[Column]) -> Layout:
    """The first heading that means the column, in any language that we know."""
    free = dict(enumerate(header))
    layout: list[tuple[int | None, Column]] = []
    for column in columns:
        found = next((index for index, heading in free.items() if column.matches(heading)), None)
        if found is not None:
            del free[found]
        layout.append((found, column))
    return layout


def chosen_columns(
    mapping: Mapping[str, int], width: int, columns: Sequence[Column], errors: ErrorList, header_row: int = 1
) -> Layout:
    """The places that a person chose (column name -> position in the file, from 0)."""
    given = {name: place for name, place in mapping.items() if 0 <= place < width}
    layout = [(given.get(column.name), column) for column in columns]
    _check_required(layout, errors, header_row)
    return layout


def _check_required(layout: Layout, errors: ErrorList, header_row: int) -> None:
    for place, column in layout:
        if column.is_required and place is None:
            errors.add(CellError(header_row, column.name, "missing_column"))


def text(most: int) -> Parser:
    def parse(raw: str) -> str:
        if len(raw) > most:
            raise BadValue("text_too_long", str(most))
        if UNPRINTABLE.search(raw):
            raise BadValue("unprintable")
        return raw

    return parse


def lines(most: int, most_lines: int) -> Parser:
    """Text of several lines, as an address has; blank ones do not count."""
    parse_text = text(most)

    def parse(raw: str) -> str:
        tidied = tidy_lines(parse_text(raw))
        if tidied.count("\n") >= most_lines:
            raise BadValue("too_many_lines", str(most_lines))
        return tidied

    return parse


def code(most: int) -> Parser:
    """Text under which something is known."""
    parse_text = text(most)

    def parse(raw: str) -> str:
        if SHORTENED.match(raw):
            raise BadValue("shortened_number")
        return str(parse_text(raw))

    return parse


# How a cell says that the field is to hold none; an empty cell keeps what is there.
NONE_WORDS = ("none", "无")


def or_none(parse: Parser) -> Parser:
    """What `parse` reads, or one of NONE_WORDS."""

    def parse_or_none(raw: str) -> Any:
        return Said.NOTHING if raw.strip().casefold() in NONE_WORDS else parse(raw)

    return parse_or_none


def known_value(said: Any, kept: Any) -> Any:
    """What the field holds once the cell is taken in."""
    if said is Said.NOTHING:
        return None
    return kept if said is None else said


def number(
    *, decimals: int, least: Decimal | None = Decimal(0), above: bool = False, most: Decimal | None = None
) -> Parser:
    """A decimal with a point or a comma, at most `decimals` places; `above` excludes `least` itself."""

    def parse(raw: str) -> Decimal:
        value = read_decimal(raw)
        if least is not None and (value < least or (above and value == least)):
            raise BadValue("number_too_small" if not above else "not_above", str(least))
        if most is not None and value > most:
            raise BadValue("number_too_large", str(most))
        if value != round(value, decimals):
            raise BadValue("too_many_decimals", str(decimals))
        return value

    return parse


def read_decimal(raw: str) -> Decimal:
    """12, 12.5, 12,5 or 1,234.50; a comma before exactly three digits may mean two things, and is not guessed."""
    try:
        value = read_number(raw)
    except TwoNumbers as two:
        raise BadValue("ambiguous_number", two.whole) from None
    except NotANumber:
        raise BadValue("not_a_number") from None
    if abs(value) >= LARGEST or value != round(value, FINEST):
        raise BadValue("not_a_number")
    return value


def whole(*, least: int, most: int) -> Parser:
    def parse(raw: str) -> int:
        raw = half_width(raw)
        if not raw.isdecimal() or len(raw) > 9 or not least <= int(raw) <= most:
            raise BadValue("not_whole", f"{least}-{most}")
        return int(raw)

    return parse


def identity(raw: str) -> int:
    """The number of a row of ours."""
    if not (raw.isascii() and raw.isdecimal()) or len(raw) > 18:
        raise BadValue("not_whole", "1-999999999999999999")
    return int(raw)


def day(raw: str) -> date:
    """2026-03-31, 2026/3/31, 2026年3月31日 or 20260331; orders that differ by country are refused, not guessed."""
    found = DAY.match(half_width(raw))
    if found is None:
        raise BadValue("not_a_date")
    year, month, day_of_month = (int(part) for part in found.groups() if part)
    try:
        if EARLIEST_YEAR <= year <= LATEST_YEAR:
            return date(year, month, day_of_month)
    except ValueError:
        pass
    raise BadValue("not_a_date")


def moment(raw: str) -> str:
    """2026-03-31, 2026-03-31 14:05[:30] or with an offset (Z, +08:00), as ISO text of exactly these forms; its day may
    be written as `day` reads it.

    Without an offset it is the time on the wall of the place; without a time it is the day as a whole.
    """
    text = WRITTEN_DAY.sub(r"\1-\2-\3", PLAIN_DAY.sub(r"\1-\2-\3", half_width(raw)))
    found = MOMENT.match(text)
    if found is None:
        raise BadValue("not_a_moment")
    year, month, day_of_month, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        at = datetime(year, month, day_of_month, hour, minute, second)  # noqa: DTZ001  # the zone is the place's, known later
    except ValueError:
        raise BadValue("not_a_moment") from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise BadValue("not_a_moment")
    if found[4] is None:
        return at.date().isoformat()
    return at.isoformat() + (found[7] or "") + _offset(found[8])


def _offset(written: str | None) -> str:
    if written is None or written == "Z":
        return "" if written is None else "+00:00"
    hours, minutes = written[1:3], written[-2:]
    if int(hours) > 14 or int(minutes) > 59:
        raise BadValue("not_a_moment")
    return f"{written[0]}{hours}:{minutes}"


def one_of(*words: str, aliases: Mapping[str, str] | None = None) -> Parser:
    """One of `words`, in any case; `aliases` are other ways to say them."""
    said = {**{word: word for word in words}, **(aliases or {})}

    def parse(raw: str) -> str:
        found = said.get(raw.casefold())
        if found is None:
            raise BadValue("not_one_of", ", ".join(words))
        return found

    return parse


def time_zone(raw: str) -> str:
    if raw not in known_zones():
        raise BadValue("unknown_time_zone")
    return raw


def country(raw: str) -> str:
    """A code of ISO 3166 in two letters, in capitals."""
    if not COUNTRY.match(raw):
        raise BadValue("not_a_country")
    return raw.upper()


def email(raw: str) -> str:
    if not EMAIL.match(raw) or UNPRINTABLE.search(raw) or len(raw) > 254:
        raise BadValue("not_an_email")
    return raw
