"""The arithmetic of supplier calendars, against a twin that walks day by day.

10 March 2026 is a Tuesday.
"""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers.domain.calendar import (
    EVERY_DAY,
    Calendar,
    Closure,
    closures_between,
    delivery_on,
    mask_of,
    order_on,
    table_of,
    weekdays_of,
)

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


def is_open(calendar, day):
    return not any(closure.first <= day <= closure.last for closure in calendar.closures)


def walk_to(calendar, day, mask):
    """The first day from this one on that the mask holds and that is open."""
    while not (mask >> day.weekday() & 1 and is_open(calendar, day)):
        day += timedelta(days=1)
    return day


def slow_arrival(calendar, placed, lead):
    day, left = placed, lead
    while left:
        day += timedelta(days=1)
        left -= is_open(calendar, day)
    return walk_to(calendar, day, calendar.delivery_days)


masks = st.integers(1, EVERY_DAY)
closures = st.lists(
    st.tuples(st.integers(-5, 40), st.integers(0, 20)).map(
        lambda pair: Closure("x", TODAY + timedelta(pair[0]), TODAY + timedelta(pair[0] + pair[1]))
    ),
    max_size=3,
)


@settings(max_examples=60)
@given(masks, masks, closures, st.integers(0, 30), st.integers(0, 15))
def test_the_table_agrees_with_walking(order_days, delivery_days, closed, lead, since):
    calendar = Calendar(order_days, delivery_days, closures=tuple(closed))
    table = table_of([Calendar(), calendar], today=TODAY, now=NOW, time_zone="UTC")
    row = np.array([1])
    placed = table.order_day(row, np.array([since]))
    slow = walk_to(calendar, TODAY + timedelta(days=since), order_days)
    assert TODAY + timedelta(days=int(placed[0])) == slow
    arrival = table.arrival(row, placed, np.array([[lead, 0]]))[0].tolist()
    assert [TODAY + timedelta(days=day) for day in arrival] == [
        slow_arrival(calendar, slow, lead), slow_arrival(calendar, slow, 0)
    ]  # fmt: skip


def arrival(calendar, lead):
    table, row = table_of([calendar], today=TODAY, now=NOW, time_zone="UTC"), np.array([0])
    day = table.arrival(row, table.order_day(row, table.start), np.array([[lead]]))[0, 0]
    return TODAY + timedelta(days=int(day))


def test_a_plain_calendar_adds_the_lead_time():
    assert Calendar().is_plain
    assert arrival(Calendar(), 5) == TODAY + timedelta(days=5)


def test_what_is_ordered_before_a_closure_comes_after_it():
    spring = Closure("Spring", TODAY + timedelta(days=2), TODAY + timedelta(days=11))
    calendar = Calendar(closures=(spring,))
    assert arrival(calendar, 1) == TODAY + timedelta(days=1)
    assert arrival(calendar, 2) == TODAY + timedelta(days=12)


def test_the_days_of_an_order_placed_now():
    calendar = Calendar(order_days=mask_of([4]), delivery_days=mask_of([1, 2]))
    assert order_on(calendar, now=NOW, time_zone="UTC") == date(2026, 3, 12)
    assert delivery_on(calendar, date(2026, 3, 14)) == date(2026, 3, 16)
    assert delivery_on(calendar, date(2026, 3, 17)) == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("minute", "zone", "start"), [(59, "", 0), (0, "", 1), (0, "America/New_York", 0), (59, "Asia/Shanghai", 1)]
)
def test_the_cut_off_is_read_in_its_time_zone(minute, zone, start):
    """At 09:59 and 10:00 in Berlin; a cut-off at 10:00 is later in New York and was earlier in Shanghai."""
    hour = 8 if minute else 9
    now = datetime(2026, 3, 10, hour, minute, tzinfo=UTC)
    calendar = Calendar(cut_off=time(10), time_zone=zone)
    assert calendar.first_day(TODAY, now, "Europe/Berlin") == start


def test_closures_that_touch_a_stretch_of_days():
    one, two = (Closure(name, TODAY + timedelta(day), TODAY + timedelta(day + 1)) for name, day in (("a", 1), ("b", 5)))
    calendar = Calendar(closures=(two, one))
    assert closures_between(calendar, TODAY + timedelta(2), TODAY + timedelta(5)) == (one, two)
    assert closures_between(calendar, TODAY + timedelta(3), TODAY + timedelta(4)) == ()


def test_weekdays_and_their_mask():
    assert weekdays_of(mask_of([1, 4, 7, 4])) == [1, 4, 7]
    with pytest.raises(ValueError, match="1 \\(Monday\\)"):
        mask_of([0])
