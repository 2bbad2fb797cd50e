"""One order a week for goods that come three weeks later, as in the VN2 inventory planning challenge.

What is left at the end of a week costs 0.2 a unit, what somebody went without costs 1.0. An order placed at the end of
week t is on the shelf in week t + 3; what is missing meanwhile cannot be mended any more.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from forecasting.engine import Config, Forecast, GlobalModel, Panel, forecast
from forecasting.engine.boosted.training import Training
from orders.domain.curves import F64
from orders.domain.weekly_order import PeriodDemand, Pipeline, draws_of, pipeline_order

WEEKS_AHEAD = 3
HOLDING, SHORTAGE = 0.2, 1.0
# Under the ratio of the two costs, 0.83: what is left over from the week it was meant for is often held for many more,
# and quantiles that are right on average over a year are too high when demand falls. Flat between 0.66 and 0.72.
LEVEL = 0.70
# The mean is half the engine's and half that of the last quarter under the season of the year, which the engine sees
# only dimly in so few years; around it demand varies less than around the engine's alone.
SEASONAL_SHARE, SPREAD_SHARE = 0.5, 0.8
RECENT_WEEKS = 13
LEVELS = (0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 0.98, 0.99)
CONFIG = Config(horizon_days=4, choice_horizon=WEEKS_AHEAD, levels=LEVELS, grid=(1, 2, 3, 4), min_history=4)
TRAINING = Training(rows=150_000)


@dataclass(frozen=True)
class Foreseen:
    """Of n series: mean [n, 3] units of each of the next weeks, and quantiles [n, 3, q] at LEVELS of the sums of the
    first, the first two and all three."""

    mean: F64
    quantiles: F64

    def rows(self, count: int) -> "Foreseen":
        """The first `count` series."""
        return Foreseen(self.mean[:count], self.quantiles[:count])


def smooth(panel: Panel) -> Panel:
    """The panel with quantiles between whole numbers, which say more of the spread."""
    return replace(panel, is_integer=np.zeros(panel.n_series, dtype=np.bool_), checked=False)


def foresee(panel: Panel, model: GlobalModel | None) -> Foreseen:
    """The next weeks of a weekly panel."""
    return foreseen_of(forecast(smooth(panel), CONFIG, model=model))


def foreseen_of(found: Forecast) -> Foreseen:
    """Nothing is asked for where there is no forecast."""
    mean = np.nan_to_num(found.mean.astype(np.float64))[:, :WEEKS_AHEAD]
    return Foreseen(mean, np.nan_to_num(found.sum_quantiles.astype(np.float64))[:, :WEEKS_AHEAD])


def next_order(panel: Panel, seen: Foreseen, pipeline: Pipeline, seed: int = 1) -> F64:
    """[n] whole units to order now, at the end of the panel; `seen` is what the engine foresees there."""
    usual, _deviation = seasonal(panel, WEEKS_AHEAD)
    mean = SEASONAL_SHARE * usual + (1.0 - SEASONAL_SHARE) * seen.mean
    moved = np.clip(mean.sum(axis=1) / np.maximum(seen.mean.sum(axis=1), 1e-9), 0.2, 5.0) * SPREAD_SHARE
    first, total = (moved * variance_of(seen.quantiles[:, place]) for place in (0, -1))
    draws = draws_of(PeriodDemand(mean, first, total), np.random.default_rng(seed))
    return pipeline_order(draws, pipeline, LEVEL)


def seasonal(panel: Panel, ahead: int) -> tuple[F64, F64]:
    """Mean [n, ahead] of the next weeks, and deviation [n] of a week: the last RECENT_WEEKS weeks in stock without the
    season of the year, times that of the weeks to come. The season is that of all series together."""
    weeks = panel.n_days
    share = np.ones(panel.demand.shape) if panel.in_stock_share is None else panel.in_stock_share
    seen = np.where(share > 0, panel.demand, np.nan).astype(np.float64)
    of_year = np.array([(panel.start + timedelta(weeks=week)).isocalendar().week for week in range(weeks + ahead)])
    count = np.maximum(np.isfinite(seen).sum(axis=0), 1)
    usual = np.nansum(seen, axis=0) / count
    season = np.ones(54)
    for week in np.unique(of_year[:weeks]):
        season[week] = usual[of_year[:weeks] == week].mean()
    season[np.unique(of_year[:weeks])] /= max(season[np.unique(of_year[:weeks])].mean(), 1e-9)
    season = np.maximum(season, 1e-3)
    plain = (seen / season[of_year[:weeks]])[:, -RECENT_WEEKS:]
    known = np.maximum(np.isfinite(plain).sum(axis=1), 1)
    level = np.nansum(plain, axis=1) / known
    deviation = np.sqrt(np.nansum((plain - level[:, None]) ** 2, axis=1) / known)
    return level[:, None] * season[of_year[weeks:]][None, :], deviation


def variance_of(curves: F64) -> F64:
    """[n]: variance of demands given by their quantiles [n, q] at LEVELS: straight between two of them and down to 0
    under the lowest, an exponential tail over the highest."""
    levels = np.array((0.0, *LEVELS))
    knots = np.concatenate([np.zeros((len(curves), 1)), curves], axis=1)
    left, right, weight = knots[:, :-1], knots[:, 1:], np.diff(levels)
    rest = 1.0 - levels[-1]
    scale = np.maximum(curves[:, -1] - curves[:, -2], 1e-9) / np.log((1.0 - levels[-2]) / rest)
    mean = (weight * (left + right) / 2).sum(axis=1) + rest * (curves[:, -1] + scale)
    square = (weight * (left**2 + left * right + right**2) / 3).sum(axis=1)
    square += rest * (curves[:, -1] ** 2 + 2 * curves[:, -1] * scale + 2 * scale**2)
    return np.asarray(np.maximum(square - mean**2, 1e-9), dtype=np.float64)
