"""Cells of suppliers that are more than a number or a word: weekdays, an hour, a currency, price breaks.

Each is written by an export in the form in which it is read here, and so that no spreadsheet takes it for a date.
"""

import re
from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from itertools import pairwise

from imports.domain.columns import BadValue, read_decimal
from inventory.domain.sheets import as_text
from suppliers.domain.calendar import EVERY_DAY, mask_of, weekdays_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = "daily"
_HINT = f"{', '.join(DAYS)}, {DAILY}"
_CHINESE = "一二三四五六日"
_WORDS = {
    **{name: number for number, name in enumerate(DAYS, start=1)},
    **{str(number): number for number in range(1, 8)},
    **{f"{prefix}{sign}": n for prefix in ("周", "星期") for n, sign in enumerate(_CHINESE, start=1)},
    "周天": 7,
    "星期天": 7,
}
_ENGLISH = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?$")
_EVERY = ("daily", "every day", "everyday", "每天", "每日")
_HOUR = re.compile(r"^(\d{1,2})[:：](\d{2})(?::00)?$")
Breaks = tuple[tuple[Decimal, Decimal], ...]


def weekdays(raw: str) -> int:
    """`mon wed fri`, `mon-fri`, `周一、周三`, `1 3 5` (1 is Monday) or `daily`, as the mask of a calendar."""
    said = raw.strip().casefold()
    if said in _EVERY:
        return EVERY_DAY
    days: list[int] = []
    for part in re.split(r"[\s,;，、；/]+", said):
        first, *rest = re.split(r"[-–~至]", part)
        if len(rest) > 1:
            raise BadValue("not_weekdays", _HINT)
        days += _span(_day_of(first), _day_of(rest[0]) if rest else _day_of(first))
    return mask_of(days)


def _span(first: int, last: int) -> list[int]:
    """Both included; `fri-mon` goes over the end of the week."""
    return [(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)]


def _day_of(word: str) -> int:
    if _ENGLISH.match(word):
        word = word[:3]
    if word not in _WORDS:
        raise BadValue("not_weekdays", _HINT)
    return _WORDS[word]


def weekdays_text(mask: int) -> str:
    """As `weekdays` reads it."""
    return DAILY if mask == EVERY_DAY else " ".join(DAYS[day - 1] for day in weekdays_of(mask))


def cut_off(raw: str) -> time:
    found = _HOUR.match(raw)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadValue("not_an_hour")
    return time(int(found[1]), int(found[2]))


def cut_off_text(at: time | None) -> str:
    return "" if at is None else f"{at:%H:%M}"


def currency(raw: str) -> str:
    if not (len(raw) == 3 and raw.isascii() and raw.isalpha()):
        raise BadValue("not_a_currency")
    return raw.upper()


def price_breaks(raw: str) -> Breaks:
    """`60 = 1.80; 120 = 1.70`: from so many units of a line on, the price of each. A colon serves as well."""
    pairs = [re.split(r"\s*[=:＝：]\s*", part.strip()) for part in re.split(r"[;；\n]", raw) if part.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise BadValue("not_price_breaks")
    breaks = tuple((_part(units, 3), _part(price, 4)) for units, price in pairs)
    if any(later[0] <= before[0] or later[1] >= before[1] for before, later in pairwise(breaks)):
        raise BadValue("breaks_not_falling")
    return breaks


def _part(raw: str, decimals: int) -> Decimal:
    value = read_decimal(raw)
    if value < 0 or value >= Decimal(10) ** 10 or value != round(value, decimals):
        raise BadValue("not_price_breaks")
    return value


def price_breaks_text(breaks: Sequence[Sequence[Decimal | str]]) -> str:
    """As `price_breaks` reads it."""
    return "; ".join(f"{as_text(Decimal(units))} = {as_text(Decimal(price))}" for units, price in breaks)
