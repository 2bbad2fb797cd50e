"""Demand hidden by stockouts is seen through, and never invented beyond the evidence."""

from datetime import date

import numpy as np

from forecasting.engine import Config, Panel, forecast
from forecasting.engine.boosted.training import Training, train

MONDAY = date(2025, 1, 6)


def simulated(n, days, rate, capacity, seed=0):
    """Sales of shops that start each day with `capacity` units; share = part of the day before they ran out."""
    rng = np.random.default_rng(seed)
    wanted = rng.poisson(rate, (n, days))
    empty_at = np.sort(rng.random((n, days, 40)), axis=2)
    order = np.where(np.arange(40) < wanted[:, :, None], rng.random((n, days, 40)), 2.0)
    moment = np.sort(order, axis=2)[:, :, capacity - 1]
    del empty_at
    share = np.minimum(moment, 1.0).astype(np.float32)
    return np.minimum(wanted, capacity).astype(np.float32), share


def test_level_under_daily_stockouts_is_near_the_true_one():
    sold, share = simulated(n=60, days=120, rate=5.0, capacity=5)
    seen = forecast(Panel(sold, MONDAY, in_stock_share=share), Config(horizon_days=7)).mean.mean()
    blind = forecast(Panel(sold, MONDAY), Config(horizon_days=7)).mean.mean()
    assert blind < 4.4 and abs(seen - 5.0) < 0.25


def weekly_deliveries(n, days, cover, seed=3):
    """Shops that are filled up to `cover` days of demand each Monday: what was asked for, sold, and the share of each
    day before the shelf was empty, whose last unit went at a moment that follows a beta distribution."""
    rng = np.random.default_rng(seed)
    rate = rng.uniform(1, 6, n)
    asked = rng.poisson(rate[:, None] * np.ones(days))
    sold, share, shelf = np.zeros((n, days)), np.ones((n, days)), np.zeros(n)
    for day in range(days):
        shelf = np.maximum(shelf, np.round(cover * rate)) if day % 7 == 0 else shelf
        sold[:, day] = np.minimum(shelf, asked[:, day])
        is_dry, some = shelf <= asked[:, day], np.maximum(np.minimum(shelf, asked[:, day]), 1)
        moment = rng.beta(some, np.maximum(asked[:, day] - shelf + 1, 1))
        share[:, day] = np.where(is_dry, np.where(shelf > 0, moment, 0), 1)
        shelf = shelf - sold[:, day]
    return asked, sold.astype(np.float32), share.astype(np.float32)


def test_the_global_model_learns_of_the_weeks_that_ran_dry_too():
    """Weeks that stayed in stock were the calm ones: a model taught by them alone comes 8% short here."""
    asked, sold, share = weekly_deliveries(n=120, days=210, cover=6)
    config, training = Config(horizon_days=7), Training(rows=6_000, rounds=12)
    seen = Panel(sold, MONDAY, in_stock_share=share)
    blind = Panel(sold, MONDAY)
    of_all = [forecast(p, config, model=train(p, config, training)).mean.mean() / asked.mean() for p in (seen, blind)]
    assert abs(of_all[0] - 1) < 0.04 and of_all[1] < 0.9


def test_days_out_of_stock_are_no_zero_demand():
    demand = np.full((1, 100), 6.0, np.float32)
    share = np.ones_like(demand)
    demand[0, 60:90] = 0
    share[0, 60:90] = 0
    found = forecast(Panel(demand, MONDAY, in_stock_share=share), Config(horizon_days=7))
    np.testing.assert_allclose(found.mean, 6.0, rtol=0.02)
    np.testing.assert_allclose(found.recovered_units, 180.0, rtol=0.02)


def test_marks_that_most_sales_contradict_are_not_believed():
    """A shop that sells before it books is out of stock by its books, day after day, and sells all the same."""
    demand = np.tile(np.array([0, 6, 0], np.float32), 40)[None, :]
    found = forecast(Panel(demand, MONDAY, in_stock_share=np.zeros_like(demand)), Config(horizon_days=6))
    believed = forecast(Panel(demand, MONDAY), Config(horizon_days=6))
    np.testing.assert_allclose(found.mean, believed.mean, rtol=0.05)


def test_a_few_sales_on_days_marked_out_do_not_lift_the_level():
    demand = np.full((1, 100), 6.0, np.float32)
    share = np.ones_like(demand)
    share[0, [20, 50, 80]] = 0
    found = forecast(Panel(demand, MONDAY, in_stock_share=share), Config(horizon_days=7))
    np.testing.assert_allclose(found.mean, 6.0, rtol=0.02)


def test_zero_sales_in_stock_recover_nothing():
    demand = np.zeros((1, 60), np.float32)
    share = np.ones_like(demand)
    share[0, 30:] = 0.5
    found = forecast(Panel(demand, MONDAY, in_stock_share=share))
    assert found.recovered_units[0] == 0 and found.mean.max() == 0


def test_days_before_the_first_on_sale_do_not_count():
    demand = np.zeros((1, 100), np.float32)
    demand[0, 50:] = 2.0
    found = forecast(Panel(demand, MONDAY, first_day=np.array([50], np.int32)), Config(horizon_days=7))
    np.testing.assert_allclose(found.mean, 2.0, rtol=0.01)
    assert found.recovered_units[0] == 0
