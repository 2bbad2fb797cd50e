"""Closing days: sold, lost and the share of opening hours with stock, per SKU and day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from inventory.errors import OutOfStock
from inventory.models import ClosedDay, DemandBlock
from inventory.selectors.demand import load_demand
from inventory.services.demand import close_days
from inventory.services.listings import list_skus
from inventory.services.posting import post_movements
from inventory.services.reversals import reverse_posting
from inventory.services.sales import GoodsLine, sell
from inventory.services.transfers import create_transfer, ship_transfer

# Paris is an hour ahead of UTC: the shop is open from 7 to 21 UTC.
MONDAY = date(2026, 3, 9)
LISTED_ON = date(2026, 1, 1)


def at(day, hour):
    return datetime(2026, 3, 9, tzinfo=UTC) + timedelta(days=day, hours=hour)


@pytest.fixture
def move(firm, tools):
    def send(day, hour, quantity, told=None, **ends):
        source = ends.get("source", firm.supplier if quantity > 0 else firm.shop)
        destination = ends.get("destination", firm.shop if quantity > 0 else firm.customer)
        moved = tools.line(firm.apple, source, destination, abs(quantity), occurred_at=at(day, hour))
        kind = ends.get("kind", "receipt" if quantity > 0 else "sale")
        return post_movements(lines=[moved], kind=kind, key=None, now=told or at(day, hour))

    return send


def close(place, day):
    return close_days(location_id=place.pk, through=MONDAY + timedelta(days=day), now=at(day + 1, 0))


def series(sku, place, first=MONDAY, days=4):
    found = load_demand([place.pk], first + timedelta(days=days - 1), days)
    row = list(found.sku_ids).index(sku.pk)
    return [found.sold[row].tolist(), found.lost[row].tolist(), [round(float(x), 3) for x in found.in_stock[row]]]


def test_a_day_has_its_sales_less_returns_its_lost_sales_and_its_hours(firm, move):
    move(0, 0, 5)
    move(0, 8, -3)
    move(0, 9, 1, source=firm.customer, kind="return")
    move(1, 14, -3)
    with pytest.raises(OutOfStock):
        sell(location=firm.shop, lines=[GoodsLine(firm.apple.pk, Decimal(2))], key=None, user=None, now=at(1, 15))
    move(2, 0, 1)
    close(firm.shop, 2)
    # The shelf is empty from 14 UTC on Tuesday: half of the 14 opening hours.
    assert series(firm.apple, firm.shop) == [[2, 3, 0, 0], [0, 2, 0, 0], [1, 0.5, 1, 0]]
    assert series(firm.bread, firm.shop)[2] == [0, 0, 0, 0]


def test_closing_again_gives_the_same(firm, move):
    move(0, 0, 9)
    move(0, 8, -3)
    first = close(firm.shop, 1)
    assert (first.first_day, first.last_day) == (LISTED_ON, MONDAY + timedelta(days=1))
    rows = list(DemandBlock.objects.order_by("sku", "starts_on").values())
    close(firm.shop, 1)
    close(firm.shop, 0)
    assert list(DemandBlock.objects.order_by("sku", "starts_on").values()) == rows
    assert ClosedDay.objects.get().closed_through == MONDAY + timedelta(days=1)


def test_day_by_day_is_the_same_as_all_at_once(firm, move):
    for day in range(12):
        move(day, 0, 3)
        move(day, 9, -2)
    for day in range(12):
        close(firm.shop, day)
    slowly = series(firm.apple, firm.shop, days=12)
    DemandBlock.objects.all().delete()
    ClosedDay.objects.all().delete()
    close(firm.shop, 11)
    assert series(firm.apple, firm.shop, days=12) == slowly
    assert slowly[0] == [2] * 12


def test_a_late_sale_is_picked_up_within_a_week(firm, move):
    move(0, 0, 9)
    close(firm.shop, 3)
    move(1, 9, -4, told=at(4, 12))
    close(firm.shop, 4)
    assert series(firm.apple, firm.shop)[0] == [0, 4, 0, 0]


def test_a_reversed_sale_never_was(firm, move):
    move(0, 0, 9)
    sale = move(0, 9, -4)
    reverse_posting(posting_id=sale.pk, key=None, user=None, now=at(1, 9))
    close(firm.shop, 2)
    assert series(firm.apple, firm.shop)[0] == [0, 0, 0, 0]


def test_what_a_warehouse_ships_to_our_shops_is_no_demand(firm, move):
    list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.depot.pk], listed_on=MONDAY, now=at(0, 0))
    move(0, 0, 9, destination=firm.depot)
    line = GoodsLine(firm.apple.pk, Decimal(6))
    transfer = create_transfer(source=firm.depot, destination=firm.shop, lines=[line], user=None, now=at(0, 9))
    ship_transfer(transfer_id=transfer.pk, user=None, now=at(1, 9))
    close(firm.depot, 2)
    assert series(firm.apple, firm.depot)[0] == [0, 0, 0, 0]


def test_a_sku_listed_later_is_not_observed_before(firm, move):
    close(firm.shop, 0)
    list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.other.pk], listed_on=MONDAY + timedelta(days=1), now=at(0, 0))
    move(0, 3, 5, destination=firm.other)
    close(firm.other, 2)
    assert series(firm.apple, firm.other)[2] == [0, 1, 1, 0]


def test_a_new_series_is_written_from_its_first_day(firm, move, tools):
    close(firm.shop, 2)
    plum = tools.make_sku("plum")
    list_skus(sku_ids=[plum.pk], location_ids=[firm.shop.pk], listed_on=LISTED_ON, now=at(2, 0))
    assert close(firm.shop, 3).first_day == LISTED_ON


def test_nothing_listed_is_nothing_to_close(firm):
    assert close(firm.other, 2) is None
    assert not ClosedDay.objects.begun().filter(location=firm.other).exists()


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_23_and_25_hours_have_the_same_opening_hours(firm, tools, day, hours):
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    for moved, when in [((firm.supplier, firm.shop), noon - timedelta(days=3)), ((firm.shop, firm.customer), noon)]:
        line = tools.line(firm.apple, *moved, 1, occurred_at=when)
        post_movements(lines=[line], kind="sale", key=None, now=when)
    close_days(location_id=firm.shop.pk, through=day, now=noon + timedelta(days=1))
    # The last unit goes at noon UTC: after six opening hours in summer time, after five in winter time.
    served = 6 if hours == 23 else 5
    assert series(firm.apple, firm.shop, day, 1)[2] == [round(served / 14, 3)]


def test_blocks_are_laid_out_over_their_borders(firm, move):
    move(0, 0, 9)
    move(0, 9, -1)
    early = date(2025, 11, 1)
    list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.shop.pk], listed_on=early, now=at(0, 0))
    close(firm.shop, 3)
    assert DemandBlock.objects.filter(sku=firm.apple).count() == 2
    found = load_demand([firm.shop.pk], MONDAY + timedelta(days=3), 400)
    row = list(found.sku_ids).index(firm.apple.pk)
    assert found.sold.shape == found.in_stock.shape == (3, 400)
    assert np.flatnonzero(found.sold[row]).tolist() == [(MONDAY - found.first_day).days]
    assert found.in_stock[row].sum() == 4
