"""The past that a replay lives through, and what policies come to in it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine import Panel
from forecasting.engine.exposure import learn_factors, observed, past_exposure, stock_share
from orders.domain.curves import F64
from orders.domain.replay import Policies, Replayed, World, replay
from orders.domain.replay_calendar import Weeks
from orders.domain.replay_levels import NEVER, Goods
from orders.domain.replay_settings import RUN_IN_DAYS

# What a day without stock hid is guessed from the days in stock this near on both sides.
NEAR_DAYS = 28
MIN_MAX_PAST_DAYS = 182


@dataclass(frozen=True)
class Figures:
    """What a policy came to: shares of SKU-days that ended empty or turned a customer away and of units served; money
    of margin lost, of the mean stock at cost and of what expired; order lines in all and per SKU-week; units."""

    out: float
    fill: float
    lost_margin: float
    stock_value: float
    lines: int
    lines_per_week: float
    expired_value: float
    expired_units: float
    lost_units: float
    asked_units: float

    def as_json(self) -> dict[str, float]:
        """Rounded for storing."""
        return {name: round(float(value), 6) for name, value in asdict(self).items()}


def repaired_demand(panel: Panel, seed: int) -> F64:
    """[n, d]: what was asked for, with what empty shelves hid put back.

    On a day that was out of stock for a share of its hours the hidden part is drawn by chance, a Poisson number around
    the demand per exposure of the days near, so that repaired days are as lumpy as others. Series that are weighed get
    the expectation. Days before a series was on sale stay at 0.
    """
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = learn_factors(panel, share, demand)
    promotion = panel.promotion if panel.promotion is not None else np.zeros((panel.n_series, 0), np.float32)
    seen = past_exposure(share, factors.season, promotion, factors.typical, factors.event)
    full = past_exposure(np.ones_like(share), factors.season, promotion, factors.typical, factors.event)
    hidden = np.where(_on_sale(panel), full - seen, 0.0) * _rate(demand, seen)
    drawn = np.random.default_rng(seed).poisson(np.maximum(hidden, 0.0)).astype(np.float64)
    return demand + np.where(panel.integer()[:, None], drawn, hidden)


def _on_sale(panel: Panel) -> NDArray[np.bool_]:
    first = np.zeros(panel.n_series, np.int32) if panel.first_day is None else panel.first_day
    found: NDArray[np.bool_] = np.arange(panel.n_days)[None, :] >= first[:, None]
    return found


def _rate(demand: F64, exposure: F64) -> F64:
    """[n, d]: demand per exposure within NEAR_DAYS of each day; of all days where none of those was in stock."""
    asked, seen = _near(demand), _near(exposure)
    overall = demand.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-9)
    return np.where(seen > 1.0, asked / np.maximum(seen, 1e-9), overall[:, None])


def _near(values: F64) -> F64:
    """[n, d]: sums over the NEAR_DAYS days on both sides and the day itself."""
    n, d = values.shape
    total = np.concatenate([np.zeros((n, 1)), np.cumsum(values, axis=1)], axis=1)
    days = np.arange(d)
    found: F64 = total[:, np.minimum(days + NEAR_DAYS + 1, d)] - total[:, np.maximum(days - NEAR_DAYS, 0)]
    return found


def world_of(panel: Panel, goods: Goods, begin: int, review_days: F64, seed: int, weeks: Weeks | None = None) -> World:
    """The days from column `begin` to the last, with lead times drawn from their distribution, always the same ones,
    and run by the calendars of `weeks`.

    The first stock is what is asked for in a protection interval and a week, the same for every policy.
    """
    rng = np.random.default_rng(seed)
    days = panel.n_days - begin
    chances = np.cumsum(goods.lead_chances, axis=1)
    places = (rng.random((panel.n_series, days, 1)) > chances[:, None, :-1]).sum(axis=2)
    lead = np.take_along_axis(goods.lead_days, places, axis=1).astype(np.int64)
    if weeks is not None:
        lead = weeks.lead_days(begin, lead)
    mean = panel.demand[:, max(begin - 56, 0) : begin].mean(axis=1)
    needed = (goods.lead_days * goods.lead_chances).sum(axis=1) + review_days + 7
    first = np.ceil(mean * needed / goods.step) * goods.step
    return World(repaired_demand(panel, seed)[:, begin:], lead, first.astype(np.float64), goods.shelf_life_days)


def min_max(
    panel: Panel, goods: Goods, begin: int, low_days: float, high_days: float, weeks: Weeks | None = None
) -> Policies:
    """Static levels in days of the mean demand of the half-year before, as far as there is one, on the nights on which
    an order goes out."""
    mean = panel.demand[:, max(begin - MIN_MAX_PAST_DAYS, 0) : begin].astype(np.float64).mean(axis=1)
    wide = np.ones((1, panel.n_days - begin))
    low, high = (np.ceil(mean * days / goods.step)[:, None] * goods.step[:, None] for days in (low_days, high_days))
    low = low * wide
    if weeks is not None:
        low = np.where(weeks.goes_out(begin, panel.n_days), low, NEVER)
    return Policies(low, high * wide, goods.pack, goods.minimum)


def policies_of(levels: NDArray[np.float32], goods: Goods) -> Policies:
    """Of levels [2, n, d] of the closes."""
    point, up_to = levels.astype(np.float64)
    return Policies(point, up_to, goods.pack, goods.minimum)


def run_policy(world: World, policies: Policies, goods: Goods) -> Figures:
    """Lives through the world and counts from RUN_IN_DAYS on."""
    found = replay(world, policies, since=min(RUN_IN_DAYS, world.demand.shape[1] - 1))
    return figures_of(found, goods)


def figures_of(found: Replayed, goods: Goods) -> Figures:
    sku_days = max(found.days * len(found.asked), 1)
    asked, lost = _total(found.asked), _total(found.lost)
    return Figures(
        out=_total(found.out_days) / sku_days,
        fill=1.0 - lost / max(asked, 1e-9),
        lost_margin=_total(found.lost * np.maximum(goods.price - goods.cost, 0.0)),
        stock_value=_total(found.held * goods.cost) / max(found.days, 1),
        lines=int(found.lines.sum()),
        lines_per_week=7.0 * _total(found.lines) / sku_days,
        expired_value=_total(found.expired * goods.cost),
        expired_units=_total(found.expired),
        lost_units=lost,
        asked_units=asked,
    )


def _total(values: F64) -> float:
    return float(values.sum())


def at_value(curve: Sequence[dict[str, float]], value: float, name: str) -> float | None:
    """The figure `name` where a curve of runs holds stock worth `value`, straight between its points; None outside."""
    points = sorted((point["stock_value"], point[name]) for point in curve)
    if not points or not points[0][0] <= value <= points[-1][0]:
        return None
    return float(np.interp(value, [x for x, _ in points], [y for _, y in points]))
