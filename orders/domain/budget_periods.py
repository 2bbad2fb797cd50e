"""The periods of a budget: days, weeks or months from a first day on."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last day, both within."""

    first: date
    last: date


def span_of(period: str, starts_on: date, day: date) -> Span | None:
    """The period (day, week or month) in which the day is; None before the first one."""
    if day < starts_on:
        return None
    if period == "month":
        return _month(starts_on, day)
    length = {"day": 1, "week": 7}[period]
    first = day - timedelta(days=(day - starts_on).days % length)
    return Span(first, first + timedelta(days=length - 1))


def _month(starts_on: date, day: date) -> Span:
    """A month that begins on the 31st begins on the last day of a shorter one."""
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    if _later(starts_on, months) > day:
        months -= 1
    return Span(_later(starts_on, months), _later(starts_on, months + 1) - timedelta(days=1))


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
