"""An order that can wait for a night on which demand may have fallen: a slow twin, exact values, and what it does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from orders.domain.economic import Costs, economic_points
from orders.domain.economic_kernels import at, chances_of, latest_point, position_costs
from orders.domain.waiting import LEAST_SHARE, NIGHTS, later_pace, look_ahead

LEVELS = np.array((0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99))
CHANCES = chances_of(LEVELS)
INTERVAL = np.array([8.0])
DAILY = np.ones(1)


def tables(mean: float, holding: float, lost: float) -> tuple[np.ndarray, np.ndarray]:
    """Costs of a day at the positions 0 .. 79 by its units and by its empty shelf, for Poisson demand."""
    end, eve = (stats.poisson.cdf(np.arange(80), mean * part) for part in (1.0, 0.9))
    return position_costs(end, eve, holding, 0.0, lost), position_costs(end, eve, 0.0, 1.0, 0.0)


def day_cost(growing: np.ndarray, empty: np.ndarray, slope: float, position: float, share: float) -> float:
    return share * at(growing, position / share, slope) + at(empty, position / share, 0.0)


def worth_of_tonight(growing, empty, slope, position, lot, courses, passed, share) -> float:
    """What waiting costs more than ordering tonight, all nights priced one by one and the best night taken of each
    course, which shows itself after tonight."""
    waiting = tonight = 0.0
    for course, chance in zip(courses, CHANCES, strict=True):
        places = [position - gone * course for gone in passed]
        without = [day_cost(growing, empty, slope, p, s) for p, s in zip(places, share, strict=True)]
        with_lot = [day_cost(growing, empty, slope, p + lot, s) for p, s in zip(places, share, strict=True)]
        ordered_on = [sum(without[:night]) + sum(with_lot[night:]) for night in range(len(passed) + 1)]
        tonight += chance * ordered_on[0]
        waiting += chance * min(ordered_on[1:])
    return waiting - tonight


@settings(max_examples=40)
@given(
    st.floats(1, 20), st.floats(0.001, 0.05), st.floats(0, 1), st.integers(1, 12), st.floats(0.05, 1.5),
    st.floats(0.1, 1.2),
)  # fmt: skip
def test_the_point_agrees_with_its_slow_twin(mean, holding, lost, lot, pace, left):
    growing, empty = tables(mean, holding, lost)
    courses = stats.norm.ppf(LEVELS, 1.0, 0.3)
    passed = pace * np.arange(NIGHTS)
    share = np.linspace(1.0, left, NIGHTS)
    found = latest_point(30, lot, growing, empty, holding, courses, CHANCES, passed, share)
    for position in range(30, max(found, 0) - 1, -1):
        worth = worth_of_tonight(growing, empty, holding, position, lot, courses, passed, share)
        assert worth >= -1e-9 if position == found else worth <= 1e-9


def point_and_lot(mean: np.ndarray | None, holding: float = 0.05, order_line: float = 0.0) -> tuple[float, float]:
    """For 40 units expected in 8 days, and `mean` units on each of the days ahead."""
    one = np.ones(1)
    curve = stats.norm.ppf(LEVELS, 40, 10)[None]
    costs = Costs(holding * one, one, 0 * one, order_line * one)
    ahead = None if mean is None else look_ahead(mean[None], INTERVAL, DAILY)
    found = economic_points(curve, curve * 0.9, LEVELS, costs, 5 * one, 6 * one, one, 300 * one, ahead)
    return float(found.reorder_point[0]), float(found.lot[0])


def days(*spans: tuple[int, float]) -> np.ndarray:
    return np.concatenate([np.full(count, units) for count, units in spans])


@pytest.mark.parametrize("mean", [days((28, 5.0)), days((8, 5.0), (20, 9.0))])
@pytest.mark.parametrize("order_line", [0.0, 3.0])
def test_where_demand_goes_on_or_grows_nothing_waits(mean, order_line):
    assert point_and_lot(mean, order_line=order_line) == point_and_lot(None, order_line=order_line)


def test_where_demand_falls_orders_wait_and_the_more_the_deeper_it_falls():
    steady, halved, gone = (point_and_lot(days((6, 5.0), (22, units)))[0] for units in (5.0, 2.0, 0.2))
    assert steady > halved > gone


def test_cheap_goods_wait_less_than_dear_ones():
    falling = days((6, 5.0), (22, 1.0))
    cheap, dear = (point_and_lot(None, holding)[0] - point_and_lot(falling, holding)[0] for holding in (0.0001, 0.05))
    assert 0 <= cheap < dear


def test_the_lot_is_left_as_it_is():
    assert point_and_lot(days((6, 5.0), (22, 1.0)), order_line=3.0)[1] == point_and_lot(None, order_line=3.0)[1]


def test_the_nights_ahead_are_read_off_the_expected_days():
    found = look_ahead(days((8, 4.0), (20, 1.0))[None], INTERVAL, DAILY)
    assert found.passed[0] == pytest.approx([4 * min(k, 8) + max(k - 8, 0) for k in range(NIGHTS)])
    assert found.share[0] == pytest.approx([(4 * max(8 - k, 0) + min(k, 8)) / 32 for k in range(NIGHTS)])


def test_where_orders_go_out_weekly_the_next_night_is_a_week_away():
    found = look_ahead(days((8, 4.0), (20, 1.0))[None], np.array([14.0]), np.array([7.0]))
    assert found.passed[0, :4] == pytest.approx([0, 28, 38, 45])
    assert found.share[0, :3] == pytest.approx([1, 17 / 38, 14 / 38])


def test_nothing_expected_leaves_the_share_whole_and_an_end_leaves_a_little():
    assert look_ahead(np.zeros((1, 28)), INTERVAL, DAILY).share[0] == pytest.approx(np.ones(NIGHTS))
    assert look_ahead(days((8, 4.0), (20, 0.0))[None], INTERVAL, DAILY).share[0, -1] == LEAST_SHARE


@pytest.mark.parametrize(("interval", "pace"), [(8.0, 1.0), (4.0, (4 * 4 + 20) / 24), (30.0, 1.0)])
def test_the_later_pace_is_that_of_the_days_after_the_interval(interval, pace):
    assert later_pace(days((8, 4.0), (20, 1.0))[None], np.array([interval])) == pytest.approx(pace)


def test_a_short_outlook_gives_its_last_week():
    assert later_pace(days((3, 4.0), (7, 1.0))[None], INTERVAL) == pytest.approx(1.0)
    assert later_pace(days((4, 3.0))[None], INTERVAL) == pytest.approx(3.0)
