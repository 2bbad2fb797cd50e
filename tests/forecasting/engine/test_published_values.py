"""Our kernels against values that others have published or compute: statsmodels, textbooks, hand-made ones."""

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

from forecasting.engine.methods import croston, smoothing, trend, tsb

# Annual oil production in Saudi Arabia, 1996-2007 (Hyndman and Athanasopoulos, Forecasting: principles and practice).
OIL = np.array([446.6565, 454.4733, 455.663, 423.6322, 456.2713, 440.5881, 425.3325, 485.1494, 506.0482, 526.792,
                514.2689, 494.211])  # fmt: skip
WARM = {0.2: 4, 0.5: 1}  # after so many periods the gain is alpha and no longer 1 / (periods + 1)


def end_of(kernel, demand, params, prior, at):
    exposure = np.ones((1, len(demand)))
    found = kernel(demand[None], exposure, np.array([at]), np.array([params]), np.array([float(prior)]))
    return found[0, 0, 0]


@pytest.mark.parametrize("alpha", sorted(WARM))
def test_smoothing_is_that_of_statsmodels(alpha):
    warm = WARM[alpha]
    start = end_of(smoothing.levels, OIL, (alpha, 0, 0), OIL[0], warm)[0]
    theirs = SimpleExpSmoothing(OIL[warm:], initialization_method="known", initial_level=start)
    expected = theirs.fit(smoothing_level=alpha, optimized=False).forecast(1)[0]
    ours = end_of(smoothing.levels, OIL, (alpha, 0, 0), OIL[0], len(OIL))[0]
    assert ours == pytest.approx(expected, rel=1e-9)


def test_smoothing_reaches_the_published_forecast():
    """statsmodels' notebook on exponential smoothing gives 484.8025 for these years with alpha = 0.2."""
    level = OIL[0]
    start = end_of(smoothing.levels, np.full(4, level), (0.2, 0, 0), level, 4)[0]
    shown = np.concatenate([np.full(4, start), OIL])
    assert end_of(smoothing.levels, shown, (0.2, 0, 0), level, len(shown))[0] == pytest.approx(484.8025, abs=5e-5)


@pytest.mark.parametrize("phi", [0.98, 0.8])
def test_damped_trend_is_that_of_statsmodels(phi):
    alpha, beta, warm = 0.5, 0.3, 1
    level, slope = end_of(trend.levels, OIL, (alpha, beta, phi), OIL[0], warm)
    theirs = Holt(
        OIL[warm:], damped_trend=True, initialization_method="known", initial_level=level, initial_trend=slope
    ).fit(smoothing_level=alpha, smoothing_trend=beta, damping_trend=phi, optimized=False)
    level, slope = end_of(trend.levels, OIL, (alpha, beta, phi), OIL[0], len(OIL))
    ours = level + slope * np.cumsum(phi ** np.arange(1, 4))
    np.testing.assert_allclose(ours, theirs.forecast(3), rtol=1e-9)


def test_croston_with_the_correction_by_hand():
    """Sizes 4, 6, 2 after intervals 2, 3, 1: plain means while 1 / events > alpha, and the level is corrected."""
    demand = np.array([0, 4, 0, 0, 6, 2.0])
    found = end_of(croston.levels, demand, (0.1, 0, 0), 1, len(demand))[0]
    assert found == pytest.approx((1 - 0.05) * 4.0 / 2.0, rel=1e-9)


def test_tsb_decays_in_silence_by_hand():
    """Demand of 3 in each of 100 periods, then nothing: the chance falls by the factor 1 - 0.1 a period."""
    demand = np.concatenate([np.full(100, 3.0), np.zeros(5)])
    found = end_of(tsb.levels, demand, (0.1, 0.1, 0), 3, len(demand))[0]
    assert found == pytest.approx(3 * 0.9**5, rel=1e-9)
