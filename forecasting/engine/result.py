"""What a forecast says of each series."""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.choice import Choice
from forecasting.engine.kernels import F32


class State(IntEnum):
    """OK: a forecast of its own. BORROWED: too little history, the level comes from its category; the other BORROWED
    ones say from whom else. NOT_ENOUGH_DATA: too little history and nobody to borrow from; all its numbers are NaN, so
    that nobody orders by a guess."""

    OK = 0
    BORROWED = 1
    NOT_ENOUGH_DATA = 2
    BORROWED_STYLE = 3
    BORROWED_PREDECESSOR = 4
    BORROWED_ITEM = 5


LENDERS = {
    State.BORROWED: "series of its category",
    State.BORROWED_STYLE: "series of its style",
    State.BORROWED_PREDECESSOR: "its predecessor",
    State.BORROWED_ITEM: "the same item at other locations",
}


PER_SERIES = ("mean", "sum_quantiles", "daily_quantiles", "state", "recovered_units", "method", "is_integer")
"""The fields of a Forecast that have a row for each series."""


@dataclass(frozen=True)
class Forecast:
    """Forecast of n series over H periods.

    mean             float32 [n, H], units per period.
    sum_quantiles    float32 [n, g, q]: quantile levels[j] of the SUM over the next grid[i] periods.
                     Ascending in q, never falling in g, never negative, whole where the series is counted.
    daily_quantiles  float32 [n, H, k] for chart_levels, of each period alone.
    state            int8 [n], see State.
    recovered_units  float32 [n]: demand that stockouts hid in the history, estimated; not part of the ledger.
    method           int16 [n]: the candidate that weighs most; `label(i)` and `reason(i)` say it in words.
    """

    mean: F32
    sum_quantiles: F32
    daily_quantiles: F32
    grid: tuple[int, ...]
    levels: tuple[float, ...]
    chart_levels: tuple[float, ...]
    state: NDArray[np.int8]
    recovered_units: F32
    method: NDArray[np.int16]
    choice: Choice
    is_integer: NDArray[np.bool_]
    model_share: float = 0.0

    def rows(self, part: slice | NDArray[np.int64]) -> "Forecast":
        """The forecast of some of the series."""
        return replace(self, **{name: getattr(self, name)[part] for name in PER_SERIES}, choice=self.choice.rows(part))

    def label(self, i: int) -> str:
        """The method that weighs most in series `i`."""
        return self.choice.candidates.label(int(self.method[i]))

    def reason(self, i: int) -> str:
        """One sentence: what was combined, how many past origins were looked at, and what it gained."""
        if self.state[i] == State.NOT_ENOUGH_DATA:
            return "Not enough history in stock, and no series of its category to borrow from."
        if self.state[i] != State.OK:
            return f"Not enough history in stock: the level is borrowed from {LENDERS[State(self.state[i])]}."
        parts = [
            f"{self.choice.candidates.label(int(c))} {w:.0%}"
            for c, w in zip(self.choice.kept[i], self.choice.weight[i], strict=True)
            if w >= 0.05
        ]
        start = "Global model with " if self.model_share else ""
        return (
            f"{start}{', '.join(parts)}; chosen on {int(self.choice.origins[i])} past origins, "
            f"pinball loss {float(self.choice.gain[i]):.0%} under the mean of all candidates."
        )
