"""What waiting, express and a move cost, by numbers that can be checked by hand.

Demand is 2 a day with hardly any doubt: all quantiles of a sum are the same c. Under the lowest one, 10 %, the
distribution falls straight to 0, so the expected units beyond a stock s < c are 0.1 (c - s)^2 / 2c + 0.9 (c - s).
"""

import numpy as np
import pytest

from orders.domain.emergency import (
    Shelves,
    Ways,
    demand_curves,
    price_waiting,
    price_ways,
    quantities,
    runs_out,
)
from orders.domain.lost_units import lost_units

DAYS, LEVELS = 10, 7


def beyond(c, s):
    return 0.1 * max(c - s, 0) ** 2 / (2 * c) + 0.9 * max(c - s, 0)


def shelves(stock, until=5, value=3.0, per_day=2.0, supply=None):
    sums = per_day * np.arange(1, DAYS + 1)
    curves = np.repeat(sums[None, :, None], LEVELS, axis=2)
    there = np.full((1, DAYS), float(stock)) if supply is None else np.array([supply], dtype=float)
    return Shelves(curves, there, np.array([until]), np.array([value]))


NOBODY = Shelves(np.empty((0, DAYS, LEVELS)), np.empty((0, DAYS)), np.empty(0, np.int64), np.empty(0))


def ways(*, day=1, least=0.0, most=1e9, pack=1.0, unit_cost=0.5, fixed_cost=0.0, giver=-1):
    columns = (least, most, pack, unit_cost, fixed_cost)
    return Ways(np.array([0]), np.array([day]), *(np.array([float(c)]) for c in columns), np.array([giver]))


def test_waiting_costs_the_units_that_demand_has_beyond_the_stock_before_the_ordinary_delivery():
    lost, cost = price_waiting(shelves(4))

    assert lost == pytest.approx([beyond(10, 4)])
    assert cost == pytest.approx([3 * 5.58])


def test_nothing_is_lost_on_the_day_of_the_ordinary_delivery_or_after_it():
    assert lost_units(*_three(shelves(4, until=2))) == pytest.approx([0.0], abs=1e-6)
    assert lost_units(*_three(shelves(4, until=0))) == pytest.approx([0.0])


def _three(found):
    return found.curves, found.supply, found.until


def test_the_shelf_is_out_on_the_day_that_uses_up_the_last_unit_unless_the_delivery_is_there():
    mean, stock = np.full((1, DAYS), 2.0), np.full((1, DAYS), 4.0)

    assert runs_out(mean, stock, np.array([5])).tolist() == [1]
    assert runs_out(mean, stock, np.array([1])).tolist() == [-1]


def test_what_was_lost_stays_lost_when_more_comes_afterwards():
    comes_on_day_3 = [4, 4, 4, 104, 104, 104, 104, 104, 104, 104]

    assert lost_units(*_three(shelves(0, supply=comes_on_day_3))) == pytest.approx([beyond(6, 4)])


def test_express_buys_the_whole_gap_where_a_unit_saves_more_than_its_premium():
    found = price_ways(shelves(4), ways(unit_cost=0.5), NOBODY)

    assert found.quantity.tolist() == [6.0]
    assert found.own_cost == pytest.approx([3.0])
    assert found.lost_cost == pytest.approx([0.0], abs=1e-6)
    assert found.total == pytest.approx([3.0], abs=1e-6)


def test_express_in_packs_takes_whole_ones_and_no_less_than_the_minimum():
    assert price_ways(shelves(4), ways(pack=4), NOBODY).quantity.tolist() == [8.0]
    assert price_ways(shelves(4), ways(least=12), NOBODY).quantity.tolist() == [12.0]


def test_a_premium_above_what_a_lost_unit_costs_buys_as_little_as_possible_and_costs_more_than_waiting():
    found = price_ways(shelves(4, value=3.0), ways(unit_cost=5.0), NOBODY)

    assert found.quantity.tolist() == [1.0]
    assert found.total[0] > price_waiting(shelves(4))[1][0]


def test_what_comes_after_the_ordinary_delivery_or_is_not_there_is_no_way():
    assert price_ways(shelves(4), ways(day=5), NOBODY).quantity.tolist() == [0.0]
    assert price_ways(shelves(4), ways(most=3, least=4), NOBODY).quantity.tolist() == [0.0]


def test_a_late_express_saves_only_what_is_lost_after_it():
    found = price_ways(shelves(0), ways(day=3, unit_cost=0.0), NOBODY)

    assert found.lost == pytest.approx([beyond(6, 0)])


def test_a_move_costs_its_work_and_what_the_giver_loses_by_it():
    giver = shelves(12, until=5, value=2.0)
    found = price_ways(shelves(4), ways(most=3, unit_cost=0.0, fixed_cost=1.0, giver=0), giver)

    assert found.quantity.tolist() == [3.0]
    assert found.own_cost == pytest.approx([1.0])
    assert found.giver_cost == pytest.approx([2 * beyond(10, 9)])
    assert found.lost_cost == pytest.approx([3 * beyond(10, 7)])


def test_a_giver_with_plenty_loses_nothing():
    found = price_ways(shelves(4), ways(unit_cost=0.0, giver=0), shelves(1000))

    assert found.giver_cost == pytest.approx([0.0], abs=1e-6)
    assert found.quantity.tolist() == [6.0]


def test_quantities_run_in_whole_packs_from_the_least_to_enough():
    found = quantities(shelves(4), ways(pack=2))

    assert found[0, 0] == 2.0 and found[0, -1] == 6.0
    assert set(found[0]) == {2.0, 4.0, 6.0}


def test_curves_over_the_lead_time_are_as_they_were_given_and_narrow_with_the_root_of_time():
    mean, curve = np.full((1, DAYS), 2.0), np.array([[4.0, 6.0, 8.0, 10.0, 12.0, 13.0, 14.0]])

    found = demand_curves(mean, curve, np.array([4.0]))

    assert found[0, 3] == pytest.approx(curve[0])
    assert found[0, 0] == pytest.approx(np.maximum(2.0 + (curve[0] - 8.0) * 0.5, 0.0))


def test_many_ways_at_once_cost_what_each_costs_alone():
    rows = 1000
    many = Ways(*(np.repeat(column, rows) for column in vars(ways(pack=4)).values()))

    found = price_ways(shelves(4), many, NOBODY)

    assert len(found.total) == rows
    assert np.ptp(found.total) == 0.0 and found.quantity[0] == 8.0
