"""What a count means: the moment it holds for, the level it is compared with, and when a second person must look."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# A phone that is off by less than this is not worth a word.
CLOCK_SLACK = timedelta(minutes=5)
HUNDRED = Decimal(100)
# Shares of the value of demand at which class A ends and class C begins (Pareto; Silver, Pyke and Thomas 2017, 2.7).
A_SHARE, B_SHARE = Decimal("0.80"), Decimal("0.95")


@dataclass(frozen=True, slots=True)
class Limits:
    """Differences up to these post at once. None: no such limit. Units, percent of what was expected, money at cost."""

    units: Decimal | None = None
    percent: Decimal | None = None
    money: Decimal | None = None


def moment_on_our_clock(
    told_at: datetime, *, sent_at: datetime | None, is_clock_set: bool = False, now: datetime, opened_at: datetime
) -> tuple[datetime, bool]:
    """When an entry was really made, and whether that is in doubt.

    `sent_at` is what the device's clock said when it sent: the difference to `now` is the error of that clock, and is
    taken off. Nobody counted before the count was opened, nor after now: such a moment is moved to the nearer end, and
    is in doubt when it lay further off than `CLOCK_SLACK`. With `is_clock_set` the device goes by our clock; when it is
    further off all the same, it was changed meanwhile, and nobody knows on which side of that the entry was made.
    """
    error = timedelta(0) if sent_at is None else now - sent_at
    was_changed = is_clock_set and abs(error) > CLOCK_SLACK
    # Compared as lengths: clocks at the ends of the calendar would leave it.
    age = (now - told_at) - error
    if age < timedelta(0):
        return now, was_changed or age < -CLOCK_SLACK
    open_for = now - opened_at
    if age > open_for:
        return opened_at, was_changed or age > open_for + CLOCK_SLACK
    return now - age, was_changed


def expected_level(counted: Decimal, at_first: Decimal, at_last: Decimal) -> Decimal:
    """The level to compare a line with, whose entries were made between two moments.

    When nothing moved between them both levels are the same. When something did, nobody knows whether it left before
    or after its place was counted; every level between the two agrees with the shelf, so the nearest is taken.
    """
    low, high = sorted((at_first, at_last))
    return min(max(counted, low), high)


def is_above(limits: Limits, *, variance: Decimal, expected: Decimal, unit_cost: Decimal) -> bool:
    """Whether a difference is above any of the limits. Anything found where nothing was expected is above a share."""
    size = abs(variance)
    if not size:
        return False
    if limits.units is not None and size > limits.units:
        return True
    if limits.money is not None and size * unit_cost > limits.money:
        return True
    return limits.percent is not None and (expected <= 0 or size * HUNDRED > limits.percent * expected)


def share_right(right: int, counted: int) -> Decimal | None:
    """Share of lines that were as the ledger said, 0..1; None when nothing was counted."""
    return Decimal(right) / Decimal(counted) if counted else None
