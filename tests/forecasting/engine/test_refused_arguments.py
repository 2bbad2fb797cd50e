"""What a caller of the engine gets wrong is refused in words that name it, never by an accident of arrays."""

from datetime import date

import numpy as np
import pytest

from forecasting.engine import Config, Panel, choose, forecast, lead_time_quantiles
from forecasting.engine.errors import ConfigError, PanelError

DEMAND = np.random.default_rng(1).poisson(3, (4, 60)).astype(np.float32)
WEEK = Config(horizon_days=7)


def panel(rows=4):
    return Panel(DEMAND[:rows], start=date(2026, 9, 1))


@pytest.fixture(scope="module")
def found():
    """(choice, forecast) of four series over a week."""
    choice = choose(panel(), WEEK)
    return choice, forecast(panel(), WEEK, choice)


def test_a_choice_of_other_series_is_refused(found):
    with pytest.raises(PanelError, match="of 4 series, the panel has 2"):
        forecast(panel(2), WEEK, found[0])
    assert forecast(panel(2), WEEK, found[0].rows(slice(2))).mean.shape == (2, 7)


def test_a_choice_of_other_sums_is_refused(found):
    with pytest.raises(ConfigError, match="choose anew"):
        forecast(panel(), Config(horizon_days=14), found[0])


@pytest.mark.parametrize("horizon", [0, -3, 2.5, "7", None])
def test_a_horizon_that_is_no_number_of_periods_is_refused(horizon):
    with pytest.raises(ConfigError, match="whole number of at least 1"):
        Config(horizon_days=horizon)


def test_a_start_that_is_text_is_refused():
    with pytest.raises(PanelError, match=r"datetime\.date"):
        Panel(DEMAND, start="2026-09-01")


@pytest.mark.parametrize("intervals", [np.array([3, 5]), np.ones((2, 3)), np.ones((4, 1, 1))])
def test_intervals_of_another_number_of_series_are_refused(found, intervals):
    with pytest.raises(ValueError, match="one row per series"):
        lead_time_quantiles(found[1], intervals)


def test_weights_that_fit_no_interval_are_refused(found):
    with pytest.raises(ValueError, match="one of each interval"):
        lead_time_quantiles(found[1], np.array([[3, 5]] * 4), weights=np.array([0.5, 0.3, 0.2]))


@pytest.mark.parametrize("intervals", [5, np.array([5, 5, 5, 5]), np.array([[5, 5]] * 4)])
def test_one_interval_is_given_in_three_ways(found, intervals):
    assert (lead_time_quantiles(found[1], intervals) == lead_time_quantiles(found[1], 5.0)).all()
