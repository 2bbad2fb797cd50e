"""What to do about a shelf that will be empty before the ordinary delivery comes: buy by express, move, or wait.

Each way costs something itself (the premium, the work, what the giver loses) and leaves some units unsold, each of
which costs its margin and a disappointed customer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64, mean_at
from orders.domain.lost_units import lost_units

I64 = NDArray[np.int64]
# Between the least and the most sensible quantity so many are priced, all whole packs.
CHOICES = 12
# Rows are priced so many at a time, to bound the memory of a bad night.
ROWS_AT_ONCE = 400


@dataclass(frozen=True)
class Shelves:
    """Of n listings over H days, the first being today.

    curves [n, H, Q] quantiles at STORED_LEVELS of the demand of the first 1 .. H days; supply [n, H] units that have
    been there by the end of each day, what comes on it included; until [n] days before the ordinary delivery relieves
    the shelf, 0 .. H; value [n] what a lost unit costs, money.
    """

    curves: F64
    supply: F64
    until: I64
    value: F64

    def rows(self, index: I64) -> "Shelves":
        """Those at `index`, which may repeat."""
        return Shelves(self.curves[index], self.supply[index], self.until[index], self.value[index])


def no_shelves() -> Shelves:
    """Of no listing."""
    return Shelves(np.empty((0, 0, 0)), np.empty((0, 0)), np.empty(0, dtype=np.int64), np.empty(0))


@dataclass(frozen=True)
class Ways:
    """m ways, each for the listing `row` [m]. day [m]: on which the goods can be sold, 0 is today; least, most, pack
    [m] units: what is bought at least, what there is to get at most, and what it comes in; unit_cost, fixed_cost [m]
    money beyond what the same units cost anyway; giver [m] the row of the place that gives them, -1 where none does."""

    row: I64
    day: I64
    least: F64
    most: F64
    pack: F64
    unit_cost: F64
    fixed_cost: F64
    giver: I64


@dataclass(frozen=True)
class Priced:
    """[m] each: the cheapest quantity of a way, 0 where none can be got; what it costs itself, what its giver is
    expected to lose, money; units still lost, and their money."""

    quantity: F64
    own_cost: F64
    giver_cost: F64
    lost: F64
    lost_cost: F64

    @property
    def total(self) -> F64:
        """[m] money."""
        return self.own_cost + self.giver_cost + self.lost_cost


def demand_curves(mean: F64, curve: F64, lead_days: F64) -> F64:
    """[n, H, Q]: quantiles of the demand of the first 1 .. H days; `mean` [n, H] is per day, `curve` [n, Q] the
    quantiles over `lead_days` [n], moved with the mean and narrowed or widened with the square root of time."""
    days = np.arange(1, mean.shape[1] + 1, dtype=np.float64)[None, :]
    centre = mean_at(mean, lead_days[:, None])
    growth = np.sqrt(days / np.maximum(lead_days, 1e-9)[:, None])
    moved = np.cumsum(mean, axis=1)
    found: F64 = np.maximum(moved[:, :, None] + (curve - centre)[:, None, :] * growth[:, :, None], 0.0)
    return found


def runs_out(mean: F64, supply: F64, until: I64) -> I64:
    """[n]: whole days after today until the expected demand has used up all that came; -1 when that is not before the
    ordinary delivery."""
    days = np.arange(mean.shape[1])
    is_out = (supply - np.cumsum(mean, axis=1) <= 1e-9) & (days < until[:, None])
    return np.where(is_out.any(axis=1), is_out.argmax(axis=1), -1).astype(np.int64)


def price_waiting(shelves: Shelves) -> tuple[F64, F64]:
    """[n] each: units lost when nothing is done, and their money."""
    lost = lost_units(shelves.curves, shelves.supply, shelves.until)
    return lost, lost * shelves.value


def price_ways(shelves: Shelves, ways: Ways, givers: Shelves) -> Priced:
    """The cheapest quantity of each way; row i of `givers` is the giver i."""
    parts = [_price(shelves, _part(ways, start), givers) for start in range(0, len(ways.row), ROWS_AT_ONCE)] or [
        Priced(*(np.empty(0) for _ in range(5)))
    ]
    columns = ("quantity", "own_cost", "giver_cost", "lost", "lost_cost")
    return Priced(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


def _part(ways: Ways, start: int) -> Ways:
    return Ways(*(column[start : start + ROWS_AT_ONCE] for column in vars(ways).values()))


def _price(shelves: Shelves, ways: Ways, givers: Shelves) -> Priced:
    own = shelves.rows(ways.row)
    units = quantities(own, ways)
    lost = _lost_with(own, units, ways.day)
    own_cost = np.where(units > 0.0, ways.fixed_cost[:, None] + ways.unit_cost[:, None] * units, 0.0)
    giver_cost = _giver_cost(givers, ways.giver, units)
    total = np.where(units > 0.0, own_cost + giver_cost + lost * own.value[:, None], np.inf)
    best = np.where(np.isfinite(total).any(axis=1), total.argmin(axis=1), 0)[:, None]
    picked = (np.take_along_axis(table, best, axis=1)[:, 0] for table in (units, own_cost, giver_cost, lost))
    quantity, cost, given, left = picked
    return Priced(quantity, cost, given, left, left * own.value)


def quantities(shelves: Shelves, ways: Ways) -> F64:
    """[m, CHOICES]: whole packs from the least that can be had to what is enough with 99 % certainty until the
    ordinary delivery; 0 where there is not so much to get."""
    days = np.arange(shelves.supply.shape[1])
    is_open = (days >= ways.day[:, None]) & (days < shelves.until[:, None])
    missing = np.where(is_open, shelves.curves[:, :, -1] - shelves.supply, 0.0).max(axis=1, initial=0.0)
    pack = ways.pack
    least = np.ceil(np.maximum(ways.least, pack) / pack - 1e-9)
    most = np.floor(ways.most / pack + 1e-9)
    enough = np.clip(np.ceil(missing / pack - 1e-9), least, np.maximum(most, least))
    packs = least[:, None] + np.rint((enough - least)[:, None] * np.linspace(0.0, 1.0, CHOICES))
    is_in_time = ways.day < shelves.until
    is_there = (packs <= most[:, None]) & is_in_time[:, None]
    return np.where(is_there, packs * pack[:, None], 0.0)


def _lost_with(shelves: Shelves, units: F64, day: I64) -> F64:
    """[m, k]: units lost when `units` [m, k] more are there from `day` [m] on."""
    count, choices = units.shape
    days = shelves.supply.shape[1]
    more = np.where(np.arange(days) >= day[:, None, None], units[:, :, None], 0.0)
    return _lost_at(shelves, shelves.supply[:, None, :] + more, count, choices)


def _giver_cost(givers: Shelves, giver: I64, units: F64) -> F64:
    """[m, k]: what the givers are expected to lose more when they have so many units less."""
    found = np.zeros_like(units)
    gives = giver >= 0
    if not gives.any():
        return found
    theirs, given = givers.rows(giver[gives]), units[gives]
    before = lost_units(theirs.curves, theirs.supply, theirs.until)
    after = _lost_at(theirs, theirs.supply[:, None, :] - given[:, :, None], *given.shape)
    found[gives] = np.maximum(after - before[:, None], 0.0) * theirs.value[:, None]
    return found


def _lost_at(shelves: Shelves, supply: F64, count: int, choices: int) -> F64:
    index = np.repeat(np.arange(count), choices)
    flat = supply.reshape(count * choices, -1)
    return lost_units(shelves.curves[index], flat, shelves.until[index]).reshape(count, choices)
