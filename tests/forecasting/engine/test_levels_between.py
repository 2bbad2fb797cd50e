"""Quantiles at levels that the global model was not trained on."""

from statistics import NormalDist

import numpy as np
import pytest

from forecasting.engine.boosted.model import TRAINED_LEVELS, between_levels

ASKED = (0.02, 0.1, 0.25, 0.75, 0.9, 0.975, 0.99)


def test_trained_levels_stay_as_they_are():
    found = np.array([[0.1, 0.6, 1.5, 2.9, 4.0], [0.0, 0.0, 0.0, 5.0, 5.1]])
    assert between_levels(found, TRAINED_LEVELS).tolist() == found.tolist()


def test_a_normal_distribution_is_met_at_every_level():
    normal = NormalDist(10, 3)
    found = between_levels(np.array([[normal.inv_cdf(p) for p in TRAINED_LEVELS]]), ASKED)
    np.testing.assert_allclose(found[0], [normal.inv_cdf(p) for p in ASKED], rtol=1e-12)


def test_a_skewed_distribution_is_met_where_a_straight_line_would_lie_above_it():
    """-log(1 - p) is the quantile of an exponential distribution; the line from 0.8 to 0.95 has 2.37 at 0.9."""
    found = between_levels(-np.log(1 - np.array([TRAINED_LEVELS])), (0.9,))
    assert found[0, 0] == pytest.approx(-np.log(0.1), abs=0.01)


def test_no_level_leaves_the_two_trained_ones_beside_it():
    """A parabola through 0, 5 and 5.1 would reach 5.6 between the last two."""
    found = between_levels(np.array([[0.0, 0.0, 5.0, 5.1, 6.0]]), (0.8, 0.9, 0.95))
    assert found[0].tolist() == [5.0, 5.1, 5.1]
    crossed = between_levels(np.array([[0.0, 1.0, 2.0, 1.5, 3.0]]), (0.9,))
    assert 1.5 <= crossed[0, 0] <= 2.0
