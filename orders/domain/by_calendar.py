"""The protection interval of what is bought from a supplier who does not take orders, or deliver, on every day.

An order of today goes out on the first day that takes it and comes by the calendar. What it must last for ends when
the next order comes: the one placed on the first order day after the review period. So the interval grows by itself
when a closure lies before that, and the order ahead of a closure covers it, up to MOST_AHEAD_DAYS of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64, mean_at
from orders.domain.levels import Protection
from orders.domain.quantity import THOUSAND
from suppliers.domain.calendar import I64, Calendar, Closure, Table, closures_between, table_of

# Days that closures add to an interval at most: longer than any feast, and twice as far as a night looks ahead. Who is
# closed for half a year is a supplier to replace, not one to buy half a year of.
MOST_AHEAD_DAYS = 60
# The mean of whole days is a little above them in floats.
NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Timing:
    """Of one case, in days from `today`: when its order goes out, when the next one can, when this one is expected, the
    mean lead time and protection interval by the calendar, what closures added to the latter, how many days of them
    are left uncovered, and how many of those covered pass before the order goes out."""

    today: date
    order_in: int
    next_order_in: int
    arrives_in: int
    lead_days: float
    interval_days: float
    closed_days: float
    uncovered_days: float
    missed_days: float
    closures: str

    @property
    def order_on(self) -> date:
        return self.today + timedelta(days=self.order_in)

    @property
    def next_order_on(self) -> date:
        return self.today + timedelta(days=self.next_order_in)

    @property
    def arrives_on(self) -> date:
        return self.today + timedelta(days=self.arrives_in)


@dataclass(frozen=True)
class CalendarRows:
    """Those of some rows whose supplier has a calendar: `rows` [n] of them, and where the supplier of each stands
    among `calendars`, `supplier` [n]."""

    rows: I64
    supplier: I64
    calendars: Sequence[Calendar]


@dataclass(frozen=True)
class Calendars:
    """Calendars by supplier, as of a moment at a place; those who take orders and deliver daily are left out."""

    by_supplier: Mapping[int, Calendar]
    today: date
    now: datetime
    time_zone: str

    @property
    def for_express(self) -> "Calendars":
        """As they hold for what is bought by express."""
        return replace(self, by_supplier={key: each.for_express for key, each in self.by_supplier.items()})

    def of(self, supplier_ids: Sequence[int | None]) -> CalendarRows:
        """Those of so many rows; None where nothing is bought."""
        asked = [(row, key) for row, key in enumerate(supplier_ids) if key is not None and key in self.by_supplier]
        ids = sorted({key for _row, key in asked})
        place = {key: index for index, key in enumerate(ids)}
        return CalendarRows(
            rows=np.array([row for row, _key in asked], dtype=np.int64),
            supplier=np.array([place[key] for _row, key in asked], dtype=np.int64),
            calendars=[self.by_supplier[key] for key in ids],
        )

    def table(self, wanted: Sequence[Calendar]) -> Table:
        """One row for each of the calendars wanted."""
        return table_of(wanted, today=self.today, now=self.now, time_zone=self.time_zone)


@dataclass(frozen=True)
class Times:
    """Days of the table: when the order goes out and the next one can, when both come by each possible lead time
    [n, k], and when the one would go out and the next one come without closures."""

    placed: I64
    following: I64
    lead: I64
    interval: I64
    plain: I64
    plain_placed: I64

    @property
    def covered(self) -> I64:
        """[n, k]: the day until which the order is to last."""
        found: I64 = np.minimum(self.interval, self.plain + MOST_AHEAD_DAYS)
        return found


def with_calendars(
    protection: Protection, supplier_ids: Sequence[int | None], calendars: Calendars | None
) -> tuple[Protection, dict[int, Timing]]:
    """The protection by calendar, and the timing of each row whose supplier (None: not bought) has one."""
    if calendars is None:
        return protection, {}
    known = calendars.of(supplier_ids)
    if not known.calendars:
        return protection, {}
    table = calendars.table(known.calendars)
    plain = calendars.table([replace(each, closures=()) for each in known.calendars])
    times = times_of(table, plain, known.supplier, table.start[known.supplier], protection, known.rows)
    lead, interval = protection.lead_days.copy(), protection.interval_days.copy()
    lead[known.rows], interval[known.rows] = times.lead, times.covered
    uncovered = np.zeros_like(interval)
    uncovered[known.rows] = times.interval - times.covered
    changed = replace(protection, lead_days=lead, by_calendar=interval, uncovered=uncovered)
    expected = np.ceil(protection.mean_lead[known.rows] - NOISE)[:, None].astype(np.int64)
    arrives_in = table.arrival(known.supplier, times.placed, expected)[:, 0]
    timings = _timings(known, times, arrives_in, changed, calendars.today)
    return changed, dict(zip(known.rows.tolist(), timings, strict=True))


def _timings(known: CalendarRows, times: Times, arrives_in: I64, protection: Protection, today: date) -> list[Timing]:
    """Of the rows known; `protection` is the one by calendar."""
    chances, interval_days = protection.chances[known.rows], protection.mean_interval[known.rows]
    closed = ((times.covered - times.plain) * chances).sum(axis=1)
    uncovered = ((times.interval - times.covered) * chances).sum(axis=1)
    missed = np.clip(times.placed - times.plain_placed, 0.0, closed)
    names = _Names(known.calendars, today)
    return [
        Timing(
            today=today,
            order_in=order_in,
            next_order_in=next_order_in,
            arrives_in=arrives,
            lead_days=lead,
            interval_days=interval,
            closed_days=closed_days,
            uncovered_days=uncovered_days,
            missed_days=missed_days,
            closures=names.until(supplier, interval),
        )
        for order_in, next_order_in, arrives, lead, interval, closed_days, uncovered_days, missed_days, supplier in zip(
            times.placed.tolist(), times.following.tolist(), arrives_in.tolist(),
            protection.mean_lead[known.rows].tolist(), interval_days.tolist(), closed.tolist(), uncovered.tolist(),
            missed.tolist(), known.supplier.tolist(), strict=True,
        )
    ]  # fmt: skip


def times_of(table: Table, plain: Table, suppliers: I64, since: I64, protection: Protection, at: I64) -> Times:
    """Of the rows `at` [n] of the protection, ordered on the first day from `since` [n] on that takes it; `plain` is
    the table without closures."""
    lead = np.rint(protection.lead_days[at]).astype(np.int64)
    review = np.maximum(np.rint(protection.review_days[at]).astype(np.int64), 1)
    placed = table.order_day(suppliers, since)
    following = table.order_day(suppliers, placed + review)
    plain_placed = plain.order_day(suppliers, since)
    return Times(
        placed, following, table.arrival(suppliers, placed, lead), table.arrival(suppliers, following, lead),
        plain.arrival(suppliers, plain.order_day(suppliers, plain_placed + review), lead), plain_placed,
    )  # fmt: skip


def missed_units(timings: Mapping[int, Timing], mean: F64, is_typed: NDArray[np.bool_], step: I64) -> I64:
    """[n] thousandths, in whole steps: what is expected to be asked for, of `mean` [n, H] a day, while the supplier is
    closed before the order goes out. Stock serves it or nobody does, so no order is for more of it than the stock is.
    Levels that somebody typed know of no demand."""
    days = np.array([timings[row].missed_days if row in timings else 0.0 for row in range(len(mean))])
    units = np.where(is_typed, 0.0, mean_at(mean, days[:, None])[:, 0])
    found: I64 = np.floor(units * THOUSAND / step).astype(np.int64) * step
    return found


class _Names:
    """What is closed until a day, in words; thousands of rows share a few answers."""

    def __init__(self, calendars: Sequence[Calendar], today: date) -> None:
        self._calendars, self._today = calendars, today
        self._known: dict[tuple[int, int], str] = {}

    def until(self, supplier: int, days: float) -> str:
        key = (supplier, int(days))
        if key not in self._known:
            last = self._today + timedelta(days=key[1])
            touched = closures_between(self._calendars[supplier], self._today, last)
            self._known[key] = closure_names(touched)
        return self._known[key]


def closure_names(closures: Sequence[Closure]) -> str:
    """Names with their days."""
    return ", ".join(f"{each.name} ({each.first.isoformat()} – {each.last.isoformat()})" for each in closures)


def order_days(
    calendar: Calendar, review_days: int, *, today: date, now: datetime, time_zone: str
) -> tuple[date, date]:
    """The day that takes an order placed now, and the day of the next one."""
    table, row = table_of([calendar], today=today, now=now, time_zone=time_zone), np.zeros(1, dtype=np.int64)
    placed = table.order_day(row, table.start)
    following = table.order_day(row, placed + max(review_days, 1))
    return today + timedelta(days=int(placed[0])), today + timedelta(days=int(following[0]))
