"""The closed loop of the replenish bench: completejourney's last 112 days, and the forecasts of each night before."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.datasets import cache_folder, engine_cache, journey_daily, journey_sales
from forecasting.engine import Config, Panel
from forecasting.engine.boosted.training import Training
from forecasting.engine.rolling import rolling
from orders.domain.replay import World

F64 = NDArray[np.float64]
FIRST_DAY, DAYS = 253, 112  # 11 September to 31 December 2017
TUNING_DAYS = 56  # the eight weeks before, on which levels may be found; orders begin at the close of their first day
LEVELS = (0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 0.95, 0.98, 0.99, 0.995)
LEADS = {"7": (7, 7), "3..10": (3, 10)}


@dataclass(frozen=True)
class Span:
    """Some days of the panel: demand [n, t] of `days` days from `first` on; the same draws in every run."""

    panel: Panel
    price: F64
    pack: F64
    first: int
    days: int
    lead: str

    def demand(self) -> F64:
        found: F64 = self.panel.demand[:, self.first : self.first + self.days].astype(np.float64)
        return found

    def lead_days(self) -> NDArray[np.int64]:
        low, high = LEADS[self.lead]
        rng = np.random.default_rng(7)
        drawn = rng.integers(low, high + 1, (self.panel.n_series, FIRST_DAY + DAYS))
        return drawn[:, self.first : self.first + self.days].astype(np.int64)

    def base(self) -> F64:
        """Mean daily demand of the first half-year, by which min/max and the first stock are set."""
        return np.asarray(self.panel.demand[:, :182].mean(axis=1), dtype=np.float64)

    def eve(self) -> "Span":
        """The same days and the one before, at whose close the first orders are placed."""
        return replace(self, first=self.first - 1, days=self.days + 1)

    def world(self) -> World:
        """Of the eve and the days; on the eve nobody asks, so that the first day opens with ten days' mean demand."""
        eve = self.eve()
        demand = eve.demand()
        demand[:, 0] = 0.0
        first_stock = np.ceil(10 * self.base())
        return World(demand, eve.lead_days(), first_stock, np.zeros(self.panel.n_series, np.int64))


def load_span(lead: str, first: int = FIRST_DAY, days: int = DAYS) -> Span:
    """The 2,063 products with their mean price and a pack of 6 or 12."""
    panel = journey_daily().panel
    pack = np.where(np.random.default_rng(0).random(panel.n_series) < 0.5, 6.0, 12.0)
    return Span(panel, _prices(), pack, first, days, lead)


def _prices() -> F64:
    path = cache_folder() / "journey_prices.npy"
    if not path.exists():
        sales = journey_sales()
        selling = sales.groupby(["product_id", "day"]).quantity.sum().gt(0).groupby("product_id").sum()
        products = np.sort(selling.index[selling >= 100].to_numpy())
        totals = sales.groupby("product_id")[["sales_value", "quantity"]].sum().loc[products]
        np.save(path, (totals.sales_value / totals.quantity).to_numpy())
    found: F64 = np.load(path)
    return found


@dataclass(frozen=True)
class Nights:
    """Smooth quantiles [t, n, g, q] at LEVELS of sums over `grid` days, and mean daily demand [t, n] of the two weeks
    ahead, as of the close of each day of a span."""

    grid: tuple[int, ...]
    quantiles: NDArray[np.float32]
    pace: NDArray[np.float32]

    def part(self, begin: int, end: int) -> "Nights":
        return Nights(self.grid, self.quantiles[begin:end], self.pace[begin:end])


def nights(rows: int = 400_000) -> Nights:
    """Forecasts at every close from TUNING_DAYS before the span to its end; kept in the cache folder."""
    path = engine_cache(f"replenish nights {rows}")
    grid = (*range(3, 12), 14)
    if not path.exists():
        panel = replace(journey_daily().panel, is_integer=np.zeros(journey_daily().panel.n_series, dtype=bool))
        config = Config(horizon_days=14, choice_horizon=8, grid=grid, levels=LEVELS)
        origins = range(FIRST_DAY - TUNING_DAYS + 1, FIRST_DAY + DAYS + 1)
        found = [night for _, night in rolling(panel, config, origins, training=Training(rows=rows))]
        np.savez(
            path,
            quantiles=np.stack([np.nan_to_num(night.sum_quantiles) for night in found]),
            pace=np.stack([np.nan_to_num(night.mean).mean(axis=1) for night in found]),
        )
    with np.load(path) as stored:
        return Nights(grid, stored["quantiles"], stored["pace"])
