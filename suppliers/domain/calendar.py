"""When a supplier takes orders and delivers, and how a lead time runs through it.

Days are counted from today, day 0. An order can be placed on an order day that is not closed, and today only before
the cut-off. Its lead time is counted in open days, because nobody works for us while the supplier is closed; what is
ready then waits for the next delivery day. Without any restriction that is plain arithmetic: placed + lead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
EVERY_DAY = 127
MONDAY_TO_SUNDAY = range(7)
# Two years; what lies beyond is taken as its last day.
HORIZON_DAYS = 730


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed from `first` to `last`, both included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekdays as bits, Monday the lowest. Orders of a day are taken before `cut_off` in `time_zone`, all day without
    it; an empty zone is that of the place that orders."""

    order_days: int = EVERY_DAY
    delivery_days: int = EVERY_DAY
    cut_off: time | None = None
    time_zone: str = ""
    closures: tuple[Closure, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing: every day is the same."""
        is_daily = self.order_days == EVERY_DAY and self.delivery_days == EVERY_DAY
        return is_daily and self.cut_off is None and not self.closures

    @property
    def for_express(self) -> "Calendar":
        """Nobody works while they are closed and the hour of the day holds, but express goes out and comes on any
        weekday: the days are those of the ordinary round."""
        return replace(self, order_days=EVERY_DAY, delivery_days=EVERY_DAY)

    def first_day(self, today: date, now: datetime, time_zone: str) -> int:
        """0 while orders of today are taken, 1 when the cut-off has passed."""
        if self.cut_off is None:
            return 0
        ends_at = datetime.combine(today, self.cut_off, ZoneInfo(self.time_zone or time_zone))
        return 0 if now < ends_at else 1


@dataclass(frozen=True)
class Table:
    """Calendars of s suppliers over HORIZON_DAYS: start [s], the first day that still takes an order; next_order and
    next_delivery [s, d], the first such day from d on; opened [s, d], open days until the end of d; reached [s, c], the
    first day on which that are c."""

    start: I64
    next_order: I64
    next_delivery: I64
    opened: I64
    reached: I64

    def order_day(self, rows: I64, since: I64) -> I64:
        """[n]: the first day from `since` [n] on that takes an order of the suppliers `rows` [n]."""
        found: I64 = self.next_order[rows, np.minimum(since, HORIZON_DAYS - 1)]
        return found

    def arrival(self, rows: I64, placed: I64, lead: I64) -> I64:
        """[n, k]: the day on which goods ordered on `placed` [n] with a lead time of `lead` [n, k] open days come."""
        across = rows[:, None]
        target = np.minimum(self.opened[across, placed[:, None]] + lead, HORIZON_DAYS)
        ready = np.maximum(self.reached[across, target], placed[:, None])
        found: I64 = self.next_delivery[across, ready]
        return found


def table_of(calendars: Sequence[Calendar], *, today: date, now: datetime, time_zone: str) -> Table:
    """One row for each calendar; `time_zone` is that of the place that orders."""
    days = np.arange(HORIZON_DAYS)
    weekday = (today.weekday() + days) % 7
    is_open = np.array([_is_open(calendar, today) for calendar in calendars]).reshape(-1, HORIZON_DAYS)
    orders = np.array([calendar.order_days for calendar in calendars], dtype=np.int64)
    delivers = np.array([calendar.delivery_days for calendar in calendars], dtype=np.int64)
    opened = np.cumsum(is_open, axis=1)
    counts = np.arange(HORIZON_DAYS + 1)
    reached = [np.minimum(np.searchsorted(row, counts), HORIZON_DAYS - 1) for row in opened]
    return Table(
        start=np.array([calendar.first_day(today, now, time_zone) for calendar in calendars], dtype=np.int64),
        next_order=_next(is_open & _has(orders, weekday)),
        next_delivery=_next(is_open & _has(delivers, weekday)),
        opened=opened,
        reached=np.array(reached, dtype=np.int64).reshape(-1, HORIZON_DAYS + 1),
    )


def _has(masks: I64, weekday: I64) -> NDArray[np.bool_]:
    return (masks[:, None] >> weekday[None, :]) & 1 > 0


def _is_open(calendar: Calendar, today: date) -> NDArray[np.bool_]:
    is_open = np.ones(HORIZON_DAYS, dtype=np.bool_)
    for closure in calendar.closures:
        first, last = (closure.first - today).days, (closure.last - today).days
        is_open[max(first, 0) : max(last + 1, 0)] = False
    return is_open


def _next(is_day: NDArray[np.bool_]) -> I64:
    """[s, d]: the first such day from d on; the last day of the horizon where none is left."""
    days = np.where(is_day, np.arange(HORIZON_DAYS), HORIZON_DAYS - 1)
    return np.minimum.accumulate(days[:, ::-1], axis=1)[:, ::-1].astype(np.int64)


def closures_between(calendar: Calendar, first: date, last: date) -> tuple[Closure, ...]:
    """Those that touch the days from `first` to `last`, both included, by their beginning."""
    found = (closure for closure in calendar.closures if closure.first <= last and closure.last >= first)
    return tuple(sorted(found, key=lambda closure: (closure.first, closure.last, closure.name)))


def order_on(calendar: Calendar, *, now: datetime, time_zone: str) -> date:
    """The day on which they take an order that is placed now."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    table = table_of([calendar], today=today, now=now, time_zone=time_zone)
    return today + timedelta(days=int(table.order_day(np.zeros(1, dtype=np.int64), table.start)[0]))


def taken_on(calendar: Calendar, ordered_on: date, *, at: datetime, time_zone: str) -> date:
    """The first day whose orders an order of `ordered_on` that left `at` was among: the next one where their hour of
    that day had passed."""
    if at.astimezone(ZoneInfo(time_zone)).date() != ordered_on:
        return ordered_on
    return ordered_on + timedelta(days=calendar.first_day(ordered_on, at, time_zone))


def arrival_on(calendar: Calendar, lead_days: int, *, now: datetime, time_zone: str) -> date:
    """When goods come that are ordered now and take so many open days."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    table, row = table_of([calendar], today=today, now=now, time_zone=time_zone), np.zeros(1, dtype=np.int64)
    placed = table.order_day(row, table.start)
    return today + timedelta(days=int(table.arrival(row, placed, np.array([[lead_days]]))[0, 0]))


def delivery_on(calendar: Calendar, day: date) -> date:
    """The first day from this one on on which they deliver."""
    since = datetime.combine(day, time(), ZoneInfo("UTC"))
    table = table_of([calendar], today=day, now=since, time_zone="UTC")
    return day + timedelta(days=int(table.next_delivery[0, 0]))


def weekdays_of(mask: int) -> list[int]:
    """ISO weekdays (1 Monday to 7 Sunday) of a mask."""
    return [day + 1 for day in MONDAY_TO_SUNDAY if mask >> day & 1]


def mask_of(weekdays: Sequence[int]) -> int:
    """The mask of ISO weekdays. Raises ValueError for another number."""
    if any(not 1 <= day <= 7 for day in weekdays):
        raise ValueError("A weekday is a number from 1 (Monday) to 7 (Sunday).")
    return sum(1 << (day - 1) for day in set(weekdays))
