"""What the budgets leave of each order line: the money goes where a unit of it averts most lost margin.

What a line averts grows ever more slowly with its packs, so taking the steps of all lines by what they avert per unit
of money is exact as far as money can be divided; what is lost by packs is at most what one step averts. An order whose
supplier delivers from some value on is brought to it first or left out whole, whichever averts more in all.
"""

from dataclasses import dataclass

import numpy as np

from orders.domain.averted import EIGHTHS
from orders.domain.budget_kernel import FIRST, FREE, HELD, NOISE, take_steps
from orders.domain.curves import F64
from orders.domain.quantity import I64

# So many orders below their least are weighed one by one; the others are left out.
MOST_WEIGHED = 40
# So many of them are tried as the one that is brought to its least before all others.
BEGINNINGS = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of n lines: packs that are wanted, the least (of those) of a line that is ordered at all, what a pack costs, what
    the packs avert [n, 8] by eighths, the order [n] (0..G-1) that each is part of, the budgets that cover it [n, B].
    `minimum` [G] is the least money of each order, 0 for none. Money in the firm's currency."""

    packs: I64
    least: I64
    cost: F64
    averted: F64
    order: I64
    covered: np.typing.NDArray[np.bool_]
    minimum: F64

    @property
    def money(self) -> F64:
        """[n]: what all of it costs."""
        found: F64 = self.packs * self.cost
        return found


@dataclass(frozen=True, slots=True)
class _Steps:
    line: I64
    begins: I64
    ends: I64


def share_out(wanted: Wanted, left: F64) -> I64:
    """[n]: the packs of each line that the money of the budgets, of which so much is left [B], is best spent on.

    Which order below its least is weighed first decides which others the money still reaches. So it is done from
    several beginnings, in each of which another one of those that avert most is brought to its least before all
    others, and the best end is taken."""
    steps, money = _steps(wanted), np.maximum(left, 0.0)
    free = np.zeros(len(wanted.minimum), dtype=np.int64)
    packs = _take(wanted, steps, money, free)
    below = _below_least(wanted, packs)
    if not below.any():
        return packs
    worth = np.where(below, _worth(wanted, wanted.packs), -1.0)
    likely = np.argsort(-worth, kind="stable")[: min(BEGINNINGS, int(below.sum()))]
    ends = [_settled(wanted, steps, money, free), *(_begun_with(wanted, steps, money, free, at) for at in likely)]
    return max(ends, key=lambda end: float(averted_of(wanted, end).sum()))


def _begun_with(wanted: Wanted, steps: _Steps, money: F64, free: I64, order: int) -> I64:
    mode = free.copy()
    mode[order] = FIRST
    return _settled(wanted, steps, money, mode)


def _settled(wanted: Wanted, steps: _Steps, money: F64, mode: I64) -> I64:
    """No order below its least: each is brought to it or left out, that whose packs avert most for their money
    first."""
    packs = _take(wanted, steps, money, mode)
    for _turn in range(MOST_WEIGHED):
        below = _below_least(wanted, packs)
        if not below.any():
            return packs
        mode, packs = _weigh(wanted, steps, money, mode, int(np.argmax(np.where(below, _worth(wanted, packs), -1.0))))
    while (below := _below_least(wanted, packs)).any():
        mode = np.where(below, HELD, mode)
        packs = _take(wanted, steps, money, mode)
    return packs


def averted_of(wanted: Wanted, packs: I64) -> F64:
    """[n]: the money that so many packs of each line avert."""
    share = EIGHTHS * packs / np.maximum(wanted.packs, 1)
    whole = np.minimum(np.floor(share).astype(np.int64), EIGHTHS - 1)
    knots = np.concatenate([np.zeros((len(packs), 1)), wanted.averted], axis=1)
    rows = np.arange(len(packs))
    low, high = knots[rows, whole], knots[rows, whole + 1]
    found: F64 = low + (high - low) * (share - whole)
    return found


def _weigh(wanted: Wanted, steps: _Steps, left: F64, mode: I64, order: int) -> tuple[I64, I64]:
    """Whether an order below its least is brought to it before all others, or left out."""
    held, first = mode.copy(), mode.copy()
    held[order], first[order] = HELD, FIRST
    without = _take(wanted, steps, left, held)
    if mode[order] != FREE:
        return held, without
    packs = _take(wanted, steps, left, first)
    # Nor may it take the money of those that were brought to theirs before.
    is_reached = not _below_least(wanted, packs)[first == FIRST].any()
    is_better = _kept(wanted, packs) > _kept(wanted, without)
    return (first, packs) if is_reached and is_better else (held, without)


def _kept(wanted: Wanted, packs: I64) -> float:
    """What the packs avert of orders that reach their least: the others do not stay as they are."""
    stays = ~_below_least(wanted, packs)[wanted.order]
    return float(averted_of(wanted, packs)[stays].sum())


def _below_least(wanted: Wanted, packs: I64) -> np.typing.NDArray[np.bool_]:
    """[G]: orders that would be made below what their supplier delivers."""
    spent = _by_order(wanted, packs * wanted.cost)
    is_begun = _by_order(wanted, packs.astype(np.float64)) > 0.0
    found: np.typing.NDArray[np.bool_] = is_begun & (spent < wanted.minimum - NOISE)
    return found


def _worth(wanted: Wanted, packs: I64) -> F64:
    """[G]: what so many packs avert for a unit of their money."""
    spent = _by_order(wanted, packs * wanted.cost)
    found: F64 = _by_order(wanted, averted_of(wanted, packs)) / np.maximum(spent, NOISE)
    return found


def _by_order(wanted: Wanted, values: F64) -> F64:
    found: F64 = np.bincount(wanted.order, weights=values, minlength=len(wanted.minimum)).astype(np.float64)
    return found


def _take(wanted: Wanted, steps: _Steps, left: F64, mode: I64) -> I64:
    found: I64 = take_steps(
        steps.line, steps.ends, steps.begins, wanted.cost, wanted.least, wanted.order, wanted.covered, left,
        wanted.minimum, mode,
    )  # fmt: skip
    return found


def _steps(wanted: Wanted) -> _Steps:
    """At most eight steps of each line, the first one at least its least; sorted by what they avert per unit of money,
    those of one line in their order."""
    count = len(wanted.packs)
    parts = np.arange(1, EIGHTHS + 1)
    ends = np.maximum(-(-wanted.packs[:, None] * parts // EIGHTHS), wanted.least[:, None])
    begins = np.concatenate([np.zeros((count, 1), dtype=np.int64), ends[:, :-1]], axis=1)
    values = np.stack([averted_of(wanted, ends[:, part]) for part in range(EIGHTHS)], axis=1)
    gained = np.diff(values, axis=1, prepend=0.0)
    money = np.maximum((ends - begins) * wanted.cost[:, None], 1e-9)
    worth = np.minimum.accumulate(np.where(ends > begins, gained / money, np.inf), axis=1)
    line = np.broadcast_to(np.arange(count)[:, None], worth.shape)
    order = np.argsort(-worth, axis=None, kind="stable")
    order = order[(ends > begins).ravel()[order]]
    return _Steps(line.ravel()[order], begins.ravel()[order], ends.ravel()[order])
