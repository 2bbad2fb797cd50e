"""Reaching a supplier's least order: more of what will be needed soonest."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

# An order is not filled with goods that last longer than this.
MOST_COVER_DAYS = 60.0


@dataclass(frozen=True, slots=True)
class Fillable:
    """One line of an order: position with what is ordered, units of a pack, units a day, money per unit, the units
    up to which its position may go, and the packs that are added at first: the least of a line that is not ordered
    yet."""

    stock: float
    pack: float
    daily_demand: float
    price: float
    most: float
    first: int = 1

    @property
    def cover_days(self) -> float:
        return self.stock / self.daily_demand


def packs_to_fill(lines: Sequence[Fillable], missing: float) -> list[int] | None:
    """How many packs more of each line make up the `missing` money: each time one of the line that would run out
    first. None when the lines have no room for so much, or it would last longer than MOST_COVER_DAYS."""
    added = [0] * len(lines)
    queue = [(line.cover_days, index) for index, line in enumerate(lines) if line.daily_demand > 0.0]
    heapq.heapify(queue)
    while missing > 1e-9 and queue:
        _cover, index = heapq.heappop(queue)
        line = lines[index]
        step = 1 if added[index] else line.first
        stock = line.stock + (added[index] + step) * line.pack
        if stock > min(line.most, MOST_COVER_DAYS * line.daily_demand) or line.price <= 0.0:
            continue
        added[index] += step
        missing -= step * line.pack * line.price
        heapq.heappush(queue, (stock / line.daily_demand, index))
    return None if missing > 1e-9 else added
