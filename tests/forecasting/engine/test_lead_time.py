"""Quantiles of demand over fixed and uncertain protection intervals."""

from datetime import date

import numpy as np
import pytest

from forecasting.engine import Config, Panel, forecast, lead_time_quantiles


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(2)
    demand = rng.poisson(np.array([[0.3], [2.0], [20.0]]), (3, 200)).astype(np.float32)
    return forecast(Panel(demand, date(2025, 1, 6)), Config(horizon_days=28))


def test_on_the_grid_it_is_the_forecast_itself(found):
    at_14 = found.sum_quantiles[:, found.grid.index(14)]
    np.testing.assert_array_equal(lead_time_quantiles(found, 14), at_14)


def test_between_and_beyond_the_grid_it_grows(found):
    rows = np.stack([lead_time_quantiles(found, days) for days in (0, 1, 4.5, 6, 9, 28, 30, 60)])
    assert (np.diff(rows, axis=0) >= 0).all() and rows[0].max() <= 1
    assert rows[-1, 2, 3] == pytest.approx(1200, rel=0.05)


def test_an_uncertain_interval_lies_between_and_is_wider(found):
    mixed = lead_time_quantiles(found, np.tile([7, 21], (3, 1)), weights=np.array([0.5, 0.5]))
    short, long = lead_time_quantiles(found, 7), lead_time_quantiles(found, 21)
    assert (mixed >= short).all() and (mixed <= long).all()
    assert mixed[2, -1] - mixed[2, 0] > long[2, -1] - long[2, 0]


def test_one_sure_possibility_is_a_fixed_interval(found):
    sure = lead_time_quantiles(found, np.tile([7, 21], (3, 1)), weights=np.array([1.0, 0.0]))
    np.testing.assert_array_equal(sure, lead_time_quantiles(found, 7))


def test_a_level_of_its_own(found):
    p95 = lead_time_quantiles(found, 14, levels=(0.95,))
    np.testing.assert_array_equal(p95[:, 0], found.sum_quantiles[:, found.grid.index(14), found.levels.index(0.95)])


@pytest.mark.parametrize(
    ("intervals", "weights"), [(-1, None), (np.ones((2, 2)), None), (np.ones((3, 2)), np.zeros(2))]
)
def test_nonsense_is_refused(found, intervals, weights):
    with pytest.raises(ValueError):
        lead_time_quantiles(found, intervals, weights)
