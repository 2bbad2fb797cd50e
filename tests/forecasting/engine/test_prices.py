"""Prices of the past and those known ahead, as the global model sees and uses them."""

from datetime import date

import numpy as np
import pytest

from forecasting.engine import Config, Panel, forecast
from forecasting.engine.boosted.prices import PRICE_COLUMNS, price_columns, price_marks
from forecasting.engine.boosted.training import Training, train

MONDAY = date(2025, 1, 6)
HORIZONS = np.array([7, 14])


def panel_of(price, days=91):
    price = np.asarray(price, np.float32)
    return Panel(np.ones((len(price), days), np.float32), MONDAY, price=price)


def test_the_marks_of_a_price_cut_by_half_for_the_last_week():
    price = np.log(np.r_[np.full(84, 4.0), np.full(7, 2.0)])[None]
    marks = price_marks(price, np.array([91]), np.array([7, 28, 91]))[0, 0] / np.log(2)
    # Thirteen weeks, the last at half: the means lie 1, 1/4 and 1/13 of a halving under the full price.
    expected = np.array([-12 / 13, -12 / 13, -1 / 4 + 1 / 13, -1, -1 / 4, -1, (1 / 13) / np.log(2)])
    np.testing.assert_allclose(marks, expected, atol=1e-12)


def test_one_slip_upwards_is_not_the_full_price():
    price = np.full(91, 2.0)
    price[-8] = 200.0
    assert price_marks(np.log(price)[None], np.array([91]), np.array([7, 28, 91]))[0, 0, 3] == 0


def test_a_price_that_never_changes_tells_what_no_price_tells():
    never, none = panel_of(np.full((1, 91), 3.0)), Panel(np.ones((1, 91), np.float32), MONDAY)
    origins = np.array([0, 30, 91])
    for panel in (never, none):
        columns = price_columns(panel, origins, HORIZONS)
        assert len(columns) == PRICE_COLUMNS
        np.testing.assert_allclose(np.concatenate([c.ravel() for c in columns]), 0, atol=1e-12)


def test_prices_after_an_origin_change_nothing_unless_they_are_known_ahead():
    low = np.r_[np.full(91, 3.0), np.full(14, 1.5)][None]
    known, not_known = (price_columns(panel_of(p), np.array([91]), HORIZONS) for p in (low, low[:, :91]))
    assert [float(c.ravel()[-1]) for c in not_known] == [0.0] * PRICE_COLUMNS
    # Half the usual price and half the full one, on all days ahead.
    np.testing.assert_allclose([c.ravel()[-1] for c in known[-2:]], -np.log(2), atol=1e-6)


@pytest.fixture(scope="module")
def dear_and_cheap():
    """Demand [60, 140] that trebles in the weeks when the price [60, 140] is halved."""
    rng = np.random.default_rng(17)
    price = np.where(rng.random((60, 20)) < 0.25, 2.0, 4.0).repeat(7, axis=1).astype(np.float32)
    rate = np.exp(rng.normal(0.5, 1.0, (60, 1))) * np.where(price < 3, 3.0, 1.0)
    return rng.poisson(rate).astype(np.float32), price


def test_a_low_price_known_ahead_raises_the_forecast(dear_and_cheap):
    demand, price = dear_and_cheap
    config = Config(horizon_days=14)
    sums = []
    taught = train(Panel(demand[:, :126], MONDAY, price=price), config, Training(rows=6_000, rounds=12))
    for ahead in (4.0, 2.0):
        shown = np.hstack([price[:, :126], np.full((60, 14), ahead, np.float32)])
        sums.append(forecast(Panel(demand[:, :126], MONDAY, price=shown), config, model=taught).mean.sum())
    assert sums[1] > 1.5 * sums[0]
