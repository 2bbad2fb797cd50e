"""What holidays and promotions did to demand: an effect for each, with its error, and whether it is more than noise.

An occasion is known by a key of words joined by `|`: ("holiday", country, name), ("lunar", name), ("kind", kind) for
what holds for the whole assortment everywhere, ("promotion", kind) for what holds for some of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine import Panel
from forecasting.engine.exposure import (
    ON_PROMOTION,
    SEASON_WINDOW,
    group_index,
    observed,
    past_exposure,
    season_profile,
    season_sums,
    stock_share,
    uplift_evidence,
)

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
HOLIDAY, LUNAR, KIND, PROMOTION = "holiday", "lunar", "kind", "promotion"
# An effect counts when it is so many times its error, and large enough to matter.
ERRORS, LEAST_EFFECT = 2.5, 0.03
NEIGHBOURS = 28  # ordinary days on each side of a day that say what was usual around it
LEAST_ORDINARY = 14
LEAST_SHARE = 0.05  # of the usual demand: a day on which nearly all are closed or out of stock tells nothing
RARE = 0.1  # what marks more of the calendar than this is left to the season, as the engine does
LEAST_NOISE = 1e-3
MAD = 1.4826  # of a normal distribution, its standard deviation


@dataclass(frozen=True)
class Effect:
    """`uplift` 0.3 is 30% more than on the days around; `error` its standard error; seen `times` times on `days` days
    of the past.
    """

    key: str
    uplift: float
    error: float
    times: int
    days: int

    @property
    def is_measurable(self) -> bool:
        return abs(self.uplift) >= max(ERRORS * self.error, LEAST_EFFECT)


def key_of(*parts: str) -> str:
    return "|".join(parts)


def measure(panel: Panel, columns: Mapping[str, F32], promotions: Iterable[tuple[str, F32]]) -> list[Effect]:
    """An effect for each occasion: columns [>= d] shared by all series, promotions [n, >= d] of some of them, which are
    taken one after another. The panel has all of them together.
    """
    share = stock_share(panel)
    demand = observed(panel, share)
    group = group_index(panel.category, panel.n_series)
    begin = max(0, panel.n_days - SEASON_WINDOW * panel.season)
    season = season_profile(season_sums(demand, share, begin, panel.season), group)
    rate = demand.sum(axis=1) / np.maximum(share.sum(axis=1), 1.0)
    places = np.arange(panel.n_days) % panel.season
    expected = np.einsum("nd,nd->d", share * rate[:, None], season[:, places])
    seen = {key: np.asarray(column[: panel.n_days]) for key, column in columns.items()}
    found = shared_effects(demand.sum(axis=0), expected, seen)
    nothing, usual = np.zeros((panel.n_series, 0), np.float32), np.ones(panel.n_days)
    plain = past_exposure(share, season, nothing, np.zeros(panel.n_series), usual)
    return found + [_of_some(key, demand, _beside(plain, panel, shares), shares) for key, shares in promotions]


def shared_effects(total: F64, expected: F64, columns: Mapping[str, F32]) -> list[Effect]:
    """Effects of columns [d] on total demand [d], beside what the season and the shelves let expect [d], all together,
    so that two that meet share the day. What was never seen, or marks too much, has none.
    """
    rare = {key: column for key, column in columns.items() if 0 < (column > 0).mean() <= RARE}
    is_known = expected > LEAST_SHARE * max(float(expected.mean()), 1e-9)
    excess, noise = _excess(total, expected, is_known, rare)
    keys = [key for key, column in rare.items() if (column[is_known] > 0).any()]
    found = {key: Effect(key, 0.0, 0.0, 0, 0) for key in columns}
    if keys:
        marks = np.stack([rare[key].astype(np.float64) for key in keys], axis=1)[is_known]
        # A breath of ridge: two occasions that always meet share their effect instead of blowing it up.
        inverse = np.linalg.inv(marks.T @ marks + 1e-3 * np.eye(len(keys)))
        for key, uplift in zip(keys, inverse @ marks.T @ excess[is_known], strict=True):
            times, days = _count(rare[key])
            # Days of one occurrence share their weather and their luck, so only occurrences count as evidence.
            found[key] = Effect(key, float(uplift), noise / np.sqrt(times), times, days)
    return list(found.values())


def _excess(total: F64, expected: F64, is_known: NDArray[np.bool_], columns: Mapping[str, F32]) -> tuple[F64, float]:
    """Demand of each day relative to the ordinary days around it, less 1, and how much that varies on ordinary ones."""
    ratio = total / np.maximum(expected, 1e-9)
    ordinary = is_known.copy()
    for column in columns.values():
        ordinary &= column == 0
    if ordinary.sum() < LEAST_ORDINARY:
        return np.zeros_like(ratio), np.inf
    places = np.flatnonzero(ordinary)
    level = np.empty_like(ratio)
    for day in range(len(ratio)):
        near = places[np.abs(places - day) <= NEIGHBOURS]
        level[day] = np.median(ratio[near if len(near) >= LEAST_ORDINARY else places])
    excess = ratio / np.maximum(level, 1e-9) - 1
    noise = MAD * float(np.median(np.abs(excess[ordinary])))
    return excess, max(noise, LEAST_NOISE)


def _beside(exposure: F64, panel: Panel, shares: F32) -> F64:
    """The exposure without the days on which only other promotions ran: they are no ordinary days to compare with."""
    if panel.promotion is None:
        return exposure
    days = exposure.shape[1]
    others = (panel.promotion[:, :days] > ON_PROMOTION) & (shares[:, :days] <= ON_PROMOTION)
    return np.where(others, 0.0, exposure)


def _of_some(key: str, demand: F64, exposure: F64, shares: F32) -> Effect:
    """The uplift of a promotion at full share over all its series; its error by leaving out one after another."""
    past = np.ascontiguousarray(shares[:, : demand.shape[1]])
    evidence = uplift_evidence(demand, exposure, past, np.array([demand.shape[1]]))[:, 0]
    evidence = evidence[evidence[:, 1] > 0]
    times, days = _count(past.max(axis=0, initial=0.0))
    if len(evidence) < 2:
        return Effect(key, 0.0, np.inf, times, days)
    gained, base = evidence.sum(axis=0)
    without = (gained - evidence[:, 0]) / np.maximum(base - evidence[:, 1], 1e-9)
    error = np.sqrt((len(without) - 1) * float(np.var(without)))
    return Effect(key, float(gained / base), float(error), times, days)


def _count(column: F32) -> tuple[int, int]:
    """How often it was, and on how many days."""
    on = column > 0
    return int((np.diff(on.astype(np.int8), prepend=0) == 1).sum()), int(on.sum())
