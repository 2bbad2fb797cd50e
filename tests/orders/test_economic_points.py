"""The cheapest reorder point and lot: exact results, a slow twin, and what each cost does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from stockpyl.rq import r_q_poisson_exact

from orders.domain.economic import Costs, economic_points
from orders.domain.economic_kernels import best_window, chances_below, position_costs

LEVELS = np.array((0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99))


def poisson_below(mean: float, count: int) -> np.ndarray:
    return stats.poisson.cdf(np.arange(count), mean)


@pytest.mark.parametrize(("holding", "stockout", "fixed", "daily", "lead"), [
    (20, 150, 100, 1.5, 2), (1, 9, 5, 4, 3), (0.5, 40, 0.01, 2, 7),
])  # fmt: skip
def test_the_window_is_the_exact_one_for_poisson_demand(holding, stockout, fixed, daily, lead):
    until = poisson_below(daily * lead, 400)
    costs = position_costs(until, np.ones(400), holding, 0.0, stockout)
    first, length = best_window(costs, fixed * daily, 1, 400)
    point, lot, _cost = r_q_poisson_exact(holding, stockout, fixed, daily, lead)
    assert (first - 1, length) == (point, lot)


def slow_window(daily: list[float], ordering: float, pack: int) -> float:
    """The least average over every window that is a whole number of packs."""
    return min(
        (ordering + sum(daily[first : first + length])) / length
        for length in range(pack, len(daily) + 1, pack)
        for first in range(len(daily) - length + 1)
    )


@settings(max_examples=60)
@given(st.floats(0.3, 8), st.floats(0.01, 2), st.floats(0, 5), st.floats(0.1, 20), st.floats(0, 20), st.integers(1, 6))
def test_the_window_agrees_with_its_slow_twin(mean, holding, empty, lost, ordering, pack):
    costs = position_costs(poisson_below(mean, 60), poisson_below(mean * 0.8, 60), holding, empty, lost)
    first, length = best_window(costs, ordering, pack, 60)
    fast = (ordering + costs[first : first + length].sum()) / length
    assert length % pack == 0
    assert fast == pytest.approx(slow_window(costs.tolist(), ordering, pack), rel=0.05 if empty else 1e-9)


def test_costs_of_a_position_are_those_of_the_definition():
    chance = stats.poisson.pmf(np.arange(80), 3.0)
    found = position_costs(poisson_below(3.0, 80), poisson_below(2.0, 80), 0.5, 4.0, 7.0)
    left = sum(p * max(5 - d, 0) for d, p in enumerate(chance))
    short = sum(p * max(d - 5, 0) for d, p in enumerate(chance))
    eve = sum(p * max(d - 5, 0) for d, p in enumerate(stats.poisson.pmf(np.arange(80), 2.0)))
    assert found[5] == pytest.approx(0.5 * left + 4.0 * chance[5:].sum() + 7.0 * (short - eve), abs=1e-9)


def points(**change: float) -> tuple[float, float]:
    given_costs = {"holding": 0.01, "empty_day": 1.0, "lost_unit": 0.0, "order_line": 0.0} | change
    end = stats.norm.ppf(LEVELS, 40, 10)[None]
    eve = stats.norm.ppf(LEVELS, 35, 9)[None]
    costs = Costs(**{name: np.array([value]) for name, value in given_costs.items()})
    one = np.ones(1)
    found = economic_points(end, eve, LEVELS, costs, 5 * one, 6 * one, one, 300 * one)
    return float(found.reorder_point[0]), float(found.lot[0])


def test_dearer_goods_get_less_cover_and_dearer_orders_larger_lots():
    point, lot = points()
    assert lot == 6
    assert points(holding=0.1)[0] < point
    assert points(empty_day=3.0)[0] > point
    assert points(order_line=2.0)[1] > lot
    assert points(lost_unit=1.0)[0] > point


def test_what_spoils_caps_the_lot_but_never_under_a_pack():
    one = np.ones(1)
    curve = stats.norm.ppf(LEVELS, 40, 10)[None]
    costs = Costs(0.01 * one, one, 0 * one, 50 * one)
    for most, expected in ((30.0, 30), (2.0, 6)):
        found = economic_points(curve, curve * 0.9, LEVELS, costs, 5 * one, 6 * one, one, most * one)
        assert found.lot[0] == expected


def test_the_level_makes_one_lot_at_the_reorder_point_and_is_not_passed_by_a_pack():
    one = np.ones(1)
    curve = stats.norm.ppf(LEVELS, 40, 10)[None]
    costs = Costs(0.01 * one, one, 0 * one, 5 * one)
    found = economic_points(curve, curve * 0.9, LEVELS, costs, 5 * one, 6 * one, one, 300 * one)
    level = found.order_up_to(6 * one, one)
    assert np.ceil((level - found.reorder_point) / 6) * 6 == found.lot


def test_nothing_asked_for_needs_no_stock():
    one, curve = np.ones(1), np.zeros((1, 7))
    found = economic_points(curve, curve, LEVELS, Costs(one, one, one, one), 0 * one, one, one, 60 * one)
    assert found.reorder_point[0] <= 0


def test_chances_meet_the_quantiles_and_leave_an_exponential_tail():
    found = chances_below(np.array([1.5, 3.5, 5.5, 7.5, 9.5, 10.5, 12.5]), LEVELS, 1.0, 30)
    assert found[[1, 3, 5, 7, 9, 10, 12]] == pytest.approx(LEVELS)
    assert 1 - found[14] == pytest.approx((1 - found[13]) ** 2 / (1 - found[12]))
