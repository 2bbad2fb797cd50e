"""One order a week for goods that come three weeks later, as in the VN2 inventory planning challenge.

What is left at the end of a week costs 0.2 a unit, what somebody went without costs 1.0. An order placed at the end of
week t is on the shelf in week t + 3; what is missing meanwhile cannot be mended any more.
"""

from dataclasses import dataclass, replace

import numpy as np

from forecasting.engine import Config, Forecast, GlobalModel, Panel, forecast
from forecasting.engine.boosted.training import Training
from orders.domain.curves import F64
from orders.domain.weekly_order import Outlook, Pipeline, draws_of, pipeline_order

WEEKS_AHEAD = 3
HOLDING, SHORTAGE = 0.2, 1.0
# A week in the shop is played once, so what the next weeks' orders could still mend is not counted: a little under
# the ratio of the two costs.
LEVEL = 0.80
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


def next_order(seen: Foreseen, pipeline: Pipeline, level: float = LEVEL, seed: int = 1) -> F64:
    """[n] whole units to order now."""
    first, total = variance_of(seen.quantiles[:, 0]), variance_of(seen.quantiles[:, -1])
    draws = draws_of(Outlook(seen.mean, first, total), np.random.default_rng(seed))
    return pipeline_order(draws, pipeline, level)


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
