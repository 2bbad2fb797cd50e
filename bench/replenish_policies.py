"""The policies of the replenish bench, each a family with settings that are moved until stock value or lines agree."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.replenish_world import LEVELS, Nights, Span
from forecasting.engine.leadtime import mixture_quantiles
from orders.domain.economic_kernels import chances_of
from orders.domain.replay import Policies, Replayed, replay

F64 = NDArray[np.float64]
SEARCH_STEPS = 14


@dataclass(frozen=True)
class Score:
    """Of a run: share of SKU-days out of stock and of units served, mean stock at mean price, lines per SKU-week."""

    out: float
    fill: float
    value: float
    lines: float


def score(span: Span, policies: Policies) -> Score:
    """Of the days of the span; the orders of its eve count as lines of it."""
    world = span.world()
    found: Replayed = replay(world, policies, since=1)
    ordered: Replayed = replay(world, policies)
    sku_days = found.days * len(found.asked)
    return Score(
        float(found.out_days.sum() / sku_days),
        float(1 - found.lost.sum() / found.asked.sum()),
        float((found.held * span.price).sum() / found.days),
        float(7 * ordered.lines.sum() / sku_days),
    )


def min_max(span: Span) -> Policies:
    """Order at 7 days of the first half-year's mean up to 21 days of it."""
    wide = np.ones((1, span.eve().days))
    base = span.base()[:, None] * wide
    return Policies(7 * base, 21 * base, span.pack)


def moving_average(span: Span, z: float) -> Policies:
    """Mean and spread of the last 28 days, base stock over the interval: mean x days + z x sigma x sqrt(days)."""
    days, eve = span.lead_days().mean() + 1, span.eve()
    points = np.empty((span.panel.n_series, eve.days))
    for t in range(eve.days):
        seen = span.panel.demand[:, eve.first + t - 27 : eve.first + t + 1].astype(np.float64)
        points[:, t] = days * seen.mean(axis=1) + z * np.sqrt(days) * seen.std(axis=1)
    return Policies(points, points, span.pack)


@dataclass(frozen=True)
class Curves:
    """Quantiles [t, n, q] of demand until the end of the protection interval, and until the day before; expected demand
    [t, n, h] of each day ahead, and the expected days of the interval."""

    until_end: F64
    until_eve: F64
    mean: F64
    interval_days: float


def curves(span: Span, found: Nights) -> Curves:
    """With an uncertain lead time each is the mixture over its possible lengths."""
    low, high = int(span.lead_days().min()), int(span.lead_days().max())
    ends = [_mixture(found, [lead + more for lead in range(low, high + 1)]) for more in (1, 0)]
    return Curves(ends[0], ends[1], _daily_means(found), (low + high) / 2 + 1)


def _daily_means(found: Nights) -> F64:
    """[t, n, h]: the means of the sums, spread evenly over the days between two horizons of the grid."""
    sums = found.quantiles @ chances_of(np.array(LEVELS))
    known = np.concatenate([np.zeros((*sums.shape[:2], 1)), sums], axis=2)
    days = np.diff(np.array((0, *found.grid)))
    return np.repeat(np.maximum(np.diff(known, axis=2), 0.0) / days, days, axis=2)


def _mixture(found: Nights, lengths: list[int]) -> F64:
    places = [found.grid.index(length) for length in lengths]
    picked = found.quantiles[:, :, places].astype(np.float64)
    if len(places) == 1:
        single: F64 = picked[:, :, 0]
        return single
    t, n, k, q = picked.shape
    chance = np.full((t * n, k), 1.0 / k)
    levels = np.array(LEVELS)
    mixed = mixture_quantiles(picked.reshape(t * n, k, q), chance, levels, levels)
    return np.asarray(mixed.reshape(t, n, q), dtype=np.float64)


@dataclass(frozen=True)
class Weights:
    """What a day costs beside an empty shelf's 1: holding money for a day, an order line, a lost unit."""

    holding: float
    order_line: float
    lost_unit: float


def settle(
    run: Callable[[Weights], Score], value: float, lines: float | None, lost_unit: float
) -> tuple[Weights, Score]:
    """Weights whose run holds `value` and, where `lines` is given, orders that often."""
    weights = Weights(0.006, 0.0 if lines is None else 0.2, lost_unit)
    found = run(weights)
    for step in range(SEARCH_STEPS):
        if abs(found.value / value - 1) < 0.002 and (lines is None or abs(found.lines / lines - 1) < 0.01):
            break
        power = 2.0 if step < SEARCH_STEPS // 2 else 1.2
        ordering = weights.order_line if lines is None else weights.order_line * (found.lines / lines) ** (1.5 * power)
        weights = Weights(weights.holding * (found.value / value) ** power, ordering, lost_unit)
        found = run(weights)
    return weights, found


def settle_single(run: Callable[[float], Score], value: float, low: float, high: float) -> tuple[float, Score]:
    """The setting between `low` and `high` whose run holds `value`; more of it means more stock."""
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        if run(middle).value > value:
            high = middle
        else:
            low = middle
    return low, run(low)
