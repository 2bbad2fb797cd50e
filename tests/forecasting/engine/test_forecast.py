"""What every forecast keeps: order, sign, whole numbers, states, and no fall into the traps of stockouts."""

from datetime import date

import numpy as np
import pytest

from forecasting.engine import Config, ConfigError, Panel, PanelError, State, forecast

MONDAY = date(2025, 1, 6)


def panel_of(demand, **others):
    return Panel(np.asarray(demand, dtype=np.float32), MONDAY, **others)


@pytest.fixture(scope="module")
def mixed():
    rng = np.random.default_rng(1)
    rate = np.array([0.05, 0.5, 3.0, 40.0, 900.0])[:, None]
    return panel_of(rng.poisson(rate * rng.gamma(2.0, 0.5, (5, 200))))


def test_quantiles_are_ordered_whole_and_never_negative(mixed):
    found = forecast(mixed, Config(horizon_days=28))
    sums = found.sum_quantiles
    assert (np.diff(sums, axis=2) >= 0).all() and (np.diff(sums, axis=1) >= 0).all() and (sums >= 0).all()
    assert (sums == np.rint(sums)).all()
    assert found.mean.shape == (5, 28) and found.grid == (1, 2, 3, 5, 7, 10, 14, 21, 28)


def test_fractions_stay_fractions(mixed):
    found = forecast(panel_of(mixed.demand * 0.1), Config(horizon_days=7))
    assert (found.sum_quantiles != np.rint(found.sum_quantiles)).any()


def test_constant_demand_is_forecast_as_itself():
    found = forecast(panel_of(np.full((1, 100), 4.0)), Config(horizon_days=10))
    np.testing.assert_allclose(found.mean, 4.0, rtol=1e-5)
    assert found.sum_quantiles[0, found.grid.index(5), found.levels.index(0.5)] == 20


def test_never_sold_means_zero():
    found = forecast(panel_of(np.zeros((1, 100))))
    assert found.state[0] == State.OK and found.mean.max() == 0 and found.sum_quantiles.max() == 0


def test_week_profile_is_found():
    week = np.array([1, 1, 1, 1, 1, 8, 8], dtype=float)
    found = forecast(panel_of(np.tile(week, (1, 26))), Config(horizon_days=7))
    assert found.mean[0, 5] > 4 * found.mean[0, 0]


def test_one_point_is_not_enough():
    found = forecast(panel_of([[3.0]]))
    assert found.state[0] == State.NOT_ENOUGH_DATA and np.isnan(found.sum_quantiles).all()
    assert "Not enough" in found.reason(0)


def test_everything_out_of_stock_is_not_enough():
    share = np.zeros((1, 100), np.float32)
    found = forecast(panel_of(np.zeros((1, 100)), in_stock_share=share))
    assert found.state[0] == State.NOT_ENOUGH_DATA and found.recovered_units[0] == 0


def test_no_series_at_all():
    assert forecast(panel_of(np.zeros((0, 50)))).mean.shape == (0, 28)


@pytest.mark.parametrize(("bad", "words"), [(np.nan, "series 1, day 2"), (-1.0, "0 or more")])
def test_bad_demand_is_refused_by_place(bad, words):
    demand = np.zeros((2, 5), np.float32)
    demand[1, 2] = bad
    with pytest.raises(PanelError, match=words):
        panel_of(demand)


def test_share_above_one_is_refused():
    with pytest.raises(PanelError, match="from 0 to 1"):
        panel_of(np.zeros((1, 3)), in_stock_share=np.full((1, 3), 1.5, np.float32))


@pytest.mark.parametrize("levels", [(0.5, 0.4), (0.0, 0.5), ()])
def test_bad_levels_are_refused(levels):
    with pytest.raises(ConfigError, match="levels"):
        Config(levels=levels)
