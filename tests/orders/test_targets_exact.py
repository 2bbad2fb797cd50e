"""Fill rates, least costs and bounds against exact results and by hand."""

import numpy as np
import pytest
from scipy.stats import norm, poisson
from stockpyl.loss_functions import normal_loss, poisson_loss
from stockpyl.newsvendor import newsvendor_poisson

from orders.domain.bounds import Limit, within_bounds
from orders.domain.classes import by_steadiness, by_value
from orders.domain.policy import Phase, Policy, Target
from orders.domain.targets import FINE_LEVELS, LotTerms, with_targets
from tests.orders.test_levels_exact import Foreseen, levels, protection

MEAN, DEVIATION = 50.0, 8.0
NORMAL = Foreseen(MEAN, lambda q, h: norm.ppf(q, MEAN * h, DEVIATION * h**0.5))
COUNTED = Foreseen(2.0, lambda q, h: poisson.ppf(q, 2.0 * h), is_integer=True)


def goods(cost=2.0, margin=1.0, pack=1.0, most_lot=1e6):
    return LotTerms(*(np.array([value]) for value in (cost, margin, pack, 1.0, most_lot)))


def targeted(demand, lead, policy, lot_days=7.0, **kinds):
    base = levels(demand, protection([lead]), policy.cycle_service_level, lot_days)
    return with_targets(base, [policy], demand, protection([lead]), goods(**kinds))


@pytest.mark.parametrize("rate", [0.95, 0.98, 0.995])
@pytest.mark.parametrize("lot_days", [1.0, 4.0])
def test_a_normal_fill_rate_is_met_to_a_hair(rate, lot_days):
    found = targeted(NORMAL, 3, Policy(target=Target.FILL, fill_rate=rate), lot_days)
    lot = lot_days * MEAN
    short = sum(
        sign * normal_loss(point, MEAN * 4, DEVIATION * 2)[0]
        for sign, point in ((1, found.reorder_point[0]), (-1, found.reorder_point[0] + lot))
    )
    assert 1 - short / lot == pytest.approx(rate, abs=0.003)
    assert found.order_up_to[0] - found.reorder_point[0] == pytest.approx(lot)


@pytest.mark.parametrize("rate", [0.9, 0.98])
def test_a_counted_fill_rate_is_met_within_a_unit(rate):
    found = targeted(COUNTED, 3, Policy(target=Target.FILL, fill_rate=rate))
    exact = next(s for s in range(60) if poisson_loss(s, 8)[0] - poisson_loss(s + 14, 8)[0] <= (1 - rate) * 14)
    assert found.reorder_point[0] == pytest.approx(exact, abs=1)


@pytest.mark.parametrize(("margin", "disappointment"), [(1.0, 0.0), (1.0, 4.0), (20.0, 0.0)])
def test_without_order_costs_least_cost_is_the_newsvendor(margin, disappointment):
    """Only the units lost on the last day count, so with a lead time of 0 it is the newsvendor of one day."""
    policy = Policy(target=Target.ECONOMIC, holding_rate=36.5, disappointment=disappointment)
    found = targeted(COUNTED, 0, policy, cost=2.0, margin=margin)
    exact, _cost = newsvendor_poisson(0.2, margin + disappointment, 2.0)
    assert found.order_up_to[0] == pytest.approx(exact, abs=1)


def test_dearer_order_lines_make_larger_lots_and_dearer_customers_more_stock():
    lots, points = [], []
    for cost in (0.1, 1.0, 5.0):
        found = targeted(COUNTED, 2, Policy(target=Target.ECONOMIC, ordering_cost=cost, disappointment=1.0))
        lots.append(found.order_up_to[0] - found.reorder_point[0])
    for disappointment in (0.0, 2.0, 20.0):
        found = targeted(COUNTED, 2, Policy(target=Target.ECONOMIC, ordering_cost=1.0, disappointment=disappointment))
        points.append(found.reorder_point[0])
    assert lots == sorted(lots)
    assert lots[0] < lots[2]
    assert points == sorted(points)
    assert points[0] < points[2]


def test_least_cost_waits_where_the_days_after_the_interval_ask_for_less():
    points = []
    for later in (MEAN, 0.1 * MEAN):
        demand = Foreseen(MEAN, lambda q, h: max(norm.ppf(q, MEAN * h, MEAN * h**0.5), 0.0))
        demand.mean[:, 4:] = later
        found = targeted(demand, 3, Policy(target=Target.ECONOMIC, holding_rate=3.65), cost=10.0, margin=1.0)
        points.append(found.reorder_point[0])
    assert points[1] < points[0]


def test_two_typed_numbers_are_the_levels():
    found = targeted(COUNTED, 2, Policy(target=Target.MIN_MAX, minimum=3.0, maximum=9.0))
    assert (found.reorder_point[0], found.order_up_to[0]) == (3, 9)


def bounded(policy, shelf_life=np.inf, sold_value=0.5, lead=2):
    base = levels(COUNTED, protection([lead]), 0.95)
    found = within_bounds(
        base, [policy], COUNTED, protection([lead]), np.array([float(shelf_life)]), np.array([sold_value])
    )
    return found.levels.reorder_point[0], found.levels.order_up_to[0], Limit(int(found.limits[0]))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(), (10, 24, Limit.NONE)),
        (Policy(presentation=3), (10, 24, Limit.NONE)),
        (Policy(presentation=9), (15, 29, Limit.PRESENTATION)),
        (Policy(capacity=18), (10, 18, Limit.CAPACITY)),
        (Policy(capacity=6), (6, 6, Limit.CAPACITY)),
        (Policy(presentation=9, capacity=20), (15, 20, Limit.PRESENTATION | Limit.CAPACITY)),
        (Policy(phase=Phase.PHASE_OUT, days_left=4), (8, 8, Limit.PHASE_OUT)),
        (Policy(phase=Phase.PHASE_OUT, days_left=0), (0, 0, Limit.PHASE_OUT)),
        (Policy(phase=Phase.PHASE_OUT, days_left=60), (10, 24, Limit.NONE)),
    ],
)
def test_bounds_by_hand(policy, expected):
    """2 a day, 3 days to cover: order at 10, up to 24; 6 are asked for until the next delivery may come."""
    point, up_to, limits = bounded(policy)
    assert (point, up_to) == pytest.approx(expected[:2])
    assert limits == expected[2]


def test_what_spoils_is_bought_for_as_long_as_it_keeps():
    """Poisson(2 x (2 + 3)) until it spoils."""
    assert bounded(Policy(), shelf_life=3)[1:] == (pytest.approx(poisson.ppf(0.95, 10)), Limit.SHELF_LIFE)
    ratio, _cost = newsvendor_poisson(4, 1, 10)
    economic = bounded(Policy(target=Target.ECONOMIC), shelf_life=3, sold_value=0.2)
    assert economic[1] == pytest.approx(ratio, abs=1)
    assert bounded(Policy(), shelf_life=90)[2] is Limit.NONE


def test_classes_by_hand():
    assert by_value(np.array([5.0, 80.0, 0.0, 15.0])) == ["C", "A", "C", "B"]
    sums = np.array([[[6.0, 8.0]], [[2.0, 14.0]], [[0.0, 30.0]], [[0.0, 0.0]]])
    mean = np.array([[1.0] * 7, [1.0] * 7, [1.0] * 7, [0.0] * 7])
    assert by_steadiness(mean, sums, (7,), (0.1, 0.9)) == ["X", "Y", "Z", "Z"]
    assert tuple(sorted(FINE_LEVELS)) == FINE_LEVELS
