"""The tills of the demo: repeatable per quarter of an hour, shut at night, and about as busy as a year before."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from demo.domain.tills import due_rings, expected_units, rings_of_slot, slots_between
from demo.selectors import load_grocery

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def grocery():
    return load_grocery()


def test_only_slots_that_ended_in_the_interval_ring():
    slots = slots_between(datetime(2026, 11, 23, 9, 50), datetime(2026, 11, 23, 10, 31))
    assert slots == [(MONDAY, 39), (MONDAY, 40), (MONDAY, 41)]


def test_two_steps_ring_the_same_as_one(grocery):
    start, middle, end = (datetime(2026, 11, 23, 9, minute) for minute in (0, 20, 45))
    whole = due_rings(grocery=grocery, since=start, until=end)
    parts = due_rings(grocery=grocery, since=start, until=middle) + due_rings(grocery=grocery, since=middle, until=end)
    assert [ring.key for ring in parts] == [ring.key for ring in whole]
    assert all(np.array_equal(a.quantity, b.quantity) for a, b in zip(parts, whole, strict=True))


def test_a_slot_repeats_itself_and_differs_by_seed(grocery):
    first = rings_of_slot(grocery=grocery, on=MONDAY, slot=68, seed=1)
    again = rings_of_slot(grocery=grocery, on=MONDAY, slot=68, seed=1)
    other = rings_of_slot(grocery=grocery, on=MONDAY, slot=68, seed=2)
    assert np.array_equal(first.sku, again.sku) and np.array_equal(first.at, again.at)
    assert not np.array_equal(first.sku, other.sku)


def test_rings_fall_into_their_slot_in_order(grocery):
    ring = rings_of_slot(grocery=grocery, on=MONDAY, slot=68)
    assert ring.key == "2026-11-23-68"
    assert (ring.at >= np.datetime64("2026-11-23T17:00")).all() and (ring.at < np.datetime64("2026-11-23T17:15")).all()
    assert (np.diff(ring.at) >= np.timedelta64(0, "s")).all()


def test_nothing_rings_at_night(grocery):
    assert due_rings(grocery=grocery, since=datetime(2026, 11, 23, 22), until=datetime(2026, 11, 24, 7)) == []


def test_a_day_rings_about_what_is_expected(grocery):
    rings = due_rings(grocery=grocery, since=datetime(2026, 11, 23), until=datetime(2026, 11, 24))
    total, expected = sum(int(ring.quantity.sum()) for ring in rings), expected_units(grocery, MONDAY).sum()
    assert abs(total - expected) < 4 * np.sqrt(expected)


def test_a_time_with_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        slots_between(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
