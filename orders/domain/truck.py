"""How an order meets the truck that brings it: filled up with what will be needed soonest, or cut to what it holds.

A truck has capacities in some of weight, volume and value; what an order takes of each is added up. The next day of
cover is worth most where the shelf would be empty first, so packs are added to the line that runs out first and taken
from the line that still lasts longest without them.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

NOISE = 1e-9
# A truck that is so full in one of its capacities is not called part-empty: what is left takes a pack or two at most.
NEARLY_FULL = 0.95
Sizes = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """position without the order, units of a pack, units a day; packs ordered; the least packs of a line that is
    ordered at all; the packs that have room on the shelf; what one pack takes of each capacity."""

    stock: float
    pack: float
    daily_demand: float
    packs: int
    least: int
    most: float
    takes: Sizes

    def cover_days(self, packs: int) -> float:
        """Days that the position with so many packs lasts."""
        return (self.stock + packs * self.pack) / max(self.daily_demand, NOISE)


def load_of(lines: Sequence[Line], packs: Sequence[int], sizes: int) -> list[float]:
    """What an order takes of each capacity."""
    return [sum(line.takes[at] * count for line, count in zip(lines, packs, strict=True)) for at in range(sizes)]


def filled(lines: Sequence[Line], truck: Sizes, most_days: float) -> list[int]:
    """Packs of each line when the last truck that the order needs is filled: each time one more of the line that runs
    out first, as long as it fits, has room, and lasts no longer than `most_days`. Nothing is taken away."""
    packs = [line.packs for line in lines]
    left = _free(lines, packs, truck)
    queue = [(line.cover_days(packs[at]), at) for at, line in enumerate(lines) if any(line.takes)]
    heapq.heapify(queue)
    while queue:
        _cover, at = heapq.heappop(queue)
        line = lines[at]
        after = _one_more(line, packs[at])
        step = after - packs[at]
        if not _has_place(line, step, left) or after > line.most or line.cover_days(after) > most_days:
            continue
        packs[at] = after
        left = [free - step * taken for free, taken in zip(left, line.takes, strict=True)]
        heapq.heappush(queue, (line.cover_days(after), at))
    return packs


def is_held_back(lines: Sequence[Line], packs: Sequence[int], truck: Sizes, most_days: float) -> bool:
    """Whether `filled` left place for a pack that also has room on the shelf, only since it would last longer than
    `most_days`; a truck that is nearly full is full."""
    left = _free(lines, packs, truck)
    if any(free <= (1.0 - NEARLY_FULL) * most + NOISE for free, most in zip(left, truck, strict=True)):
        return False
    for line, count in zip(lines, packs, strict=True):
        after = _one_more(line, count)
        if any(line.takes) and after <= line.most and _has_place(line, after - count, left):
            return line.cover_days(after) > most_days
    return False


def _free(lines: Sequence[Line], packs: Sequence[int], truck: Sizes) -> list[float]:
    """What the last truck that these packs need still takes of each capacity."""
    used = load_of(lines, packs, len(truck))
    trucks = max(1, *(math.ceil(taken / most - NOISE) for taken, most in zip(used, truck, strict=True)))
    return [most * trucks - taken for most, taken in zip(truck, used, strict=True)]


def _one_more(line: Line, packs: int) -> int:
    return packs + (1 if packs else max(line.least, 1))


def _has_place(line: Line, packs: int, left: Sequence[float]) -> bool:
    return all(packs * taken <= free + NOISE for taken, free in zip(line.takes, left, strict=True))


def cut(lines: Sequence[Line], truck: Sizes) -> list[int]:
    """Packs of each line when one truck has to do: each time one less of the line that still lasts longest without it,
    of those that take of what is exceeded. A line that would fall below its least waits as a whole."""
    packs = [line.packs for line in lines]
    used = load_of(lines, packs, len(truck))
    queue = [_loss(line, packs[at], at) for at, line in enumerate(lines) if packs[at]]
    heapq.heapify(queue)
    while queue and _exceeded(used, truck):
        at = heapq.heappop(queue)[-1]
        line = lines[at]
        if not any(line.takes[size] > 0.0 for size in _exceeded(used, truck)):
            continue
        after = _one_less(line, packs[at])
        used = [taken - (packs[at] - after) * size for taken, size in zip(used, line.takes, strict=True)]
        packs[at] = after
        if after:
            heapq.heappush(queue, _loss(line, after, at))
    return packs


def _one_less(line: Line, packs: int) -> int:
    return packs - 1 if packs - 1 >= max(line.least, 1) else 0


def _loss(line: Line, packs: int, at: int) -> tuple[float, float, int]:
    """Sorts first what lasts longest after one pack less; of those alike, what lasts longest with it."""
    return -line.cover_days(_one_less(line, packs)), -line.cover_days(packs), at


def fits(used: Sequence[float], truck: Sizes) -> bool:
    """Whether one truck takes all of it."""
    return not _exceeded(used, truck)


def _exceeded(used: Sequence[float], truck: Sizes) -> list[int]:
    return [at for at, (taken, most) in enumerate(zip(used, truck, strict=True)) if taken > most + NOISE]
