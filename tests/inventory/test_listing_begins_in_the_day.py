"""A SKU that is put on sale at noon is missed from noon on, and the morning is neither out of stock nor without demand.

Paris is an hour ahead of UTC: the shop is open from 7 to 21 UTC, 14 hours.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboards.selectors.stockouts_rates import Window, stockout_rates
from inventory.models import DemandBlock, Listing, StockoutEvent
from inventory.services.demand import close_days
from inventory.services.listings import delist_skus, list_skus
from inventory.services.posting import post_movements
from inventory.services.stockouts import rebuild_stockouts

MONDAY = date(2026, 3, 9)


def at(hour, day=0):
    return datetime(2026, 3, 9, tzinfo=UTC) + timedelta(days=day, hours=hour)


@pytest.fixture
def firm(firm):
    Listing.objects.all().delete()
    StockoutEvent.objects.all().delete()
    return firm


@pytest.fixture
def put_on_sale(firm):
    def listed(hour, day=MONDAY):
        list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.shop.pk], listed_on=day, now=at(hour))
        return Listing.objects.get()

    return listed


def move(firm, tools, hour, quantity, now=None):
    ends = (firm.supplier, firm.shop) if quantity > 0 else (firm.shop, firm.customer)
    line = tools.line(firm.apple, *ends, abs(quantity), occurred_at=at(hour))
    kind = "receipt" if quantity > 0 else "sale"
    return post_movements(lines=[line], kind=kind, key=None, now=at(now or hour))


def spans():
    return [(event.started_at, event.ended_at) for event in StockoutEvent.objects.order_by("started_at")]


def share(firm):
    close_days(location_id=firm.shop.pk, through=MONDAY, now=at(0, 1))
    block = DemandBlock.objects.get(sku=firm.apple)
    return round(block.in_stock[(MONDAY - block.starts_on).days], 3)


def test_an_empty_shelf_is_missed_from_that_moment_on(firm, put_on_sale):
    listing = put_on_sale(11)
    assert str(listing.listed_from) == "12:00:00"
    assert spans() == [(at(11), None)]


def test_told_anew_it_begins_there_too(firm, put_on_sale):
    put_on_sale(11)
    assert rebuild_stockouts(location_ids=[firm.shop.pk], now=at(15)) == 1
    assert spans() == [(at(11), None)]


def test_the_hours_before_count_neither_as_empty_nor_as_seen(firm, put_on_sale, tools):
    """On sale from 11 UTC: 10 of the 14 hours are left, and the shelf is full from 13 on, 8 of them."""
    put_on_sale(11)
    move(firm, tools, 13, 5)
    assert share(firm) == round(8 / 14, 3)
    rate = stockout_rates(Window(MONDAY, MONDAY, (firm.shop.pk,))).total
    assert (round(rate.listed, 3), round(rate.out, 3)) == (round(10 / 14, 3), round(2 / 14, 3))


@pytest.mark.parametrize(("hour", "left"), [(3, 1.0), (7, 1.0), (14, 0.5), (21, 0.0), (22, 0.0)])
def test_with_stock_there_the_hours_that_are_left_are_seen(firm, put_on_sale, tools, hour, left):
    move(firm, tools, 1, 5)
    put_on_sale(hour)
    assert spans() == []
    assert share(firm) == left


def test_what_was_sold_before_it_changes_nothing_but_what_is_there(firm, put_on_sale, tools):
    move(firm, tools, 1, 5)
    put_on_sale(11)
    move(firm, tools, 9, -5, now=12)
    assert spans() == [(at(11), None)]


def test_the_day_after_is_a_whole_day(firm, put_on_sale, tools):
    put_on_sale(11)
    move(firm, tools, 12, 5)
    close_days(location_id=firm.shop.pk, through=MONDAY + timedelta(days=1), now=at(0, 2))
    block = DemandBlock.objects.get(sku=firm.apple)
    assert block.in_stock[(MONDAY - block.starts_on).days + 1] == 1


def test_a_day_that_is_not_today_begins_at_midnight(firm, put_on_sale):
    listing = put_on_sale(11, MONDAY - timedelta(days=1))
    assert listing.listed_from is None
    # Midnight in Paris.
    assert spans() == [(at(-25), None)]


def test_who_lists_it_again_does_not_make_it_later_and_an_earlier_day_makes_it_earlier(firm, put_on_sale):
    put_on_sale(11)
    assert str(put_on_sale(15).listed_from) == "12:00:00"
    earlier = put_on_sale(16, MONDAY - timedelta(days=2))
    assert (earlier.listed_on, earlier.listed_from) == (MONDAY - timedelta(days=2), None)


def test_on_and_off_on_one_day_is_never_missed(firm, put_on_sale):
    put_on_sale(11)
    delist_skus(sku_ids=[firm.apple.pk], location_ids=[firm.shop.pk], delisted_on=MONDAY, now=at(13))
    assert spans() == []
