"""Packs of occasions that a trade lives by, each found by its rule for any year; a firm edits what it loads.

The names stand in `forecasting.pack_names`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from inventory.domain.public_holidays import lunar_start, public_holidays

Span = tuple[date, date]
Rule = Callable[[int, str], Span | None]
CHINA, WESTERN = "china", "western"
MONDAY, THURSDAY, SUNDAY = 0, 3, 6
# Where Mother's Day is not the second Sunday of May.
LENT_MOTHERS_DAY, LATE_MOTHERS_DAY = ("GB", "IE"), ("FR", "SE")


@dataclass(frozen=True)
class Entry:
    """An occasion of a pack in one year."""

    kind: str
    starts_on: date
    ends_on: date


def pack_entries(pack: str, country: str, year: int) -> list[Entry]:
    """The occasions of a pack in the order of their days; those that a country does not keep are left out.

    Raises KeyError for a pack that is not one of PACKS.
    """
    spans = ((kind, rule(year, country)) for kind, rule in PACKS[pack].items())
    found = [Entry(kind, *span) for kind, span in spans if span is not None]
    return sorted(found, key=lambda entry: (entry.starts_on, entry.kind))


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar (the anonymous algorithm of 1876, Nature 13, p. 487)."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The `number`-th Monday (0) to Sunday (6) of a month, counted from 1."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _fixed(first: tuple[int, int], last: tuple[int, int]) -> Rule:
    return lambda year, _country: (date(year, *first), date(year, *last))


def _new_year_goods(year: int, _country: str) -> Span | None:
    """From four weeks to one week before the lunar new year; parcels do not travel in the last one."""
    begins = lunar_start(year)
    return begins - timedelta(days=28), begins - timedelta(days=7)


def _mid_autumn(year: int, _country: str) -> Span | None:
    """Two weeks of presents up to the festival, which the calendar of China knows."""
    known = public_holidays("CN", "", date(year, 8, 25), date(year, 10, 12))
    days = [day for name, found in known.items() if name.startswith("Mid-Autumn") for day in found]
    return (days[0] - timedelta(days=14), days[0]) if days else None


def _easter(year: int, _country: str) -> Span | None:
    sunday = easter_sunday(year)
    return sunday - timedelta(days=7), sunday - timedelta(days=1)


def _mothers_day(year: int, country: str) -> Span | None:
    """The week up to it."""
    if country in LENT_MOTHERS_DAY:
        sunday = easter_sunday(year) - timedelta(days=21)
    elif country in LATE_MOTHERS_DAY:
        sunday = nth_weekday(year, 6, SUNDAY, 1) - timedelta(days=7)
        # France moves it to June where it would fall on Pentecost.
        sunday += timedelta(days=7 if country == "FR" and sunday == easter_sunday(year) + timedelta(days=49) else 0)
    else:
        sunday = nth_weekday(year, 5, SUNDAY, 2)
    return sunday - timedelta(days=6), sunday


def _fathers_day(year: int, _country: str) -> Span | None:
    sunday = nth_weekday(year, 6, SUNDAY, 3)
    return sunday - timedelta(days=6), sunday


def _black_friday(year: int, _country: str) -> Span | None:
    """Monday to the day after the fourth Thursday of November."""
    thursday = nth_weekday(year, 11, THURSDAY, 4)
    return thursday - timedelta(days=3), thursday + timedelta(days=1)


def _cyber_monday(year: int, country: str) -> Span | None:
    friday = nth_weekday(year, 11, THURSDAY, 4) + timedelta(days=1)
    return friday + timedelta(days=1), friday + timedelta(days=3)


def _thanksgiving(year: int, country: str) -> Span | None:
    """The shopping before it where it is kept: fourth Thursday of November, second Monday of October."""
    if country == "US":
        feast = nth_weekday(year, 11, THURSDAY, 4)
    elif country == "CA":
        feast = nth_weekday(year, 10, MONDAY, 2)
    else:
        return None
    return feast - timedelta(days=7), feast - timedelta(days=1)


PACKS: dict[str, dict[str, Rule]] = {
    CHINA: {
        "new_year_goods": _new_year_goods,
        "valentine": _fixed((2, 7), (2, 14)),
        "queens_day": _fixed((3, 1), (3, 8)),
        "520": _fixed((5, 13), (5, 20)),
        "618": _fixed((6, 1), (6, 18)),
        "818": _fixed((8, 8), (8, 18)),
        "99": _fixed((9, 5), (9, 9)),
        "mid_autumn": _mid_autumn,
        "national_day": _fixed((10, 1), (10, 7)),
        "double_11": _fixed((10, 31), (11, 11)),
        "double_12": _fixed((12, 8), (12, 12)),
    },
    WESTERN: {
        "january_sales": _fixed((1, 2), (1, 31)),
        "valentine": _fixed((2, 7), (2, 14)),
        "easter": _easter,
        "mothers_day": _mothers_day,
        "fathers_day": _fathers_day,
        "back_to_school": _fixed((8, 15), (9, 5)),
        "halloween": _fixed((10, 24), (10, 31)),
        "thanksgiving": _thanksgiving,
        "black_friday": _black_friday,
        "cyber_monday": _cyber_monday,
        "christmas": _fixed((12, 1), (12, 24)),
        "after_christmas": _fixed((12, 26), (12, 31)),
    },
}
