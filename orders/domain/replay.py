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
    whole packs [n] as bring the position at least up to the level, one pack at least."""

    reorder_point: F64
    order_up_to: F64
    pack: F64


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
    found = _replay(
        world.demand, world.lead_days, world.initial, world.shelf_life_days, policies.reorder_point,
        policies.order_up_to, policies.pack, since,
    )  # fmt: skip
    out, unmet, asked, lost, held, lines, ordered, expired = found.T
    return Replayed(out, unmet, asked, lost, held, lines, ordered, expired, world.demand.shape[1] - since)


@kernel
def _replay(
    demand: F64,
    lead_days: I64,
    initial: F64,
    shelf_life: I64,
    reorder_point: F64,
    order_up_to: F64,
    pack: F64,
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
                while oldest <= t - shelf_life[i]:
                    expired += shelf[oldest]
                    shelf[oldest] = 0.0
                    oldest += 1
                on_hand -= expired
            position = on_hand + on_order
            quantity = 0.0
            if position <= reorder_point[i, t]:
                packs = np.ceil((order_up_to[i, t] - position) / pack[i] - 1e-9)
                quantity = max(packs, 1.0) * pack[i]
                arriving[t + 1 + lead_days[i, t]] += quantity
                on_order += quantity
            if t < since:
                continue
            lost = demand[i, t] - sold
            out[i, 0] += 1.0 if on_hand <= 1e-9 or lost > 0.0 else 0.0
            out[i, 1] += 1.0 if lost > 0.0 else 0.0
            out[i, 2] += demand[i, t]
            out[i, 3] += lost
            out[i, 4] += on_hand
            out[i, 5] += 1.0 if quantity > 0.0 else 0.0
            out[i, 6] += quantity
            out[i, 7] += expired
    return out


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
