"""What is expected to be ordered in the coming weeks, if demand comes as it is expected."""

from collections.abc import Sequence
from math import ceil

DAYS = 7


def expected_orders(
    *, position: float, daily_mean: Sequence[float], point: float, up_to: float, pack: float, least: float
) -> list[float]:
    """Units ordered in each whole week of `daily_mean` (expected demand a day): whenever the position is at or below
    the reorder point at the beginning of a day, up to the level, in whole packs and at least the least."""
    weeks = [0.0] * (len(daily_mean) // DAYS)
    for day in range(len(weeks) * DAYS):
        if position <= point and up_to > position:
            quantity = max(ceil((up_to - position) / pack - 1e-9), ceil(least / pack - 1e-9), 1) * pack
            weeks[day // DAYS] += quantity
            position += quantity
        position -= daily_mean[day]
    return weeks
