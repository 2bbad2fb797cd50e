"""What an override makes of a forecast: pure arithmetic on arrays small enough to check by eye."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.domain.overrides import NOBODY, Override, Series, lifted, ruling

DAY = date(2026, 3, 10)
GRID = (1, 2, 4)


def override(number, factor, sku=None, category=None, location=None, first=0, last=3):
    return Override(number, sku, category, location, DAY + timedelta(first), DAY + timedelta(last), factor)


# SKU 1 and 2 of category 7, SKU 3 of none; all at location 5.
SERIES = Series(np.array([1, 2, 3]), np.array([7, 7, 0]), np.array([5, 5, 5]))


def test_nobody_has_an_opinion():
    factors, rulers = ruling([], SERIES, DAY, 4)
    assert (factors == 1).all() and (rulers == NOBODY).all()


def test_days_outside_the_period_stay():
    factors, _rulers = ruling([override(1, 2.0, sku=1, first=1, last=2)], SERIES, DAY, 4)
    assert factors.tolist() == [[1, 2, 2, 1], [1] * 4, [1] * 4]


def test_a_period_that_began_before_and_ends_after():
    factors, _rulers = ruling([override(1, 2.0, category=7, first=-5, last=9)], SERIES, DAY, 2)
    assert factors.tolist() == [[2, 2], [2, 2], [1, 1]]


@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_one_rules_alone(order):
    opinions = [
        override(4, 1.1, location=5), override(3, 1.2, category=7), override(2, 1.3, category=7, location=5),
        override(1, 1.4, sku=1),
    ][::order]  # fmt: skip
    factors, rulers = ruling(opinions, SERIES, DAY, 1)
    assert factors[:, 0].tolist() == [1.4, 1.3, 1.1]
    assert rulers[:, 0].tolist() == [1, 2, 4]


def test_of_two_equally_specific_ones_the_newer_rules():
    _factors, rulers = ruling([override(9, 1.1, sku=1), override(8, 1.2, sku=1)], SERIES, DAY, 1)
    assert rulers[0, 0] == 9


def test_another_location_is_not_touched():
    factors, _rulers = ruling([override(1, 2.0, sku=1, location=6)], SERIES, DAY, 1)
    assert (factors == 1).all()


def lift(factors, mean=(2.0, 2.0, 2.0, 2.0), quantiles=((1, 3), (2, 6), (5, 11)), integer=True):
    mean, quantiles = np.array([mean], np.float32), np.array([quantiles], np.float32)
    return lifted(mean, quantiles, GRID, np.array([factors], np.float64), np.array([integer]))


def test_distances_from_the_mean_grow_by_the_root():
    # Four times the demand: the median part 2 becomes 8, a distance of 1 becomes 2.
    mean, quantiles = lift([4.0] * 4)
    assert mean.tolist() == [[8.0] * 4]
    assert quantiles.tolist() == [[[6, 10], [12, 20], [26, 38]]]


def test_sums_that_end_before_the_period_keep_their_numbers():
    _mean, quantiles = lift([1.0, 1.0, 2.0, 2.0], integer=False)
    assert quantiles[0, :2].tolist() == [[1, 3], [2, 6]]
    assert quantiles[0, 2].tolist() == pytest.approx([12 - 3 * 1.5**0.5, 12 + 3 * 1.5**0.5])


def test_nothing_will_sell():
    mean, quantiles = lift([0.0] * 4)
    assert mean.tolist() == [[0.0] * 4] and (quantiles == 0).all()


def test_sums_never_fall_with_their_length():
    _mean, quantiles = lift([9.0, 0.0, 0.0, 0.0])
    assert (np.diff(quantiles, axis=1) >= 0).all() and (np.diff(quantiles, axis=2) >= 0).all()


def test_a_series_without_a_forecast_stays_without():
    mean, quantiles = lift([2.0] * 4, mean=[np.nan] * 4, quantiles=[[np.nan] * 2] * 3)
    assert np.isnan(mean).all() and np.isnan(quantiles).all()
