"""What is asked for in vain before an order can come is no need of it: by hand, a slow twin, and what it does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from orders.domain.before_delivery import Lengths, Supply, lowered_points, reaching
from orders.domain.economic import Costs, economic_points
from orders.domain.economic_kernels import chances_of, lost_on_course
from orders.domain.policy import Policy, Target
from orders.domain.targets import with_targets
from orders.domain.waiting import look_ahead
from tests.orders.test_levels_exact import Foreseen, levels, protection
from tests.orders.test_targets_exact import goods

LEVELS = np.array((0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99))
ONE = np.ones(1)


@pytest.mark.parametrize(
    ("days", "pace", "lost"), [(1, 1, 5), (2, 1, 15), (4, 1, 15), (4, 0.5, 5), (4, 2, 55), (0, 1, 0)]
)
def test_what_a_course_loses_by_hand(days, pace, lost):
    """10 are asked for a day; 5 stand there, and 20 come on the third day."""
    daily, there = np.full(4, 10.0), np.array([5.0, 5.0, 25.0, 25.0])
    assert lost_on_course(daily, there, float(days), float(pace)) == lost


def lived(daily: list[float], comes: list[float], days: int, pace: float) -> float:
    """The same day by day: a shelf that sells what it has."""
    shelf = lost = 0.0
    for asked, come in list(zip(daily, comes, strict=True))[:days]:
        shelf += come
        sold = min(shelf, pace * asked)
        shelf, lost = shelf - sold, lost + pace * asked - sold
    return lost


day = st.floats(0, 20)


@settings(max_examples=80)
@given(st.lists(st.tuples(day, day), min_size=1, max_size=8), st.integers(0, 8), st.floats(0, 3))
def test_a_course_loses_what_a_shelf_loses_day_by_day(days, lead, pace):
    daily, comes = ([pair[part] for pair in days] for part in (0, 1))
    found = lost_on_course(np.array(daily), np.cumsum(comes), float(lead), pace)
    assert found == pytest.approx(lived(daily, comes, lead, pace), abs=1e-9)


def lengths(lead: int, daily: float = 5.0, spread: float = 2.0) -> Lengths:
    """Normal demand of `daily` a day until the day after the delivery."""
    end, eve = (
        np.maximum(stats.norm.ppf(LEVELS, daily * days, spread * days**0.5), 0.0)[None, None]
        for days in (lead + 1, max(lead, 0.01))
    )
    return Lengths(np.array([[float(lead)]]), np.ones((1, 1)), end, eve, LEVELS)


def test_of_an_empty_shelf_only_what_comes_after_the_delivery_reaches_the_order():
    """7 days of 5 are lost, a day of 5 is left, as uncertain in its size as its eighth of all is."""
    asked = lengths(7)
    found = reaching(asked, np.full((1, 10), 5.0), Supply(0 * ONE, np.zeros((1, 10))))
    assert found.lost == pytest.approx(35.0)
    assert found.lengths.until_end == pytest.approx(asked.until_end / 8, rel=0.01)
    assert found.lengths.until_eve == pytest.approx(0.0, abs=0.1)


def test_nothing_is_left_out_where_the_shelf_will_do():
    asked = lengths(7)
    found = reaching(asked, np.full((1, 10), 5.0), Supply(200 * ONE, np.full((1, 10), 200.0)))
    assert found.lost == 0.0
    assert found.lengths.until_end == pytest.approx(asked.until_end)


def test_possible_lengths_count_by_their_chance():
    one, other = lengths(2), lengths(6)
    both = Lengths(
        np.array([[2.0, 6.0]]), np.array([[0.75, 0.25]]), *(
            np.concatenate([getattr(one, name), getattr(other, name)], axis=1) for name in ("until_end", "until_eve")
        ), LEVELS,
    )  # fmt: skip
    found = reaching(both, np.full((1, 10), 5.0), Supply(0 * ONE, np.zeros((1, 10))))
    assert found.lost == pytest.approx(0.75 * 10 + 0.25 * 30)


def dated(there: np.ndarray, holding: float = 0.02) -> tuple[float, float]:
    """Plain reorder point of a lead time of 7 days, and the one that knows what will be `there`."""
    asked = lengths(7)
    costs = Costs(holding * ONE, ONE, 0 * ONE, 0 * ONE)
    mean = np.full((1, 28), 5.0)
    ahead = look_ahead(mean, 8 * ONE, ONE)
    plain = economic_points(
        asked.until_end[:, 0], asked.until_eve[:, 0], LEVELS, costs, 5 * ONE, 6 * ONE, ONE, 300 * ONE, ahead
    )
    supply = Supply(there[:1], there[None])
    found = lowered_points(reaching(asked, mean, supply), plain, costs, 6 * ONE, ONE, ahead)
    return float(plain.reorder_point[0]), float(found[0])


def test_the_point_is_never_raised_and_is_the_lower_the_later_goods_come():
    plain, with_all_here = dated(np.full(10, 60.0))
    assert plain - 2 <= with_all_here <= plain
    points = [dated(np.where(np.arange(10) >= day, 40.0, 10.0))[1] for day in (1, 4, 6)]
    assert plain > points[0] > points[1] > points[2]


def test_an_order_that_still_serves_a_day_is_placed_however_empty_the_shelf():
    assert dated(np.zeros(10))[1] >= 0


def targeted(policy: Policy, supply: Supply | None):
    demand = Foreseen(5.0, lambda q, h: stats.norm.ppf(q, 5.0 * h, 2.0 * h**0.5))
    base = levels(demand, protection([3]), policy.cycle_service_level)
    return with_targets(base, [policy], demand, protection([3]), goods(cost=1.0, margin=5.0), supply)


def test_least_cost_orders_less_by_what_will_be_lost():
    policy = Policy(target=Target.ECONOMIC, holding_rate=0.5, ordering_cost=0.1)
    plain, dry = targeted(policy, None), targeted(policy, Supply(0 * ONE, np.zeros((1, 3))))
    assert dry.lost == pytest.approx(15.0, rel=0.01)
    assert plain.order_up_to - dry.order_up_to == pytest.approx(dry.lost)
    assert plain.lost == 0.0


def test_above_the_point_nothing_is_looked_at():
    policy = Policy(target=Target.ECONOMIC, holding_rate=0.5)
    plain = targeted(policy, None)
    high = float(plain.reorder_point[0]) + 1
    found = targeted(policy, Supply(high * ONE, np.zeros((1, 3))))
    assert (found.reorder_point, found.order_up_to, found.lost) == (plain.reorder_point, plain.order_up_to, 0.0)


@pytest.mark.parametrize("target", [Target.CYCLE, Target.FILL, Target.MIN_MAX])
def test_other_targets_keep_what_they_promise(target):
    policy = Policy(target=target, minimum=3, maximum=9)
    plain, dry = targeted(policy, None), targeted(policy, Supply(0 * ONE, np.zeros((1, 3))))
    assert (dry.reorder_point, dry.order_up_to, dry.lost) == (plain.reorder_point, plain.order_up_to, 0.0)


def test_courses_have_the_chances_of_their_levels():
    """What is lost on average is the mean over the courses; here twice the expected demand loses 10 of 20."""
    curve = np.array([[[5.0, 5.0, 5.0, 20.0, 20.0, 20.0, 20.0]]])
    mean = float((curve * chances_of(LEVELS)).sum())
    asked = Lengths(np.array([[1.0]]), np.ones((1, 1)), curve, curve, LEVELS)
    found = reaching(asked, np.array([[mean]]), Supply(10 * ONE, np.array([[10.0]])))
    assert found.lost == pytest.approx(10 * chances_of(LEVELS)[3:].sum())
