"""Each fast kernel agrees with its slow, readable twin."""

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from forecasting.engine import choice, exposure, spread
from forecasting.engine.methods.registry import KERNELS, PARAMS, SLOW_TWINS
from forecasting.engine.spread import normal_quantiles

LEVELS = (0.05, 0.5, 0.9, 0.99)


@pytest.fixture
def history():
    rng = np.random.default_rng(3)
    demand = rng.poisson(rng.gamma(1.0, 1.5, (5, 80))).astype(float)
    seen = np.where(rng.random((5, 80)) < 0.15, 0.0, rng.uniform(0.3, 1.6, (5, 80)))
    demand[4] = 0.0
    return np.where(seen > 0, demand, 0.0), seen


@pytest.mark.parametrize("frequency", ["D", "W", "M"])
@pytest.mark.parametrize("method", sorted(KERNELS))
def test_levels_of_each_method(history, method, frequency):
    demand, seen = history
    params = np.array(PARAMS[frequency][method], dtype=float)
    args = (demand, seen, np.array([0, 1, 17, 80]), params, np.array([0.0, 0.4, 1.0, 3.0, 0.2]))
    np.testing.assert_allclose(KERNELS[method](*args), SLOW_TWINS[method](*args), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("mean", "ratio"), [(0.2, 1.0), (3.0, 1.0), (3.0, 2.5), (80.0, 6.0), (0.01, 40.0), (900.0, 3.0)]
)
def test_count_quantiles(mean, ratio):
    args = np.array([mean]), np.array([ratio]), np.array(LEVELS)
    fast = spread.count_quantiles(*args, normal_quantiles(LEVELS))
    np.testing.assert_allclose(fast, spread.count_quantiles_slow(*args), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("mean", "ratio"), [(0.2, 1.0), (3.0, 1.0), (3.0, 2.5), (80.0, 6.0)])
def test_whole_count_quantiles_are_those_of_scipy(mean, ratio):
    fast = spread.count_quantiles(np.array([mean]), np.array([ratio]), np.array(LEVELS), normal_quantiles(LEVELS))
    known = poisson(mean) if ratio == 1 else nbinom(mean / (ratio - 1), 1 / ratio)
    assert np.ceil(fast[0] - 0.5).tolist() == known.ppf(LEVELS).tolist()


def test_exposure(history):
    _, seen = history
    rng = np.random.default_rng(4)
    season, promotion = rng.uniform(0.5, 1.5, (5, 7)), rng.random((5, 90)).astype(np.float32)
    args = np.minimum(seen, 1.0), season, promotion, np.array([0.0, 1.0, 5.0, -0.5, 2.0]), np.ones(90)
    np.testing.assert_allclose(exposure.past_exposure(*args), exposure.past_exposure_slow(*args), rtol=1e-9)


def test_candidate_losses():
    rng = np.random.default_rng(5)
    expected, total = rng.gamma(2.0, 3.0, (4, 6, 3)), rng.poisson(6.0, (4, 6)).astype(float)
    weight = (rng.random((4, 6)) < 0.7).astype(float)
    weight[3] = 0.0
    p = np.array(LEVELS)
    args = expected, total, weight, np.array([0.5, 1.0, 2.0, 9.0]), p, normal_quantiles(LEVELS)
    np.testing.assert_allclose(choice.candidate_losses(*args), choice.candidate_losses_slow(*args), rtol=1e-9)


def test_whole_leans_down_only_in_the_upper_tail():
    smooth = np.array([[3.6, 3.6], [3.6, 3.8]])
    assert spread.whole(smooth, (0.8, 0.9)).tolist() == [[4.0, 4.0], [4.0, 4.0]]
    assert spread.whole(np.array([[2.0, 3.6, 3.8]]), (0.5, 0.9, 0.95)).tolist() == [[2.0, 3.0, 4.0]]
