"""What deliveries teach knows no waits that the calendar counts again: order days, the hour, delivery days, closures.

2 March 2026 is a Monday; the supplier promises 3 days. A promise weighs as much as four deliveries on time.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from inventory.models import Sku
from suppliers.domain.calendar import Calendar, Closure, taken_on
from suppliers.domain.lead_times import Basis
from suppliers.domain.learned_days import reckon
from suppliers.models import Supplier, SupplierClosure
from suppliers.selectors.lead_times import load_lead_times
from suppliers.services.lead_times import Observation, record_lead_times
from tests.orders.conftest import NOW

MONDAY = date(2026, 3, 2)
AS_OF = date(2026, 3, 31)
ON_MONDAYS, ON_FRIDAYS = 0b1, 0b10000


@pytest.fixture
def firm(db):
    supplier = Supplier.objects.create(code="S", name="S", currency="EUR", promised_lead_time_days=3)
    return supplier, Sku.objects.create(code="tea", name="tea", created_at=NOW)


def deliver(firm, ordered, received, taken=None):
    """Days since that Monday."""
    supplier, sku = firm
    days = [None if day is None else MONDAY + timedelta(days=day) for day in (ordered, received, taken)]
    seen = Observation(
        supplier.pk, sku.pk, days[0], days[0] + timedelta(days=3), days[1], f"{ordered} {received}", days[2]
    )
    record_lead_times(observations=[seen])


def learned(firm):
    found = load_lead_times(as_of=AS_OF).of(firm[0].pk, firm[1].pk, 3)
    return dict(zip(found.days, (round(chance, 3) for chance in found.chances), strict=True))


def set_week(firm, **fields):
    Supplier.objects.filter(pk=firm[0].pk).update(**fields)


def test_the_wait_for_the_order_day_is_not_learned(firm):
    """Written on Thursday, taken on Monday, there on Thursday: 7 days, of which 4 are the wait."""
    set_week(firm, order_days=ON_MONDAYS)
    deliver(firm, 3, 10)
    assert learned(firm) == {3: 1.0}


def test_without_a_calendar_all_days_count(firm):
    deliver(firm, 3, 10)
    assert learned(firm) == {3: 0.8, 7: 0.2}


def test_what_really_was_late_is_learned(firm):
    """Taken on Monday, there on Saturday: two days late."""
    set_week(firm, order_days=ON_MONDAYS)
    deliver(firm, 3, 12)
    assert learned(firm) == {3: 0.8, 5: 0.2}


def test_the_wait_for_the_delivery_day_is_not_learned(firm):
    """Taken on Monday, ready on Thursday as promised, brought on Friday."""
    set_week(firm, delivery_days=ON_FRIDAYS)
    deliver(firm, 0, 4)
    assert learned(firm) == {3: 1.0}


def test_a_missed_delivery_day_is_learned_as_little_as_it_proves(firm):
    """Taken on Monday and brought on the Friday after next: ready on Saturday at the earliest, two days late."""
    set_week(firm, delivery_days=ON_FRIDAYS)
    deliver(firm, 0, 11)
    assert learned(firm) == {3: 0.8, 5: 0.2}


def test_what_comes_outside_the_delivery_days_came_when_it_was_ready(firm):
    set_week(firm, delivery_days=ON_FRIDAYS)
    deliver(firm, 0, 5)
    assert learned(firm) == {3: 0.8, 5: 0.2}


def test_an_early_delivery_is_learned(firm):
    """Brought on Tuesday, when every day is a delivery day but the order waits for Monday."""
    set_week(firm, order_days=ON_MONDAYS)
    deliver(firm, 0, 1)
    assert learned(firm) == {1: 0.2, 3: 0.8}


def test_closed_days_are_not_learned(firm):
    """Taken on Monday, closed from Tuesday to Saturday, there on Tuesday: 8 days, of which 3 were open."""
    first = MONDAY + timedelta(days=1)
    SupplierClosure.objects.create(supplier=firm[0], name="Fair", starts_on=first, ends_on=first + timedelta(days=4))
    deliver(firm, 0, 8)
    assert learned(firm) == {3: 1.0}


def test_an_order_after_the_hour_counts_from_the_next_day(firm):
    deliver(firm, 0, 4, taken=1)
    assert learned(firm) == {3: 1.0}


def test_goods_that_came_before_the_order_day_took_no_time(firm):
    """By telephone, between two order days."""
    set_week(firm, order_days=ON_MONDAYS)
    deliver(firm, 3, 5)
    assert learned(firm) == {0: 0.2, 3: 0.8}


def test_an_old_order_beyond_the_calendar_counts_its_days(firm):
    """Promised within a year, it took 522 days: 157 more."""
    set_week(firm, order_days=ON_MONDAYS, promised_lead_time_days=365)
    deliver(firm, -520, 2)
    assert learned(firm)[3 + 157] == 0.2


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 2, 5, 59, tzinfo=UTC), MONDAY),
        (datetime(2026, 3, 2, 6, 0, tzinfo=UTC), MONDAY + timedelta(days=1)),
        (datetime(2026, 3, 3, 6, 0, tzinfo=UTC), MONDAY),
    ],
)
def test_the_hour_is_that_of_the_day_of_the_order(at, day):
    """Until 14:00 in Shanghai; an order of Monday that leaves on Tuesday says nothing about Monday's hour."""
    calendar = Calendar(cut_off=time(14), time_zone="Asia/Shanghai")
    assert taken_on(calendar, MONDAY, at=at, time_zone="Asia/Shanghai") == day


def test_a_calendar_agrees_with_walking_day_by_day():
    closure = Closure("Fair", date(2026, 3, 10), date(2026, 3, 12))
    calendar = Calendar(order_days=0b1001, delivery_days=0b110110, closures=(closure,))
    found = reckon({7: calendar}, since=MONDAY, until=AS_OF)
    rows = dict(zip(found.days, zip(found.placed, found.most, found.least, strict=True), strict=True))

    def is_open(day):
        return not closure.first <= day <= closure.last

    def opened(day):
        return sum(is_open(found.days[0] + timedelta(days=i)) for i in range((day - found.days[0]).days + 1))

    def next_of(mask, day, step):
        while not (is_open(day) and mask >> day.weekday() & 1):
            day += timedelta(days=step)
        return day

    for day in (MONDAY + timedelta(days=i) for i in range(25)):
        is_delivery = next_of(calendar.delivery_days, day, 1) == day
        before = next_of(calendar.delivery_days, day - timedelta(days=1), -1)
        least = min(opened(before) + 1, opened(day)) if is_delivery else opened(day)
        assert rows[day] == (opened(next_of(calendar.order_days, day, 1)), opened(day), least), day


@pytest.mark.parametrize("count", [1, 30])
def test_three_statements_for_any_number_of_calendars(db, django_assert_num_queries, count):
    for number in range(count):
        Supplier.objects.create(code=str(number), name="S", currency="EUR", order_days=ON_MONDAYS)
    with django_assert_num_queries(3):
        assert load_lead_times(as_of=AS_OF).of(1, 1, 3).basis == Basis.PROMISE
