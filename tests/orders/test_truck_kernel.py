"""What fits into a truck, against all that could be ordered, in cases small enough to try each of them."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.truck import Line, cut, filled, is_held_back, load_of

BIG = float("inf")


def line(stock=0.0, demand=1.0, packs=0, least=1, most=BIG, takes=(1.0,), pack=1.0):
    return Line(stock, pack, demand, packs, least, most, takes)


lines = st.lists(
    st.builds(line, stock=st.integers(0, 6), demand=st.sampled_from([0.5, 1.0, 2.0]), packs=st.integers(0, 3)),
    min_size=1,
    max_size=3,
)


def shortest(order, packs, among):
    """Days until the first shelf of these lines is empty."""
    return min((one.cover_days(count) for one, count, counts in zip(order, packs, among, strict=True) if counts),
               default=BIG)  # fmt: skip


@settings(max_examples=60)
@given(lines, st.integers(1, 8))
def test_no_way_to_fill_it_keeps_the_first_shelf_full_for_longer(order, size):
    packs = filled(order, (float(size),), 1000.0)
    before = [one.packs for one in order]
    room = -(-max(sum(before), 1) // size) * size
    assert sum(packs) == room
    ways = [way for way in product(*(range(count, room + 1) for count in before)) if sum(way) <= room]
    best = max(shortest(order, way, [1] * len(order)) for way in ways)
    assert shortest(order, packs, [1] * len(order)) == pytest.approx(best)


@settings(max_examples=60)
@given(lines, st.integers(0, 8))
def test_no_way_to_cut_it_leaves_the_first_shelf_full_for_longer(order, size):
    packs = cut(order, (size + 1e-6,))
    assert sum(packs) == min(size, sum(one.packs for one in order))
    ways = [way for way in product(*(range(one.packs + 1) for one in order)) if sum(way) <= size]
    wanted = [one.packs for one in order]
    best = max(shortest(order, way, wanted) for way in ways)
    assert shortest(order, packs, wanted) == pytest.approx(best)


def test_the_only_pack_of_a_line_stays_while_another_can_spare_one():
    # The slow one lasts two days by its one pack, the fast one a day and a half by its three.
    assert cut([line(demand=0.5, packs=1), line(demand=2.0, packs=3)], (3.0,)) == [1, 2]


def test_it_is_filled_up_to_the_days_and_the_room_and_no_further():
    assert filled([line(packs=1)], (10.0,), 4.0) == [4]
    assert filled([line(packs=1, most=3)], (10.0,), 100.0) == [3]
    assert filled([line(packs=1, takes=(0.0,))], (10.0,), 100.0) == [1]


def test_the_second_truck_is_filled_when_one_does_not_do():
    assert filled([line(packs=7)], (5.0,), 100.0) == [10]


def test_each_capacity_counts():
    heavy, bulky = line(packs=2, takes=(5.0, 1.0)), line(packs=2, takes=(1.0, 5.0))
    packs = filled([heavy, bulky], (20.0, 30.0), 100.0)
    assert all(used <= most for used, most in zip(load_of([heavy, bulky], packs, 2), (20.0, 30.0), strict=True))
    # Only what is heavy goes when weight is exceeded, however long the other lasts.
    assert cut([heavy, line(stock=99.0, packs=2, takes=(0.0, 1.0))], (7.0, 30.0)) == [1, 2]


def test_a_line_below_its_least_waits_as_a_whole():
    assert cut([line(packs=3, least=3, demand=0.1), line(packs=1)], (3.0,)) == [0, 1]
    assert filled([line(packs=1), line(stock=0.5, least=4)], (3.0,), 100.0) == [3, 0]


@pytest.mark.parametrize(
    ("order", "is_held"),
    [
        ([line(packs=4)], True),
        ([line(packs=10)], False),
        ([line(packs=4, most=4)], False),
        ([line(packs=4, most=4), line(stock=9, packs=0)], True),
        ([line(packs=4, most=4), line(stock=9, takes=(0.0,))], False),
        ([line(packs=4, pack=2.0, takes=(7.0,))], False),
    ],
)
def test_a_truck_is_held_back_only_where_more_would_fit_but_last_too_long(order, is_held):
    truck = (10.0,) if order[0].takes == (1.0,) else (28.0,)
    packs = filled(order, truck, 5.0)
    assert packs[0] in (order[0].packs, 5)
    assert is_held_back(order, packs, truck, 5.0) is is_held


@pytest.mark.parametrize(("takes", "is_held"), [(18.0, True), (19.0, False), (20.0, False)])
def test_a_truck_that_is_nearly_full_is_not_held_back(takes, is_held):
    """Of 20 that it holds; the other line takes 1, and has enough for longer than 5 days."""
    order = [line(packs=1, most=1, takes=(takes,)), line(stock=9)]
    assert is_held_back(order, [1, 0], (20.0,), 5.0) is is_held
