"""What the demand of one series is made of: a level that moves, the shape of the week, promotions, and what empty
shelves hid. A description of the past for people, in plain arrays; forecasts are made by the engine.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
WEEK = 7
HALF_WINDOW = 14  # days on each side that a level is the mean of
ROUNDS = 12  # level, week and promotion are told apart by turns
WEEK_UNITS, PROMOTION_UNITS = 10.0, 30.0  # of demand; fewer say little, and are averaged with "no effect"
TWO_YEARS = 700
MONTHS = 12


@dataclass(frozen=True)
class Parts:
    """level [d] units a day of an ordinary day in stock; week [7] factors from Monday on, mean 1; promotion: demand on
    promotion is so many times the ordinary one, None without one; recovered [d] units that time out of stock hid;
    year [12] factors of the months, None before two years are known; change: the level now against four weeks ago,
    None where there was none."""

    level: F64
    week: F64
    promotion: float | None
    recovered: F64
    year: F64 | None
    change: float | None


def take_apart(demand: F64, share: F64, promotion: F64, first_weekday: int, months: F64) -> Parts:
    """demand [d] units, share [d] in stock 0..1 (0 also where it was not on sale), promotion [d] 0..1; first_weekday
    of day 0 (Monday is 0); months [d] the month of each day, 1..12."""
    day = (np.arange(len(demand)) + first_weekday) % WEEK
    seen = np.where(share > 0, demand, 0.0)
    week, lift = np.ones(WEEK), 0.0
    level = np.zeros(len(demand))
    for _round in range(ROUNDS):
        level = _level(seen, share * week[day] * (1 + lift * promotion))
        ordinary = level * share
        found = np.bincount(day, seen, WEEK) + WEEK_UNITS / WEEK
        week = found / (np.bincount(day, ordinary * (1 + lift * promotion), WEEK) + WEEK_UNITS / WEEK)
        week /= max(week.mean(), 1e-9)
        expected = (ordinary * week[day] * promotion).sum()
        lifted = (seen * promotion).sum()
        lift = (lifted - expected) / (expected + PROMOTION_UNITS)
    full = level * week[day] * (1 + lift * promotion)
    on_sale = np.cumsum(share > 0) > 0
    return Parts(
        level=level,
        week=week,
        promotion=1 + lift if (promotion * share).any() else None,
        recovered=np.where(on_sale, full * (1 - share), 0.0),
        year=_year(level, months) if len(demand) >= TWO_YEARS else None,
        change=_change(level),
    )


def _level(seen: F64, exposure: F64) -> F64:
    """[d]: demand over exposure of the days around each; where nothing could be seen, what was seen last."""
    total, weight = (_around(values) for values in (seen, exposure))
    known = weight > 1e-9
    level = np.divide(total, weight, out=np.zeros_like(total), where=known)
    last = np.maximum.accumulate(np.where(known, np.arange(len(level)), 0)) if len(level) else np.zeros(0, np.int64)
    return np.asarray(level[last], dtype=np.float64)


def _around(values: F64) -> F64:
    """[d]: sum over the days around each."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    found: F64 = total[np.minimum(at + HALF_WINDOW + 1, len(values))] - total[np.maximum(at - HALF_WINDOW, 0)]
    return found


def _year(level: F64, month: F64) -> F64:
    months = month.astype(np.int64) - 1
    days = np.bincount(months, minlength=MONTHS)
    found = np.bincount(months, level, MONTHS) / np.maximum(days, 1)
    return found / max(float(found.mean()), 1e-9)


def _change(level: F64) -> float | None:
    if len(level) <= 2 * HALF_WINDOW or level[-1 - 2 * HALF_WINDOW] <= 0:
        return None
    return float(level[-1] / level[-1 - 2 * HALF_WINDOW] - 1)
