"""Whose goods come before the shelf is empty, where the calendar of the supplier who would be asked keeps theirs away.

Who is asked first is what a person said, so it only changes where their calendar, not their usual lead time, leaves the
shelf empty, another supplier leaves it empty for less time, and that is worth what it costs (orders.domain.turn). Days
are whole ones from today, day 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from orders.domain.by_calendar import Calendars
from orders.domain.curves import F64
from orders.domain.turn import Weighed
from suppliers.domain.calendar import HORIZON_DAYS, I64

# Demand that sums to the stock exactly, but for the noise of floats, uses it up.
NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Coming:
    """When goods ordered now are expected, by calendar, and when they would be if every day were the same."""

    day: int
    plain: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Of one SKU: the day on which all that is there and coming, `held` units, is expected to be used up, and units
    asked for a day, None without a forecast."""

    empty_in: int
    held: float
    daily: float | None


@dataclass(frozen=True, slots=True)
class TooLate:
    """A supplier whose goods would come on `arrives_on`, while the shelf is empty on `empty_on`."""

    name: str
    arrives_on: date
    empty_on: date


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether somebody who comes too `late` passed the turn to `other`, and the money that was weighed."""

    other: str
    late: TooLate
    weighed: Weighed
    is_passed: bool


@dataclass(frozen=True)
class Lateness:
    """Who comes too late with SKUs that several suppliers offer, one of them by a calendar: `comings` by (SKU,
    supplier), the shelf by SKU, and where a calendar keeps somebody's goods away, `lost` by (SKU, supplier), the units
    expected to be asked for in vain until theirs come; those without a forecast are left out there."""

    today: date
    comings: Mapping[tuple[int, int], Coming] = field(default_factory=dict)
    shelves: Mapping[int, Shelf] = field(default_factory=dict)
    lost: Mapping[tuple[int, int], float] = field(default_factory=dict)

    def is_late(self, sku_id: int, supplier_id: int) -> bool:
        """Whether the calendar of this supplier leaves the shelf empty; only asked of a SKU that others offer too."""
        shelf = self.shelves.get(sku_id)
        return shelf is not None and is_kept_away(self.comings[sku_id, supplier_id], shelf.empty_in)

    def too_late(self, sku_id: int, supplier_id: int, name: str) -> TooLate:
        arrives_in, empty_in = self.comings[sku_id, supplier_id].day, self.shelves[sku_id].empty_in
        return TooLate(name, self.today + timedelta(days=arrives_in), self.today + timedelta(days=empty_in))


def used_up(mean: F64, units: F64) -> I64:
    """[n]: the day on which the expected demand, `mean` [n, H] a day and beyond H at its last week's pace, has used up
    `units` [n]; HORIZON_DAYS where that is further away."""
    horizon = mean.shape[1]
    total = np.cumsum(mean, axis=1)
    is_out = total >= units[:, None] - NOISE
    pace = np.maximum(mean[:, -7:].mean(axis=1), NOISE)
    beyond = horizon - 1 + np.ceil((units - total[:, -1]) / pace - NOISE)
    days = np.where(is_out.any(axis=1), is_out.argmax(axis=1), np.minimum(beyond, HORIZON_DAYS))
    found: I64 = days.astype(np.int64)
    return found


def arrivals(calendars: Calendars, supplier_ids: Sequence[int], lead_days: Sequence[int]) -> list[int]:
    """[n]: the day on which goods come that are ordered now of these suppliers and take so many open days."""
    found = list(lead_days)
    known = calendars.of(supplier_ids)
    if not known.calendars:
        return found
    table = calendars.table(known.calendars)
    placed = table.order_day(known.supplier, table.start[known.supplier])
    lead = np.array(lead_days, dtype=np.int64)[known.rows]
    days = table.arrival(known.supplier, placed, lead[:, None])[:, 0]
    for row, day in zip(known.rows.tolist(), days.tolist(), strict=True):
        found[row] = day
    return found


def gap_days(coming: Coming, empty_in: int) -> int:
    """Days for which the shelf is empty; goods that come on the day after it is used up are a day late."""
    return max(coming.day - empty_in, 0)


def is_kept_away(coming: Coming, empty_in: int) -> bool:
    """Whether their calendar leaves the shelf empty, where their usual lead time would not, or not for so long."""
    return gap_days(coming, empty_in) > max(coming.plain - empty_in, 0)
