"""How days fall into demand blocks: all series share borders, at days whose ordinal is a multiple of the length."""

from datetime import date, timedelta

BLOCK_DAYS = 128


def block_start(day: date) -> date:
    """First day of the block that holds `day`."""
    return date.fromordinal(day.toordinal() // BLOCK_DAYS * BLOCK_DAYS)


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
