"""All candidates that a choice may look at: method, parameters, and the words that name them on a page."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasting.engine.kernels import F64, I64, Bools
from forecasting.engine.methods import average, croston, smoothing, trend, tsb
from forecasting.engine.panel import Frequency

Levels = Callable[[F64, F64, I64, F64, F64], F64]
KERNELS: dict[str, Levels] = {
    "average": average.levels,
    "smoothing": smoothing.levels,
    "trend": trend.levels,
    "croston": croston.levels,
    "tsb": tsb.levels,
}
SLOW_TWINS: dict[str, Levels] = {
    "average": average.levels_slow,
    "smoothing": smoothing.levels_slow,
    "trend": trend.levels_slow,
    "croston": croston.levels_slow,
    "tsb": tsb.levels_slow,
}
PARAMS: dict[Frequency, dict[str, list[tuple[float, float, float]]]] = {
    "D": {
        "average": [(w, 0, 0) for w in (14, 28, 56, 91, 182, 364)],
        "smoothing": [(a, 0, 0) for a in (0.01, 0.02, 0.05, 0.1, 0.2, 0.35)],
        "trend": [(0.05, 0.02, 0.98), (0.1, 0.05, 0.95), (0.2, 0.1, 0.9)],
        "croston": [(a, 0, 0) for a in (0.05, 0.1, 0.2)],
        "tsb": [(0.01, 0.05, 0), (0.02, 0.05, 0), (0.05, 0.05, 0), (0.1, 0.1, 0), (0.05, 0.2, 0)],
    },
    "W": {
        "average": [(w, 0, 0) for w in (4, 8, 13, 26, 52)],
        "smoothing": [(a, 0, 0) for a in (0.02, 0.05, 0.1, 0.2, 0.35, 0.5)],
        "trend": [(0.1, 0.05, 0.95), (0.2, 0.1, 0.9), (0.35, 0.1, 0.9)],
        "croston": [(a, 0, 0) for a in (0.05, 0.1, 0.2)],
        "tsb": [(0.05, 0.05, 0), (0.1, 0.05, 0), (0.1, 0.1, 0), (0.2, 0.1, 0), (0.3, 0.1, 0)],
    },
    "M": {
        "average": [(w, 0, 0) for w in (3, 6, 12, 24)],
        "smoothing": [(a, 0, 0) for a in (0.05, 0.1, 0.2, 0.35, 0.5)],
        "trend": [(0.2, 0.05, 0.95), (0.35, 0.1, 0.9)],
        "croston": [(a, 0, 0) for a in (0.1, 0.2)],
        "tsb": [(0.1, 0.1, 0), (0.2, 0.1, 0), (0.3, 0.2, 0)],
    },
}


@dataclass(frozen=True)
class Candidates:
    """The candidates of a run, in the order of the last but one axis of every level array."""

    method: tuple[str, ...]
    params: F64  # [c, 3]

    @property
    def phi(self) -> F64:
        """float64 [c]: how much of the slope remains after each period; 0 where there is no slope."""
        return np.where(np.array(self.method) == "trend", self.params[:, 2], 0.0)

    def find(self, other: "Candidates") -> I64:
        """int64 [other's c]: where each of the other's candidates stands among these; -1 for none."""
        known = [(name, *params) for name, params in zip(self.method, self.params.tolist(), strict=True)]
        wanted = [(name, *params) for name, params in zip(other.method, other.params.tolist(), strict=True)]
        return np.array([known.index(row) if row in known else -1 for row in wanted], dtype=np.int64)

    def label(self, index: int) -> str:
        """For a page: "smoothing 0.05", "average 28"."""
        shown = " ".join(f"{p:g}" for p in self.params[index] if p)
        return f"{self.method[index]} {shown}"


def candidates(frequency: Frequency, methods: tuple[str, ...]) -> Candidates:
    """Those of the named methods that fit the frequency."""
    rows = [(name, p) for name in methods for p in PARAMS[frequency][name]]
    return Candidates(tuple(name for name, _ in rows), np.array([p for _, p in rows], dtype=np.float64))


def all_levels(
    chosen: Candidates, demand: F64, exposure: F64, origins: I64, prior: F64, needed: Bools | None = None
) -> F64:
    """float64 [n, o, c, 2]: level and slope of every candidate at every origin.

    needed  bool [n, c]: a method is left out (zeros) for the series that need none of its candidates; None: all.
    """
    names = np.array(chosen.method)
    out = np.zeros((len(demand), len(origins), len(chosen.method), 2))
    for name in dict.fromkeys(chosen.method):
        where = np.flatnonzero(names == name)
        params = np.ascontiguousarray(chosen.params[where])
        rows = np.arange(len(demand)) if needed is None else np.flatnonzero(needed[:, where].any(axis=1))
        if len(rows) == len(demand):
            out[:, :, where] = KERNELS[name](demand, exposure, origins, params, prior)
        elif len(rows):
            found = KERNELS[name](demand[rows], exposure[rows], origins, params, prior[rows])
            out[rows[:, None], :, where[None, :]] = found.transpose(0, 2, 1, 3)
    return out
