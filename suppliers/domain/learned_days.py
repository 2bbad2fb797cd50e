"""Deliveries of the past by a supplier's calendar, so that what was learned knows no waits which the calendar counts
again.

A plan lets an order wait for the next order day, lets its lead time run in open days, and what is ready wait for the
next delivery day. So a delivery taught only this: from the order day that took it, as many open days as the goods took
at most; and, since they may have stood ready since the delivery day before, at least the day after that one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from suppliers.domain.calendar import HORIZON_DAYS, I64, Calendar, Table, table_of

# Before the first delivery that is looked at lies the day of its order.
LONGEST_LEAD_DAYS = 180


@dataclass(frozen=True)
class Reckoning:
    """Of each special supplier and day, in open days since the first of them: placed, when an order of that day is
    taken; most and least, between which lies when goods that came on that day were ready."""

    supplier_ids: Sequence[int]
    days: Sequence[date]
    placed: Sequence[int]
    most: Sequence[int]
    least: Sequence[int]


def reckon(calendars: Mapping[int, Calendar], *, since: date, until: date) -> Reckoning:
    """For deliveries from `since` to `until`, both included, and the orders that led to them."""
    if not calendars:
        return Reckoning((), (), (), (), ())
    first = since - timedelta(days=LONGEST_LEAD_DAYS)
    count = min((until - first).days + 1, HORIZON_DAYS)
    # The hour until which orders of a day are taken is reckoned in when the delivery is written down.
    weeks = [replace(calendar, cut_off=None) for calendar in calendars.values()]
    table = table_of(weeks, today=first, now=datetime.combine(first, time(), UTC), time_zone="UTC")
    placed = np.take_along_axis(table.opened, table.next_order, axis=1)
    columns = [column[:, :count].ravel().tolist() for column in (placed, table.opened, _least(table))]
    days = [first + timedelta(days=day) for day in range(count)]
    return Reckoning([pk for pk in calendars for _day in days], days * len(calendars), *columns)


def _least(table: Table) -> I64:
    """What comes on a delivery day may have been ready since the day after the one before; what comes on any other day
    was brought as soon as it was ready."""
    day = np.arange(table.next_delivery.shape[1])
    brings = table.next_delivery == day
    last = np.maximum.accumulate(np.where(brings, day, -1), axis=1)
    before = np.concatenate([np.full((len(last), 1), -1), last[:, :-1]], axis=1)
    opened_then = np.take_along_axis(table.opened, np.maximum(before, 0), axis=1)
    ready = np.where(before >= 0, opened_then + 1, 0)
    found: I64 = np.where(brings, np.minimum(ready, table.opened), table.opened).astype(np.int64)
    return found
