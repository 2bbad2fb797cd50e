"""Periods in which a supplier of some country is likely to be closed, to choose from."""

from datetime import date, timedelta

from inventory.domain.public_holidays import LUNAR_NEW_YEAR, lunar_new_year, public_holidays
from suppliers.domain.calendar import Closure

CHINESE_NEW_YEAR = "Chinese New Year"
# People travel home before the day itself, and factories start again after the Lantern Festival at the latest.
DAYS_BEFORE, DAYS_AFTER = 3, 11
WITH_LUNAR_NEW_YEAR = ("CN", "HK", "MO", "SG", "TW", "VN")


def offers(country: str, region: str, first: date, last: date) -> list[Closure]:
    """Public holidays from `first` to `last`, those on consecutive days as one period; around the lunar new year, where
    it is kept, the longer time in which nobody works."""
    lunar = _around_new_year(first, last) if country in WITH_LUNAR_NEW_YEAR else []
    days: dict[date, list[str]] = {}
    for name, dates in public_holidays(country, region, first, last).items():
        for day in dates:
            if not any(each.first <= day <= each.last for each in lunar):
                days.setdefault(day, []).append(name)
    return sorted([*lunar, *_periods(days)], key=lambda each: (each.first, each.name))


def _around_new_year(first: date, last: date) -> list[Closure]:
    begins = lunar_new_year(first, last).get(LUNAR_NEW_YEAR, ())
    before, after = timedelta(days=DAYS_BEFORE), timedelta(days=DAYS_AFTER)
    return [Closure(CHINESE_NEW_YEAR, day - before, day + after) for day in begins]


def _periods(days: dict[date, list[str]]) -> list[Closure]:
    found: list[Closure] = []
    for day, names in sorted(days.items()):
        if found and day == found[-1].last + timedelta(days=1):
            found[-1] = Closure(found[-1].name, found[-1].first, day)
        else:
            found.append(Closure(names[0][:120], day, day))
    return found
