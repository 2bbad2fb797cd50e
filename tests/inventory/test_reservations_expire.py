"""What has expired is available at that very moment, whether anybody has settled it or not."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import IllegalStateChange
from inventory.errors import OutOfStock
from inventory.models import Reservation, ReservationEvent, StockLevel, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.selectors.reserved import available_of_level, reserved_of_level
from inventory.services.bulk_posting import copy_movements
from inventory.services.demand import close_days
from inventory.services.issuing import issue_reservation
from inventory.services.reservations import expire_due
from inventory.services.sales import GoodsLine, sell
from jobs.registry import find_job
from tests.inventory.holding import hold, reserved_of, state_of

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def held(firm, stock, tools):
    """All ten apples until an hour from now."""
    stock(firm.apple, firm.shop, 10)
    return hold(firm.shop, (firm.apple, 10), now=tools.NOW, expires_at=tools.NOW + HOUR)[0]


def buy(firm, now, quantity=1):
    lines = [GoodsLine(firm.apple.pk, Decimal(quantity))]
    return sell(location=firm.shop, lines=lines, key=None, user=None, now=now)


def test_a_buyer_is_refused_until_it_expires_and_served_from_then_on(held, firm, tools):
    with pytest.raises(OutOfStock):
        buy(firm, tools.NOW + HOUR - SECOND)
    buy(firm, tools.NOW + HOUR)
    assert state_of(held) == "expired"
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (9, 0)


def test_somebody_else_may_reserve_it_then(held, firm, tools):
    (mine,) = hold(firm.shop, (firm.apple, 10), now=tools.NOW + HOUR)
    assert (state_of(held), state_of(mine)) == ("expired", "pending")
    assert reserved_of(firm.apple, firm.shop) == 10


def test_readers_reckon_with_it_before_anybody_settles(held, firm, tools):
    def read(now):
        level = StockLevel.objects.filter(sku=firm.apple, location=firm.shop)
        return level.values_list(reserved_of_level(now), available_of_level(now)).get()

    assert read(tools.NOW + HOUR - SECOND) == (10, 0)
    assert read(tools.NOW + HOUR) == (0, 10)
    # The clock of the database is long past it.
    assert StockLevel.objects.values_list(available_of_level()).get(sku=firm.apple, location=firm.shop) == (10,)
    assert state_of(held) == "pending"


def test_what_was_handed_over_before_stays_sold(held, firm, tools):
    issue_reservation(reservation_id=held.pk, quantity=Decimal(4), key=None, user=None, now=tools.NOW)
    expire_due(now=tools.NOW + HOUR)
    row = Reservation.objects.get()
    assert (row.state, row.issued, row.closed_at) == ("expired", 4, tools.NOW + HOUR)
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (6, 0)


def test_it_is_too_late_to_hand_it_over(held, tools):
    with pytest.raises(IllegalStateChange, match="Expired"):
        issue_reservation(reservation_id=held.pk, key=None, user=None, now=tools.NOW + HOUR)


def test_the_sweeper_settles_once_at_the_moment_of_expiry(held, firm, tools):
    late = tools.NOW + 3 * HOUR
    assert [expire_due(now=late), expire_due(now=late)] == [1, 0]
    (event,) = ReservationEvent.objects.filter(kind="expired")
    assert (event.at, event.change) == (tools.NOW + HOUR, -10)


def test_the_sweeper_works_in_portions(firm, stock, tools):
    for number in range(5):
        sku = tools.make_sku(f"item-{number}")
        stock(sku, firm.shop, 1)
        hold(firm.shop, (sku, 1), now=tools.NOW, expires_at=tools.NOW + HOUR)
    assert expire_due(now=tools.NOW + HOUR, pairs_at_once=2) == 5
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


def test_a_posting_asks_for_reservations_only_where_something_is_reserved(firm, stock, tools):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            buy(firm, tools.NOW)
        return captured

    stock(firm.apple, firm.shop, 10)
    free = statements()
    hold(firm.shop, (firm.apple, 1), now=tools.NOW)
    assert len(statements()) == len(free) + 1
    assert not any("inventory_reservation" in query["sql"] for query in free.captured_queries)


def test_the_sweeper_comes_every_minute(held, firm, tools):
    job = find_job("expire_reservations")
    first, *rest = [job.due_slots(tools.NOW + seconds * SECOND)[0].key for seconds in (0, 59, 60)]
    assert [key == first for key in rest] == [True, False]
    (step,) = job.steps
    assert step.work(SimpleNamespace(now=tools.NOW + HOUR)) == {"levels": 1}
    assert reserved_of(firm.apple, firm.shop) == 0


def test_a_loaded_history_reckons_with_it(held, firm, tools):
    ends = {"source_id": [firm.shop.pk], "destination_id": [firm.customer.pk]}
    late = tools.NOW + 2 * HOUR
    rows = {"sku_id": [firm.apple.pk], "quantity": [10], "occurred_at": [late], "posting_key": ["x"]}
    copy_movements(**rows, **ends, kind="sale", now=late)
    assert state_of(held) == "expired"
    assert not any(result.count for result in check_ledger(now=late))


def test_closing_a_day_needs_no_sweeper(held, firm, tools):
    close_days(location_id=firm.shop.pk, through=date(2026, 3, 10), now=tools.NOW + 20 * HOUR)
    # What came was reserved at once, so the stockout went on until then.
    assert StockoutEvent.objects.get(sku=firm.apple).ended_at == tools.NOW + HOUR


def test_a_loaded_history_leaves_what_is_reserved(held, firm, tools):
    ends = {"source_id": [firm.shop.pk], "destination_id": [firm.customer.pk]}
    rows = {"sku_id": [firm.apple.pk], "quantity": [1], "occurred_at": [tools.NOW], "posting_key": ["x"]}
    with pytest.raises(OutOfStock):
        copy_movements(**rows, **ends, kind="sale", now=tools.NOW)
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (10, 10)
