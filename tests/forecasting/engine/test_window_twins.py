"""The kernels under the global model's features, and what is learned from promotions, agree with their slow twins."""

import numpy as np
import pytest

from forecasting.engine import exposure, leadtime
from forecasting.engine.boosted import groups, prices, windows

ORIGINS = np.array([0, 9, 40, 60])
LENGTHS = np.array([1, 4, 7])
NOTHING = np.zeros((6, 0), np.float32)


@pytest.fixture
def seen():
    """demand, exposure [6, 60] and promotion [6, 66]."""
    rng = np.random.default_rng(11)
    share = np.where(rng.random((6, 60)) < 0.2, 0.0, rng.uniform(0.3, 1.5, (6, 60)))
    demand = np.where(share > 0, rng.poisson(1.5, (6, 60)), 0).astype(float)
    promotion = (rng.random((6, 66)) * (rng.random((6, 66)) < 0.4)).astype(np.float32)
    return demand, share, promotion


def agree(fast, slow, *arguments):
    np.testing.assert_allclose(fast(*arguments), slow(*arguments), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("promoted", [True, False])
def test_window_sums(seen, promoted):
    demand, share, promotion = seen
    used = promotion if promoted else NOTHING
    agree(windows.window_sums, windows.window_sums_slow, demand, share, used, ORIGINS, LENGTHS)


def test_silence(seen):
    agree(windows.silence, windows.silence_slow, *seen[:2], ORIGINS)


def test_sums_after(seen):
    agree(windows.sums_after, windows.sums_after_slow, seen[0], ORIGINS, LENGTHS)


def test_block_moments(seen):
    agree(windows.block_moments, windows.block_moments_slow, *seen[:2], ORIGINS, LENGTHS, 30)


def test_steps_of_promotion(seen):
    edges = np.array([0.1, 0.5])
    agree(windows.step_sums, windows.step_sums_slow, *seen, ORIGINS, edges, 0.97)
    rates = np.random.default_rng(1).random((6, 4, 3))
    ahead = seen[2].astype(float)[:, :60]
    agree(windows.steps_ahead, windows.steps_ahead_slow, seen[1], ahead, ORIGINS, LENGTHS, edges, rates)


@pytest.mark.parametrize("promoted", [True, False])
def test_group_sums(seen, promoted):
    demand, share, promotion = seen
    group, rate = np.array([0, 1, 0, 2, 2, 1]), np.arange(6.0)
    agree(groups.group_sums, groups.group_sums_slow, demand, share, promotion if promoted else NOTHING, rate, group, 3)


def test_season_sums(seen):
    agree(exposure.season_sums, exposure.season_sums_slow, *seen[:2], 5, 7)


def test_uplift_evidence(seen):
    agree(exposure.uplift_evidence, exposure.uplift_evidence_slow, *seen, ORIGINS)


def test_mixtures_of_intervals():
    rng = np.random.default_rng(2)
    curves, chance = np.cumsum(rng.gamma(1, 2, (5, 3, 4)), axis=2), rng.dirichlet(np.ones(3), 5)
    levels = np.array([0.1, 0.5, 0.9, 0.98])
    wanted = np.array([0.05, 0.4, 0.95, 0.995])
    agree(leadtime.mixture_quantiles, leadtime.mixture_quantiles_slow, curves, chance, levels, wanted)


def test_one_certain_interval_is_read_off_and_lies_where_bisection_ends():
    curves = np.cumsum(np.random.default_rng(3).gamma(1, 2, (5, 3, 4)), axis=2)
    curves[0, 1] = 0.0
    chance = np.tile([0.0, 1.0, 0.0], (5, 1))
    levels, wanted = np.array([0.1, 0.5, 0.9, 0.98]), np.array([0.05, 0.1, 0.4, 0.5, 0.95, 0.98, 0.995])
    found = leadtime.mixture_quantiles(curves, chance, levels, wanted)
    assert found[:, [1, 3, 5]] == pytest.approx(curves[:, 1][:, [0, 1, 3]], abs=1e-12)
    assert found == pytest.approx(leadtime.mixture_quantiles_slow(curves, chance, levels, wanted), rel=2e-6, abs=2e-6)


@pytest.mark.parametrize("lengths", [(7, 28, 42), (1, 4, 13)])
def test_price_marks(lengths):
    steps = np.random.default_rng(13).choice([0.0, 0.1, -0.3], (6, 66), p=[0.7, 0.1, 0.2])
    agree(prices.price_marks, prices.price_marks_slow, np.log(3.0) + steps, ORIGINS, np.array(lengths))
