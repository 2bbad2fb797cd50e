"""The season of the year that all series share: from the third year on, believed as far as the years agree."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.engine import Config, Panel, forecast
from forecasting.engine.exposure import observed, stock_share
from forecasting.engine.year import PARTS, shared_season, year_factor

START = date(2023, 1, 2)


def late(start, weeks):
    """bool [weeks]: those that begin from the 337th day of a year on."""
    return np.array([(start + timedelta(weeks=w)).timetuple().tm_yday >= 337 for w in range(weeks)])


def weekly(years=2.75, peak=3.0, seed=1, start=START, trend=0.0):
    """Thirty series that sell `peak` times as much in the last four weeks of the year."""
    weeks = round(52 * years)
    mean = 20 * np.where(late(start, weeks), peak, 1.0) * np.exp(trend * np.arange(weeks) / 52)
    return Panel(np.random.default_rng(seed).poisson(mean, (30, weeks)).astype(np.float32), start, "W")


def factor_of(panel):
    share = stock_share(panel)
    return year_factor(panel, share, observed(panel, share))


def test_what_all_years_had_in_common_is_expected_again():
    panel = weekly()
    factor = factor_of(panel)
    ahead = np.arange(len(factor)) >= panel.n_days
    peak_weeks = late(START, len(factor))
    assert len(factor) == panel.n_days + 52
    assert factor[ahead & peak_weeks].mean() / factor[ahead & ~peak_weeks].mean() == pytest.approx(3.0, rel=0.1)


def test_the_forecast_before_the_peak_sees_it_coming():
    found = forecast(weekly(years=3).until(150), Config(horizon_days=6)).mean.mean(axis=0)
    peak_weeks = late(START, 156)[150:]
    assert peak_weeks.any() and found[peak_weeks].min() > 50 and found[~peak_weeks].max() < 25


def test_before_the_third_year_nothing_is_said_of_it():
    assert (factor_of(weekly(years=1.98)) == 1).all()


def test_months_and_panels_that_sell_next_to_nothing_have_none():
    months = Panel(np.full((30, 60), 50, np.float32), START, "M")
    rare = weekly()
    rare.demand[:] = 0
    rare.demand[:, ::10] = 1
    assert (factor_of(months) == 1).all() and (factor_of(rare) == 1).all()


def test_what_one_year_had_alone_is_not_expected_again():
    index = np.random.default_rng(2).normal(0, 0.3, (2, PARTS))
    assert np.abs(shared_season(index, 1)).max() < 0.15


def test_growth_is_no_season():
    factor = factor_of(weekly(peak=1.0, trend=0.4))
    assert factor.min() > 0.9 and factor.max() < 1.1


def test_weeks_out_of_stock_everywhere_do_not_count():
    panel = weekly()
    share = np.ones(panel.demand.shape, np.float32)
    share[:, 30:36] = 0
    panel.demand[:, 30:36] = 0
    closed = Panel(panel.demand, START, "W", in_stock_share=share)
    assert factor_of(closed)[52 + 30 : 52 + 36] == pytest.approx(1, abs=0.3)


def test_days_have_the_season_of_their_week():
    days = Panel(np.repeat(weekly(years=3).demand, 7, axis=1), START)
    factor = factor_of(days)
    of_year = np.array([(START + timedelta(days=d)).timetuple().tm_yday for d in range(len(factor))])
    assert len(factor) == days.n_days + 365
    assert factor[of_year > 345].mean() / factor[of_year < 330].mean() == pytest.approx(3, rel=0.2)


def test_the_past_does_not_see_the_future():
    panel = weekly()
    changed = Panel(panel.demand.copy(), START, "W")
    changed.demand[:, 130:] *= 5
    np.testing.assert_array_equal(factor_of(panel.until(130)), factor_of(changed.until(130)))
