"""Past demand lived through day by day: numbers small enough to follow by hand, and a slow twin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.replay import Policies, World, replay


def run(demand, *, lead=1, point=0.0, up_to=0.0, pack=1.0, initial=0.0, shelf_life=0, since=0):
    days = len(demand)
    world = World(
        np.array([demand], float), np.full((1, days), lead), np.array([float(initial)]), np.array([shelf_life])
    )
    flat = np.ones((1, days))
    return replay(world, Policies(point * flat, up_to * flat, np.array([pack])), since)


def test_an_order_is_there_at_the_opening_after_its_lead_time():
    # Closes with 3, 1, 0 (one lost), then the 4 ordered at the close of day 1 arrive.
    found = run([2, 2, 2, 2], lead=1, point=1, up_to=5, initial=5)
    assert (found.out_days[0], found.unmet_days[0], found.lost[0]) == (1, 1, 1)
    assert (found.lines[0], found.ordered[0], found.asked[0]) == (1, 4, 8)
    assert found.held[0] == 3 + 1 + 0 + 2


def test_whole_packs_reach_the_level():
    found = run([0], point=5, up_to=10, pack=4, initial=5)
    assert found.ordered[0] == 8


def test_above_the_point_nothing_is_ordered():
    assert run([0, 0], point=5, up_to=10, initial=6).lines[0] == 0


def test_a_day_that_ends_at_zero_counts_as_out_without_an_unmet_unit():
    found = run([3], point=-1, up_to=0, initial=3)
    assert (found.out_days[0], found.unmet_days[0], found.lost[0]) == (1, 0, 0)


def test_what_outlives_its_days_is_thrown_away_oldest_first():
    # 5 units, one sold a day, three days of life: 2 are left on the close of day 3 and go.
    found = run([1, 1, 1, 1], point=-1, up_to=0, initial=5, shelf_life=3)
    assert found.expired[0] == 1
    assert found.held[0] == 4 + 3 + 2 + 0


def test_days_before_the_beginning_are_lived_but_not_counted():
    found = run([2, 2], point=-1, up_to=0, initial=3, since=1)
    assert (found.days, found.asked[0], found.lost[0]) == (1, 2, 1)


def twin(demand, lead, point, up_to, pack, initial, shelf_life):
    """The same day for a person to read: lists and whole steps. `shelf` holds the day on which each unit came."""
    shelf, arrivals, seen = [0] * initial, [], {"out": 0, "lost": 0.0, "lines": 0, "held": 0.0, "expired": 0}
    for day, asked in enumerate(demand):
        shelf += [day] * sum(q for at, q in arrivals if at == day)
        arrivals = [(at, q) for at, q in arrivals if at > day]
        lost = max(asked - len(shelf), 0)
        shelf = shelf[asked:]
        fresh = [came for came in shelf if not shelf_life or day - came < shelf_life]
        seen["expired"] += len(shelf) - len(fresh)
        shelf = fresh
        seen["out"] += not shelf or lost > 0
        seen["lost"] += lost
        seen["held"] += len(shelf)
        position = len(shelf) + sum(q for _, q in arrivals)
        if position <= point:
            arrivals.append((day + 1 + lead, max(math.ceil((up_to - position) / pack), 1) * pack))
            seen["lines"] += 1
    return seen


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=20), st.integers(0, 4), st.integers(-1, 12), st.integers(0, 15),
    st.integers(1, 5), st.integers(0, 10), st.sampled_from((0, 1, 2, 3, 5, 1000)),
)  # fmt: skip
def test_the_kernel_agrees_with_its_slow_twin(demand, lead, point, more, pack, initial, shelf_life):
    slow = twin(demand, lead, point, point + more, pack, initial, shelf_life)
    fast = run(demand, lead=lead, point=point, up_to=point + more, pack=pack, initial=initial, shelf_life=shelf_life)
    found = {name: getattr(fast, name)[0] for name in ("lost", "lines", "held", "expired")} | {"out": fast.out_days[0]}
    assert found == pytest.approx(slow)
