"""A policy run over past demand, day by day: what would have been on the shelf, sold, lost, ordered and thrown away.

A day: deliveries arrive before opening, then customers come, then what has passed its shelf life is thrown away, then
the books close and orders are placed. An order placed at the close of day t with a lead time of L days is on the shelf
at the opening of day t + 1 + L, so a daily look protects L + 1 days. Unmet demand is lost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import kernel
from orders.domain.curves import F64

I64 = NDArray[np.int64]


@dataclass(frozen=True)
class Policies:
    """reorder_point and order_up_to [n, t], as decided at the close of each day: at or below the point order as many
    whole packs [n] as bring the position at least up to the level, one pack and `minimum` [n] units at least."""

    reorder_point: F64
    order_up_to: F64
    pack: F64
    minimum: F64 | None = None


@dataclass(frozen=True)
class World:
    """demand [n, t] units; lead_days int [n, t] of an order placed at the close of each day; initial stock [n];
    shelf_life_days int [n], 0 where nothing spoils."""

    demand: F64
    lead_days: I64
    initial: F64
    shelf_life_days: I64


@dataclass(frozen=True)
class Replayed:
    """Of n series, over all days from `since`: days that ended empty or turned a customer away, days that turned one
    away, units asked for and lost, units at each close added up, order lines, units ordered, units thrown away."""

    out_days: F64
    unmet_days: F64
    asked: F64
    lost: F64
    held: F64
    lines: F64
    ordered: F64
    expired: F64
    days: int


def replay(world: World, policies: Policies, since: int = 0) -> Replayed:
    """Run every series; days before `since` are lived through and not counted."""
    minimum = np.zeros(len(policies.pack)) if policies.minimum is None else policies.minimum
    found = _replay(
        world.demand, world.lead_days, world.initial, world.shelf_life_days, policies.reorder_point,
        policies.order_up_to, policies.pack, minimum, since,
    )  # fmt: skip
    out, unmet, asked, lost, held, lines, ordered, expired = found.T
    return Replayed(
        out_days=out,
        unmet_days=unmet,
        asked=asked,
        lost=lost,
        held=held,
        lines=lines,
        ordered=ordered,
        expired=expired,
        days=world.demand.shape[1] - since,
    )


@kernel
def _replay(
    demand: F64,
    lead_days: I64,
    initial: F64,
    shelf_life: I64,
    reorder_point: F64,
    order_up_to: F64,
    pack: F64,
    minimum: F64,
    since: int,
) -> F64:
    n, days = demand.shape
    out = np.zeros((n, 8))
    last = days + int(lead_days.max()) + 2 if lead_days.size else days + 2
    for i in range(n):
        arriving = np.zeros(last)
        # Units on the shelf by the day they arrived, oldest at `oldest`; the initial stock arrived on day 0.
        shelf = np.zeros(days)
        shelf[0] = initial[i]
        oldest = 0
        on_hand = initial[i]
        on_order = 0.0
        for t in range(days):
            on_hand += arriving[t]
            on_order -= arriving[t]
            shelf[t] += arriving[t]
            sold = min(on_hand, demand[i, t])
            on_hand -= sold
            oldest = take(shelf, oldest, t, sold)
            expired = 0.0
            if shelf_life[i] > 0:
                oldest, expired = throw_away(shelf, oldest, t - shelf_life[i])
                on_hand -= expired
            need = order_of(on_hand + on_order, reorder_point[i, t], order_up_to[i, t], pack[i])
            quantity = at_least(need, minimum[i], pack[i])
            arriving[t + 1 + lead_days[i, t]] += quantity
            on_order += quantity
            if t >= since:
                note_day(out[i], demand[i, t], demand[i, t] - sold, on_hand, quantity, expired)
    return out


@kernel
def order_of(position: float, reorder_point: float, order_up_to: float, pack: float) -> float:
    """Units ordered at a close: 0 above the point, else whole packs up to the level, one at least."""
    if position > reorder_point:
        return 0.0
    return float(max(np.ceil((order_up_to - position) / pack - 1e-9), 1.0) * pack)


@kernel
def at_least(quantity: float, minimum: float, pack: float) -> float:
    """An order brought up to the supplier's minimum, in whole packs; no order stays none."""
    if quantity <= 0.0 or quantity >= minimum:
        return quantity
    return float(np.ceil(minimum / pack - 1e-9) * pack)


@kernel
def note_day(row: F64, asked: float, lost: float, on_hand: float, quantity: float, expired: float) -> None:
    """Adds a day to the figures of a series, in the order of `Replayed`."""
    row[0] += 1.0 if on_hand <= 1e-9 or lost > 0.0 else 0.0
    row[1] += 1.0 if lost > 0.0 else 0.0
    row[2] += asked
    row[3] += lost
    row[4] += on_hand
    row[5] += 1.0 if quantity > 0.0 else 0.0
    row[6] += quantity
    row[7] += expired


@kernel
def throw_away(shelf: F64, oldest: int, until: int) -> tuple[int, float]:
    """Clears the shelf of what arrived on or before day `until`; the new oldest day and the units."""
    expired = 0.0
    while oldest <= until:
        expired += shelf[oldest]
        shelf[oldest] = 0.0
        oldest += 1
    return oldest, expired


@kernel
def take(shelf: F64, oldest: int, today: int, units: float) -> int:
    """Takes units off the shelf, oldest first, and gives the new oldest day."""
    while units > 0.0:
        here = min(units, shelf[oldest])
        shelf[oldest] -= here
        units -= here
        if units > 1e-12 and oldest < today:
            oldest += 1
        else:
            break
    return oldest
