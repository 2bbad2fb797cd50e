"""Public holidays and the lunar new year, as days by name; in English, so that names in tables stay the same."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

LUNAR_NEW_YEAR = "Lunar New Year"
BEFORE_LUNAR_NEW_YEAR = "Two weeks before Lunar New Year"
WEEKS_BEFORE = 14
# The calendar of China reckons the first day of the first lunar month; it is the same day everywhere that matters here.
_SPRING_FESTIVAL = "Chinese New Year (Spring Festival)"
_KNOWN_YEARS = range(1949, 2100)
# A day off because of a weekend or a swap is a holiday like another; which day it was taken from does not matter.
_SUBSTITUTED = ("Day off", "Substituted")
DAY_OFF = "Day off"
Days = dict[str, tuple[date, ...]]


def supported_countries() -> dict[str, tuple[str, ...]]:
    """ISO codes of the countries whose holidays are known, with the codes of their regions."""
    return {code: tuple(regions) for code, regions in holidays.list_supported_countries(include_aliases=False).items()}


def public_holidays(country: str, region: str, first: date, last: date) -> Days:
    """Days by name from `first` to `last`, both included; empty for a country that is not known."""
    found: dict[str, list[date]] = {}
    for year in range(first.year, last.year + 1):
        for name, day in _of_year(country, region, year, ""):
            if first <= day <= last:
                found.setdefault(name, []).append(day)
    return {name: tuple(sorted(days)) for name, days in sorted(found.items())}


def lunar_new_year(first: date, last: date) -> Days:
    """The first day of the lunar year, and the two weeks before it, in which people buy for it."""
    begins = [day for year in range(first.year, last.year + 2) for day in _lunar_starts(year)]
    before = [day - timedelta(days=back) for day in begins for back in range(WEEKS_BEFORE, 0, -1)]
    wanted = {LUNAR_NEW_YEAR: begins, BEFORE_LUNAR_NEW_YEAR: before}
    cut = {name: tuple(day for day in days if first <= day <= last) for name, days in wanted.items()}
    return {name: days for name, days in cut.items() if days}


def lunar_start(year: int) -> date:
    """The day in this year on which the lunar year begins. Raises ValueError outside 1949 to 2099."""
    found = _lunar_starts(year)
    if not found:
        raise ValueError(f"The lunar new year of {year} is not known.")
    return found[0]


# In Chinese calendars: a day off in place of the day itself, or worked for on another one.
_SHIFTED = re.compile("（(补假|由.*调休)）$")


@lru_cache(maxsize=512)
def names_in(country: str, region: str, year: int, language: str) -> dict[date, str]:
    """The names of a year's holidays in a language that their country's calendar speaks, else in English."""
    return {day: name for name, day in _of_year(country, region, year, language)}


def spoken_names(country: str, region: str, years: tuple[int, ...], language: str) -> dict[str, str]:
    """What holidays whose names in tables are English are called in a language that their country's calendar speaks.
    Only days that tell which name is which count: with as many names in one language as in the other."""
    found: dict[str, str] = {}
    for year in years:
        plain, spoken = (_by_day(_of_year(country, region, year, words)) for words in ("", language))
        for day, names in plain.items():
            if len(spoken.get(day, ())) == len(names):
                found.update({name: _SHIFTED.sub("", said) for name, said in zip(names, spoken[day], strict=True)})
    return found


def _by_day(rows: tuple[tuple[str, date], ...]) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    for name, day in rows:
        found.setdefault(day, []).append(name)
    return found


@lru_cache(maxsize=64)
def _lunar_starts(year: int) -> list[date]:
    if year not in _KNOWN_YEARS:
        return []
    return sorted(day for name, day in _of_year("CN", "", year, "") if name == _SPRING_FESTIVAL)[:1]


@lru_cache(maxsize=2048)
def _of_year(country: str, region: str, year: int, language: str) -> tuple[tuple[str, date], ...]:
    try:
        spoken = _language(country, language)
        calendar = holidays.country_holidays(country, subdiv=region or None, years=year, language=spoken)
    except (NotImplementedError, ValueError):
        return ()
    return tuple((name, day) for day, text in sorted(calendar.items()) for name in _names(text))


def _language(country: str, wanted: str) -> str | None:
    """The calendar's own code of a language; English where it has it, None for what it speaks by itself."""
    spoken = getattr(getattr(holidays, country, None), "supported_languages", ()) or ()
    for prefix in filter(None, (wanted.split("-")[0], "en")):
        for language in spoken:
            if language.startswith(prefix) and language != "zh_TW":
                return str(language)
    return None


def _names(text: str) -> Iterator[str]:
    """Two holidays may share a day, and one may be kept on a day of its own besides."""
    for part in text.split("; "):
        name = part.split(" (observed")[0]
        yield DAY_OFF if name.startswith(_SUBSTITUTED) else name
