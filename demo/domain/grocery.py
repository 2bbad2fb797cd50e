"""The demo's real sales of 2017 and how its days are laid under today's calendar. Pure: arrays in, arrays out."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

DAYS = 365
# Whole weeks, so that a year that is wrapped around keeps its weekdays: 2 January to 31 December 2017.
CYCLE = 364
# 1 January 2017 was a Sunday (Monday is 0).
FIRST_WEEKDAY = 6
# The source's shops are open day and night; the demo's are not, so that an empty shelf at night does no harm.
OPENS_AT, CLOSES_AT = 8, 22

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DemoSku:
    code: str
    name: str
    department: str
    category: str


@dataclass(frozen=True)
class Grocery:
    """units: SKU x shop x 365 source days; price_cents: SKU x 53 weeks; promotion_percent: SKU x shop x 53 weeks;
    hours: weekday x 24, number of purchases."""

    skus: tuple[DemoSku, ...]
    units: IntArray
    price_cents: IntArray
    promotion_percent: IntArray
    hours: IntArray


def source_day(day: date) -> int:
    """The day of 2017 (0 is 1 January) that stands for `day`: the nearest of the same weekday, never 1 January."""
    nearest = min(day.timetuple().tm_yday, DAYS) - 1
    offset = (day.weekday() - FIRST_WEEKDAY - nearest) % 7
    shifted = nearest + (offset if offset <= 3 else offset - 7)
    return (shifted - 1) % CYCLE + 1


def source_days(last_day: date, days: int = DAYS, ahead: int = 0) -> IntArray:
    """Source days of the `days` that end at `last_day` and of `ahead` days more, oldest first; weekdays agree."""
    from_last = np.arange(1 - days, 1 + ahead)
    return (source_day(last_day) - 1 + from_last) % CYCLE + 1


def source_week(days: IntArray) -> IntArray:
    """The source's week (0..52) of source days 1..364; its week 0 has 1 January only."""
    return 1 + (days - 1) // 7


def hour_shares(grocery: Grocery) -> FloatArray:
    """Share of a weekday's sales per hour within opening hours; rows (Monday first) sum to 1."""
    open_hours = np.zeros(24)
    open_hours[OPENS_AT:CLOSES_AT] = 1
    weights = grocery.hours * open_hours
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
