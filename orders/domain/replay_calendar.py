"""The calendars of suppliers in a replay: on which nights an order goes out, when it comes, and how long it must last.

The night after the close of column t plans for column t + 1, as the plan of that day does: what it orders goes out on
that day if the supplier takes orders then, otherwise the night orders nothing and a later one decides anew. Lead times
run in open days, and what is ready waits for a delivery day; see `suppliers.domain.calendar`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from orders.domain.by_calendar import times_of
from orders.domain.levels import Protection
from orders.domain.replay_settings import PART_DAYS
from suppliers.domain.calendar import I64, Calendar, Table, table_of

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Weeks:
    """Of n series, whose suppliers' `calendars` rule which: of_series int [n], -1 where every day is the same. `start`
    is the day of column 0 of the panel."""

    calendars: tuple[Calendar, ...]
    of_series: I64
    start: date

    def stretch(self, first: int) -> "Stretch":
        """For the nights after the closes of PART_DAYS columns from `first` on."""
        rows = np.flatnonzero(self.of_series >= 0)
        without = [replace(each, closures=()) for each in self.calendars]
        return Stretch(
            first, rows, self.of_series[rows], self._table(self.calendars, first), self._table(without, first)
        )

    def _table(self, calendars: tuple[Calendar, ...] | list[Calendar], first: int) -> Table:
        today = self.start + timedelta(days=first + 1)
        return table_of(calendars, today=today, now=datetime.combine(today, time(), UTC), time_zone="UTC")

    def goes_out(self, begin: int, end: int) -> Bools:
        """[n, end - begin]: whether an order of the night after each close goes out."""
        found = np.ones((len(self.of_series), end - begin), dtype=np.bool_)
        for stretch, columns in self._stretches(begin, end):
            for column in columns:
                found[:, column - begin] = stretch.night(column).goes_out(len(found))
        return found

    def lead_days(self, begin: int, drawn: I64) -> I64:
        """[n, t]: days from an order after each close until it is there, of `drawn` [n, t] open days."""
        found = drawn.copy()
        for stretch, columns in self._stretches(begin, begin + drawn.shape[1]):
            for column in columns:
                found[:, column - begin] = stretch.night(column).lead_days(drawn[:, column - begin])
        return found

    def _stretches(self, begin: int, end: int) -> Iterator[tuple["Stretch", range]]:
        for first in range(begin, end, PART_DAYS):
            yield self.stretch(first), range(first, min(first + PART_DAYS, end))


@dataclass(frozen=True)
class Stretch:
    """The series `rows` [m] whose suppliers, rows `suppliers` [m] of both tables, have a calendar; `plain` is without
    the closures. Day 0 of the tables is the column after `first`."""

    first: int
    rows: I64
    suppliers: I64
    table: Table
    plain: Table

    def night(self, column: int) -> "Night":
        return Night(self, column - self.first)


@dataclass(frozen=True)
class Night:
    """The night before day `day` of a stretch."""

    stretch: Stretch
    day: int

    @property
    def _since(self) -> I64:
        return np.full(len(self.stretch.rows), self.day, dtype=np.int64)

    def goes_out(self, n: int) -> Bools:
        """[n]: whether an order of this night does."""
        found = np.ones(n, dtype=np.bool_)
        of = self.stretch
        found[of.rows] = of.table.order_day(of.suppliers, self._since) == self.day
        return found

    def protect(self, protection: Protection) -> Protection:
        """By the calendar, as the plan of that day reckons it."""
        of = self.stretch
        if not of.rows.size:
            return protection
        found = times_of(of.table, of.plain, of.suppliers, self._since, protection, of.rows)
        lead, interval = protection.lead_days.copy(), protection.interval_days.copy()
        lead[of.rows], interval[of.rows] = found.lead - self.day, found.covered - self.day
        return replace(protection, lead_days=lead, by_calendar=interval)

    def lead_days(self, drawn: I64) -> I64:
        """[n]: days until what is ordered for this day is there, of `drawn` [n] open days."""
        of, found = self.stretch, drawn.copy()
        placed = of.table.order_day(of.suppliers, self._since)
        found[of.rows] = of.table.arrival(of.suppliers, placed, drawn[of.rows, None])[:, 0] - self.day
        return found
