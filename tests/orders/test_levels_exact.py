"""Reorder points against exact results: stockpyl's newsvendor levels, and mixtures worked out by hand."""

from copy import copy
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm, poisson
from stockpyl.newsvendor import newsvendor_normal, newsvendor_poisson

from forecasting.engine import lead_time_quantiles
from orders.domain.levels import Protection, derive_levels

GRID = (1, 2, 3, 4, 5, 6, 8, 10)
FINE = tuple(np.round(np.linspace(0.01, 0.99, 99), 2))


class Foreseen:
    """A forecast of n equal series with quantiles of the sum over h days from `quantile(level, h)`."""

    def __init__(self, per_day, quantile, n=1, is_integer=False):
        self.mean = np.full((n, GRID[-1]), per_day, dtype=np.float32)
        sums = np.array([[quantile(level, h) for level in FINE] for h in GRID], dtype=np.float32)
        self.parts = SimpleNamespace(
            mean=self.mean, sum_quantiles=np.repeat(sums[None], n, axis=0), grid=GRID, levels=FINE,
            state=np.zeros(n, dtype=np.int8), is_integer=np.full(n, is_integer),
        )  # fmt: skip

    def over(self, intervals, weights, levels):
        return lead_time_quantiles(self.parts, intervals, weights, levels)

    def rows(self, index):
        found = copy(self)
        found.mean = self.mean[index]
        per_series = {name: getattr(self.parts, name)[index] for name in ("sum_quantiles", "state", "is_integer")}
        found.parts = SimpleNamespace(**(vars(self.parts) | per_series | {"mean": found.mean}))
        return found


def protection(lead_days, chances=None, review=1, n=1):
    days = np.array([lead_days] * n, dtype=float)
    weights = np.full(days.shape, 1 / days.shape[1]) if chances is None else np.array([chances] * n, dtype=float)
    return Protection(days, weights, np.full(n, float(review)))


def levels(demand, protected, target, lot_days=7.0):
    n = len(demand.mean)
    return derive_levels(demand, protected, np.full(n, float(target)), np.full(n, lot_days))


@pytest.mark.parametrize(("holding", "stockout"), [(1, 9), (1, 19), (1, 1), (18, 70)])
@pytest.mark.parametrize("lead", [0, 2, 4])
def test_normal_demand_gives_the_newsvendor_base_stock_level(holding, stockout, lead):
    mean, deviation = 50.0, 8.0
    demand = Foreseen(mean, lambda q, h: norm.ppf(q, mean * h, deviation * h**0.5))
    target = stockout / (stockout + holding)
    found = levels(demand, protection([lead]), target)
    exact, _cost = newsvendor_normal(holding, stockout, mean, deviation, lead_time=lead)
    assert found.reorder_point[0] == pytest.approx(exact, rel=0.002)
    assert found.interval_demand[0] == pytest.approx(mean * (lead + 1))


@pytest.mark.parametrize("target", [0.5, 0.8, 0.9, 0.95, 0.98])
def test_poisson_demand_gives_the_newsvendor_quantity(target):
    demand = Foreseen(2.0, lambda q, h: poisson.ppf(q, 2.0 * h), is_integer=True)
    exact, _cost = newsvendor_poisson(1 - target, target, 2.0 * 4)
    assert levels(demand, protection([3]), target).reorder_point[0] == exact


def test_an_uncertain_lead_time_is_a_mixture():
    """Demand is exactly 10 a day; deliveries take 1 or 5 days, so over the interval it is 20 or 60."""
    demand = Foreseen(10.0, lambda q, h: 10.0 * h)
    found = levels(demand, protection([1, 5], [0.5, 0.5]), 0.95)
    assert found.reorder_point[0] == pytest.approx(60, abs=0.1)
    assert levels(demand, protection([1, 5], [0.96, 0.04]), 0.95).reorder_point[0] == pytest.approx(20, abs=0.1)
    assert found.interval_demand[0] == pytest.approx(40)
    assert found.daily_demand[0] == pytest.approx(10)


def test_up_to_is_the_reorder_point_and_a_lot():
    demand = Foreseen(3.0, lambda q, h: 3.0 * h)
    found = levels(demand, protection([2]), 0.9, lot_days=4.0)
    assert found.order_up_to[0] - found.reorder_point[0] == pytest.approx(12)


def test_each_series_has_its_own_target():
    demand = Foreseen(50.0, lambda q, h: norm.ppf(q, 50 * h, 8 * h**0.5), n=2)
    found = derive_levels(demand, protection([0], n=2), np.array([0.95, 0.6]), np.array([7.0, 7.0]))
    assert found.reorder_point == pytest.approx(norm.ppf([0.95, 0.6], 50, 8), rel=0.002)


def test_more_certainty_or_a_longer_wait_never_asks_for_less():
    demand = Foreseen(4.0, lambda q, h: poisson.ppf(q, 4.0 * h), is_integer=True)
    by_target = [levels(demand, protection([3]), target).reorder_point[0] for target in (0.6, 0.8, 0.9, 0.95, 0.99)]
    by_wait = [levels(demand, protection([lead]), 0.9).reorder_point[0] for lead in range(8)]
    assert by_target == sorted(by_target)
    assert by_wait == sorted(by_wait)
