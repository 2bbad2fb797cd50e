"""Where the level of a series too young for a forecast of its own comes from.

In this order: its named predecessor, the same item at other locations, its style, its category (or all series where
there are no categories). What is lent is a level; season, promotions and spread come on top as for every series.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.exposure import group_index
from forecasting.engine.kernels import F64, I64
from forecasting.engine.panel import PERIODS_PER_YEAR, Panel
from forecasting.engine.result import State

PEER_PERIODS = 14.0  # the level of the peers weighs as many periods of a short history
LEAST_PEERS = {State.BORROWED: 3, State.BORROWED_STYLE: 1, State.BORROWED_ITEM: 1}
PREDECESSOR_DOUBT = 0.15  # squared coefficient of variation of a successor's level around its predecessor's
MOST_DOUBT = 10.0


@dataclass(frozen=True)
class Lenders:
    """What each series may borrow: a level per period [n], its squared coefficient of variation [n], and the state [n]
    that says from whom; NOT_ENOUGH_DATA where nobody can lend.
    """

    level: F64
    doubt: F64
    state: NDArray[np.int8]

    def rows(self, part: slice) -> "Lenders":
        return Lenders(self.level[part], self.doubt[part], self.state[part])


def find_lenders(panel: Panel, share: F64, demand: F64, min_history: int) -> Lenders:
    """The best lender of every series, from series with enough history of their own; share and demand [n, d]."""
    pace, known = recent_pace(panel, share, demand, min_history)
    n = panel.n_series
    level, doubt = np.zeros(n), np.zeros(n)
    state = np.full(n, State.NOT_ENOUGH_DATA, dtype=np.int8)
    groups = ((State.BORROWED, group_index(panel.category, n)), (State.BORROWED_STYLE, panel.style))
    for kind, ids in (*groups, (State.BORROWED_ITEM, panel.item)):
        if ids is not None:
            mean, wide, count = group_paces(pace, known, np.asarray(ids, dtype=np.int64))
            lends = count >= LEAST_PEERS[kind]
            level, doubt = np.where(lends, mean, level), np.where(lends, wide, doubt)
            state = np.where(lends, kind, state).astype(np.int8)
    if panel.predecessor is not None:
        before = panel.predecessor.astype(np.int64)
        lends = (before >= 0) & known[np.maximum(before, 0)]
        share_of = 1.0 if panel.predecessor_share is None else panel.predecessor_share.astype(np.float64)
        level = np.where(lends, pace[np.maximum(before, 0)] * share_of, level)
        doubt = np.where(lends, PREDECESSOR_DOUBT, doubt)
        state = np.where(lends, State.BORROWED_PREDECESSOR, state).astype(np.int8)
    return Lenders(level, doubt, state)


def recent_pace(panel: Panel, share: F64, demand: F64, min_history: int) -> tuple[F64, NDArray[np.bool_]]:
    """Demand per period in stock over the last quarter (the whole past where that was out of stock) [n], and whether
    the series has enough history to lend it [n].
    """
    last = max(PERIODS_PER_YEAR[panel.frequency] // 4, 2)
    seen, recent = share.sum(axis=1), share[:, -last:].sum(axis=1)
    enough = recent >= min(max(min_history, 1), last / 2)
    total = np.where(enough, demand[:, -last:].sum(axis=1), demand.sum(axis=1))
    return total / np.maximum(np.where(enough, recent, seen), 1.0), seen >= max(min_history, 14)


def group_paces(pace: F64, known: NDArray[np.bool_], ids: I64) -> tuple[F64, F64, F64]:
    """Mean pace of the known series of each one's group [n], its squared coefficient of variation [n], how many [n].

    A negative id belongs to no group.
    """
    group = group_index(ids, len(pace))
    groups = int(group.max(initial=0)) + 1
    lends = known & (ids >= 0)
    count, total, square = (
        np.bincount(group, np.where(lends, value, 0.0), minlength=groups)
        for value in (np.ones_like(pace), pace, pace**2)
    )
    mean = total / np.maximum(count, 1.0)
    variance = np.maximum(square / np.maximum(count, 1.0) - mean**2, 0.0)
    doubt = np.minimum(variance / np.maximum(mean**2, 1e-12), MOST_DOUBT)
    return mean[group], doubt[group], np.where(ids >= 0, count[group], 0.0).astype(np.float64)


def borrowing(seen: F64, lenders: Lenders, min_history: int) -> tuple[F64, NDArray[np.int8]]:
    """Share of the level that is lent [n], 0 for series of their own, and the state of each [n]."""
    short = seen < min_history
    state = np.where(short, lenders.state, State.OK).astype(np.int8)
    lent = np.where(short & (lenders.state != State.NOT_ENOUGH_DATA), PEER_PERIODS / (seen + PEER_PERIODS), 0.0)
    return lent, state
