"""Units lost before the delivery are those that shops lose which are lived through day by day.

Days are independent, demand is Poisson, what is not there is lost, and arrivals of a day can be sold on that day. What
is left of a difference comes from seven quantiles standing for a distribution.
"""

import numpy as np
import pytest

from orders.domain.curves import STORED_LEVELS
from orders.domain.lost_units import demand_ways, lost_units
from tests.orders import twins

DAYS, SHOPS = 12, 40_000
COME = {
    "nothing": {},
    "one of half the gap": {5: 20.0},
    "one early": {2: 8.0},
    "a little each third day": {3: 6.0, 6: 6.0, 9: 6.0},
    "more than enough": {4: 200.0},
}


def lived_through(start, arrivals, per_day, until):
    """Mean units lost of SHOPS shops, and the quantiles of what was asked for in the first 1 .. DAYS days."""
    asked = np.random.default_rng(7).poisson(per_day, (SHOPS, DAYS)).astype(float)
    left, lost = np.full(SHOPS, float(start)), np.zeros(SHOPS)
    for day in range(until):
        left += arrivals.get(day, 0.0)
        lost += np.maximum(asked[:, day] - left, 0.0)
        left = np.maximum(left - asked[:, day], 0.0)
    return lost.mean(), np.quantile(np.cumsum(asked, axis=1), STORED_LEVELS, axis=0).T


def supply_of(start, arrivals):
    came = np.zeros(DAYS)
    for day, units in arrivals.items():
        came[day] = units
    return start + np.cumsum(came)


@pytest.mark.parametrize("start", [0, 12, 30])
@pytest.mark.parametrize("arrivals", COME.values(), ids=COME)
@pytest.mark.parametrize("until", [7, 12])
def test_they_are_those_of_shops_that_are_lived_through(start, arrivals, until):
    lost, curves = lived_through(start, arrivals, 6.0, until)
    found = lost_units(curves[None], supply_of(start, arrivals)[None], np.array([until]))

    assert found[0] == pytest.approx(lost, rel=0.05, abs=0.3)


def test_the_worst_day_is_not_known_beforehand():
    """Two days are equally bad on average: 30 before 30 come on day 5, and 60 before the delivery."""
    lost, curves = lived_through(30, {5: 30.0}, 6.0, 10)
    supply = supply_of(30, {5: 30.0})
    one_day = [lost_units(curves[None, : day + 1], np.full((1, day + 1), supply[day]), np.array([day + 1]))[0]
               for day in range(10)]  # fmt: skip

    found = lost_units(curves[None], supply[None], np.array([10]))[0]
    assert found == pytest.approx(lost, rel=0.06)
    assert max(one_day) < 0.87 * lost


def test_many_at_once_agree_with_the_slow_twin():
    rng = np.random.default_rng(3)
    curves = np.cumsum(np.cumsum(rng.uniform(0, 3, (50, DAYS, 7)), axis=1), axis=2)
    supply = np.cumsum(rng.uniform(0, 40, (50, DAYS)) * (rng.random((50, DAYS)) < 0.3), axis=1)
    until = rng.integers(0, DAYS + 1, 50)

    slow = [twins.units_lost(curves[i], STORED_LEVELS, supply[i], until[i], demand_ways(DAYS)) for i in range(50)]
    assert lost_units(curves, supply, until) == pytest.approx(slow, abs=1e-9)


def test_nothing_is_lost_where_the_delivery_is_there_or_nothing_is_asked_for():
    curves = np.ones((1, DAYS, 7))
    assert lost_units(curves, np.zeros((1, DAYS)), np.array([0])).tolist() == [0.0]
    assert lost_units(np.zeros((1, DAYS, 7)), np.zeros((1, DAYS)), np.array([9])).tolist() == [0.0]
    assert lost_units(np.empty((0, DAYS, 7)), np.empty((0, DAYS)), np.empty(0, dtype=np.int64)).shape == (0,)


def test_the_same_question_has_the_same_answer():
    curves = np.cumsum(np.cumsum(np.random.default_rng(5).uniform(0, 3, (1, DAYS, 7)), axis=1), axis=2)
    supply = supply_of(3.0, {4: 9.0})[None]
    first = lost_units(curves, supply, np.array([10]))
    demand_ways.cache_clear()
    assert lost_units(curves, supply, np.array([10])) == first
