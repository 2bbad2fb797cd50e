"""A shop that brings its files at eight in the evening was not out of stock all day: it had not begun.

Shanghai is eight hours ahead of UTC; a shop is open from 8 to 22, 14 hours, of which 2 are left at NOW.
"""

from datetime import date, timedelta

import pytest

from dashboards.selectors.stockouts_rates import Window, stockout_rates
from inventory.models import DemandBlock, Listing, Location, StockoutEvent
from inventory.services.demand import close_days
from tests.imports.conftest import NOW

TODAY = date(2026, 3, 10)
PRODUCTS = "code,name,unit,location,on_hand\nA,Apple,each,MAIN,{on_hand}\n"
MOVEMENTS = "date,kind,sku,location,quantity\n"


@pytest.fixture
def apple(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nA,Apple,each\n")


def first_day():
    """The share of the opening hours in which the apple was there, and those in which it was on sale and missing."""
    place = Location.objects.get(code="MAIN")
    listing = Listing.objects.get()
    close_days(location_id=place.pk, through=TODAY, now=NOW + timedelta(days=1))
    block = DemandBlock.objects.get()
    there = block.in_stock[(listing.listed_on - block.starts_on).days]
    rate = stockout_rates(Window(listing.listed_on, listing.listed_on, (place.pk,))).total
    return round(there * 14, 3), round(rate.out * 14, 3)


@pytest.mark.parametrize(("on_hand", "seen"), [("5", (2, 0)), ("0", (0, 2))])
def test_products_with_stock_begin_when_they_are_loaded(take_in, on_hand, seen):
    take_in("products", PRODUCTS.format(on_hand=on_hand))
    assert first_day() == seen


def test_opening_stock_begins_when_it_is_loaded(take_in, apple):
    take_in("stock", "sku,location,quantity\nA,MAIN,5\n")
    assert not StockoutEvent.objects.exists()
    assert first_day() == (2, 0)


def test_sales_history_without_stock_is_missed_from_then_on(take_in, apple):
    take_in("sales", "date,sku,location,quantity\n2026-03-08,A,MAIN,3\n")
    assert list(StockoutEvent.objects.values_list("started_at", "ended_at")) == [(NOW, None)]


def test_a_ledger_begins_with_its_first_movement(take_in, apple):
    """The delivery of 18 o'clock leaves 4 hours of that day."""
    take_in("movements", MOVEMENTS + "2026-03-09 18:00,receipt,A,MAIN,9\n2026-03-09 20:00,sale,A,MAIN,1\n")
    assert not StockoutEvent.objects.exists()
    assert first_day() == (4, 0)


def test_a_movement_of_an_earlier_day_makes_it_begin_there(take_in, apple):
    take_in("stock", "sku,location,quantity\nA,MAIN,5\n")
    take_in("movements", MOVEMENTS + "2026-03-08 10:00,receipt,A,MAIN,2\n")
    assert (Listing.objects.get().listed_on, Listing.objects.get().listed_from.hour) == (date(2026, 3, 8), 10)
    assert not StockoutEvent.objects.exists()


def test_a_movement_earlier_on_the_same_day_leaves_the_beginning_as_it_is(take_in, apple):
    take_in("stock", "sku,location,quantity\nA,MAIN,5\n")
    take_in("movements", MOVEMENTS + "2026-03-10 10:00,sale,A,MAIN,1\n")
    assert Listing.objects.get().listed_from.hour == 20
    assert not StockoutEvent.objects.exists()
