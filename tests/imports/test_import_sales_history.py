"""Sales of the time before the ledger become demand history, and closing days later leaves them as they are."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from inventory.models import ClosedDay, DemandBlock, Listing, Location, Movement
from inventory.selectors.demand import load_demand
from inventory.services.demand import close_days
from tests.imports.conftest import NOW

HEAD = "date,sku,location,quantity,lost\n"


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n")
    take_in("skus", "code,name\nA,Apple\nB,Bread\n")
    return Location.objects.get(code="MAIN")


def demand(shop, through, days):
    return load_demand([shop.pk], through, days)


def test_days_are_stored_and_gaps_are_days_without_sales(take_in, shop):
    take_in("sales", HEAD + "2026-03-05,A,MAIN,3,\n2026-03-07,A,MAIN,2,1\n2026-03-08,B,MAIN,4,\n")
    found = demand(shop, date(2026, 3, 9), 6)
    np.testing.assert_array_equal(found.sold, [[0, 3, 0, 2, 0, 0], [0, 0, 0, 0, 4, 0]])
    np.testing.assert_array_equal(found.lost, [[0, 0, 0, 1, 0, 0], [0] * 6])
    np.testing.assert_array_equal(found.in_stock, [[0, 1, 1, 1, 1, 0], [0, 0, 0, 0, 1, 0]])
    assert not Movement.objects.exists()


def test_till_lines_of_a_day_are_summed(take_in, shop):
    take_in("sales", HEAD + "2026-03-05,A,MAIN,3,\n2026-03-05,A,MAIN,2,\n")
    assert demand(shop, date(2026, 3, 5), 1).sold.tolist() == [[5]]


def test_the_same_file_again_changes_nothing(take_in, shop):
    text = HEAD + "2025-10-01,A,MAIN,3,\n2026-03-07,A,MAIN,2,1\n"
    assert take_in("sales", text).changed_count > 0
    before = list(DemandBlock.objects.order_by("starts_on").values("starts_on", "sold", "in_stock"))
    assert take_in("sales", text).changed_count == 0
    assert list(DemandBlock.objects.order_by("starts_on").values("starts_on", "sold", "in_stock")) == before


def test_closing_days_later_keeps_the_history(take_in, shop):
    take_in("stock", "sku,location,quantity\nA,MAIN,10\n")
    take_in("sales", HEAD + "2026-03-05,A,MAIN,3,\n2026-03-09,A,MAIN,2,\n")
    close_days(location_id=shop.pk, through=date(2026, 3, 11), now=NOW + timedelta(days=2))
    found = demand(shop, date(2026, 3, 11), 8)
    np.testing.assert_array_equal(found.sold, [[0, 3, 0, 0, 0, 2, 0, 0]])
    np.testing.assert_array_equal(found.in_stock[0, [0, 1, 5, 7]], [0, 1, 1, 1])


def test_history_that_comes_after_the_first_night_is_known_through_its_last_day(take_in, shop):
    """A night that came between stock and history had nothing to close."""
    take_in("stock", "sku,location,quantity\nA,MAIN,10\n")
    assert close_days(location_id=shop.pk, through=date(2026, 3, 9), now=NOW) is None
    assert not ClosedDay.objects.begun().exists()
    take_in("sales", HEAD + "2026-03-05,A,MAIN,3,\n2026-03-08,A,MAIN,2,\n")
    assert ClosedDay.objects.begun().get().closed_through == date(2026, 3, 8)


def test_the_sku_is_on_sale_from_today_and_out_of_stock_without_opening_stock(take_in, shop):
    take_in("sales", HEAD + "2026-03-05,A,MAIN,3,\n")
    assert Listing.objects.get().listed_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-03-10,A,MAIN,3,", "day_in_future"),
        ("2027-01-01,A,MAIN,3,", "day_in_future"),
        ("31.12.25,A,MAIN,3,", "not_a_date"),
        ("2026-02-30,A,MAIN,3,", "not_a_date"),
    ],
)
def test_days_that_cannot_be_history_are_refused(refusals, shop, row, code):
    assert refusals("sales", HEAD + row + "\n") == [(2, "date", code)]
    assert not DemandBlock.objects.exists()


def test_a_day_that_the_ledger_keeps_is_refused(take_in, refusals, shop):
    take_in("stock", "sku,location,quantity\nA,MAIN,10\n")
    Listing.objects.update(listed_on=date(2026, 3, 1))
    text = HEAD + "2026-02-28,A,MAIN,1,\n2026-03-01,A,MAIN,1,\n"
    assert refusals("sales", text) == [(3, "date", "day_in_ledger")]


def test_a_row_from_long_before_the_others_is_refused(refusals, shop):
    text = HEAD + "2002-03-05,A,MAIN,3,\n2026-03-05,A,MAIN,3,\n"
    assert refusals("sales", text) == [(2, "date", "day_too_early")]


def test_history_ends_where_the_local_day_begins(take_in, refusals, shop):
    assert datetime(2026, 3, 10, 12, tzinfo=UTC) == NOW
    take_in("sales", HEAD + "2026-03-09,A,MAIN,3,\n")
