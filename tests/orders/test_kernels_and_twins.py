"""The fast kernels agree with their slow twins, and with numbers that can be worked out by hand."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.curves import STORED_LEVELS, cumulative, expected_excess, mean_at
from orders.domain.quantity import needs, order_quantities, round_up, to_decimal, to_thousandths
from orders.domain.risk import look_ahead
from orders.domain.whole_packs import in_whole_packs
from tests.orders import twins

LEVELS = np.array(STORED_LEVELS)
curves = st.lists(st.floats(0, 50), min_size=7, max_size=7).map(sorted)
days_of_demand = st.lists(st.floats(0, 9).map(lambda x: round(x, 2)), min_size=7, max_size=12)


@settings(max_examples=15)
@given(curves, st.floats(0, 80))
def test_expected_excess_agrees_with_its_twin(curve, stock):
    fast = expected_excess(np.array([curve]), LEVELS, np.array([stock]))[0]
    if curve[-1] <= 0:
        assert fast == 0
    else:
        assert fast == pytest.approx(twins.excess(curve, STORED_LEVELS, stock, 20_000), abs=0.05, rel=0.02)


@given(curves.filter(lambda c: all(b - a > 1e-6 for a, b in pairwise(c)) and c[0] > 1e-6))
def test_cumulative_inverts_the_quantiles(curve):
    found = [cumulative(np.array([[curve]]), LEVELS, np.array([value]))[0, 0] for value in curve]
    assert found == pytest.approx(STORED_LEVELS, abs=1e-6)


@given(days_of_demand, st.floats(0, 30))
def test_mean_demand_agrees_with_its_twin(mean, days):
    fast = mean_at(np.array([mean]), np.array([[days]]))[0, 0]
    assert fast == pytest.approx(twins.mean_demand(mean, days), abs=1e-6)


@given(days_of_demand, st.integers(0, 100))
def test_cover_agrees_with_its_twin(mean, stock):
    flat = np.zeros((1, len(mean)))
    one = np.ones(1)
    outlook = look_ahead(np.array([float(stock)]), np.array([mean]), flat, np.zeros((1, 7)), one, one)
    slow = twins.cover(float(stock), mean)
    if slow < 9_000 or slow == np.inf:
        assert outlook.cover_days[0] == pytest.approx(slow, rel=1e-6, abs=1e-6)


def test_arrivals_push_the_empty_day_back():
    mean, arrivals = np.full((2, 6), 2.0), np.zeros((2, 6))
    arrivals[1, 1] = 4
    outlook = look_ahead(np.array([3.0, 3.0]), mean, arrivals, np.zeros((2, 7)), np.ones(2), np.ones(2))
    assert outlook.out_after.tolist() == [1, 3]


@given(st.integers(0, 500), st.integers(0, 60), st.integers(1, 24))
def test_packs_agree_with_their_twin_and_never_exceed_the_need_by_a_pack(need, minimum, pack):
    as_array = [np.array([value * 1000]) for value in (need, minimum, pack)]
    fast = to_decimal(order_quantities(*as_array)[0])
    assert fast == twins.order_quantity(need, minimum, pack)
    if need:
        assert fast == in_whole_packs(Decimal(need), Decimal(minimum), Decimal(pack))
        assert max(need, minimum) <= fast < max(need, minimum) + pack
    else:
        assert fast == 0


@pytest.mark.parametrize(
    ("position", "need"), [("-3", 27), ("9.999", 14), ("10", 14), ("10.001", 0), ("24", 0), ("99", 0)]
)
def test_a_need_begins_at_the_reorder_point(position, need):
    found = needs(to_thousandths([Decimal(position)]), np.array([10_000]), np.array([24_000]), np.array([True]))
    assert to_decimal(found[0]).to_integral_value() == need


def test_without_demand_there_is_no_need():
    assert needs(np.array([-5_000]), np.array([0]), np.array([0]), np.array([False])).tolist() == [0]


@pytest.mark.parametrize(
    ("units", "step", "thousandths"),
    [(2.0, 1000, 2000), (2.0000000001, 1000, 2000), (2.01, 1000, 3000), (0.1234, 1, 124)],
)
def test_floats_become_units_in_one_place(units, step, thousandths):
    assert round_up(np.array([units]), np.array([step])).tolist() == [thousandths]
