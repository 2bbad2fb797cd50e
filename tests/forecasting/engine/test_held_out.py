"""What windows that a model has not seen say about its quantiles."""

import numpy as np
import pytest

from forecasting.engine.boosted.held_out import Held, learn_correction, no_correction
from forecasting.engine.spread import normal_quantiles

LEVELS = (0.05, 0.5, 0.9, 0.98)
MANY = np.array([1000.0])


def held(spread, said, n=20_000, off=0.0):
    """Outcomes of standard deviation `spread` around 100 + off, of which the model says `said` around 100."""
    rng = np.random.default_rng(5)
    total = 100 + off + spread * rng.normal(size=n)
    rest = np.tile(said * normal_quantiles(LEVELS), (n, 1))
    ones = np.ones(n)
    counted = np.zeros(n, dtype=bool)
    return Held(
        total, 100 * ones, ones, 0.01 * ones, np.zeros(n, np.int64), counted, rest, 100 * ones, said**2 / 100 * ones
    )


def test_quantiles_that_cover_too_little_are_moved_up():
    shift = learn_correction(held(spread=1.2, said=1.0), LEVELS, MANY).shift[0]
    assert shift[2] == pytest.approx(0.2 * 1.2816, abs=0.05) and shift[3] > shift[2]


def test_high_quantiles_are_never_moved_down_and_others_not_at_all():
    shift = learn_correction(held(spread=0.5, said=1.0), LEVELS, MANY).shift[0]
    assert shift.tolist() == [0, 0, 0, 0]


def test_demand_that_lay_higher_or_lower_than_said_moves_nothing():
    for off in (0.3, -0.3):
        assert np.abs(learn_correction(held(1.0, 1.0, off=off), LEVELS, MANY).shift[0]).max() < 0.05


def test_a_spread_too_narrow_is_seen_whether_demand_lay_higher_or_lower():
    level, higher, lower = (learn_correction(held(1.2, 1.0, off=off), LEVELS, MANY).shift[0] for off in (0, 0.2, -0.2))
    assert higher == pytest.approx(level, abs=0.05) and lower == pytest.approx(level, abs=0.05)


def test_a_median_of_slow_movers_that_sell_nothing_is_right_and_hides_no_spread_too_narrow():
    rng = np.random.default_rng(6)
    n = 20_000
    ones = np.ones(n)
    total = rng.negative_binomial(0.1, 0.1 / 0.6, n).astype(np.float64)  # 84% zeros, up to 15
    rest = np.tile(np.array([0.0, 0.0, 1.0, 2.0]) - 0.5, (n, 1))
    shown = Held(total, 0.5 * ones, ones, ones, np.zeros(n, np.int64), ones > 0, rest, 0.5 * ones, ones)
    assert learn_correction(shown, LEVELS, MANY).shift[0, 3] == pytest.approx(0.6, abs=0.01)


def test_few_windows_move_little():
    few, many = (learn_correction(held(spread=1.2, said=1.0), LEVELS, n).shift[0, 2] for n in (np.array([2.0]), MANY))
    assert 0.05 < few < 0.7 * many


def test_too_few_examples_change_nothing():
    found = learn_correction(held(spread=3.0, said=1.0, n=100), LEVELS, MANY)
    usual = no_correction(1, len(LEVELS))
    assert found.shift.tolist() == usual.shift.tolist() and found.blend.tolist() == usual.blend.tolist()
