"""What customers paid, by SKU and day, at all places together: written after the closing of days, for the same days."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import IntegrityError

from forecasting.selectors.prices import price_paid
from inventory.models import ClosedDay, PriceBlock
from inventory.selectors.prices import load_prices
from inventory.services import prices
from inventory.services.demand import close_days
from inventory.services.kits import PartLine, set_kit_parts
from inventory.services.listings import list_skus
from inventory.services.posting import post_movements
from inventory.services.prices import write_prices
from inventory.services.reversals import reverse_posting
from inventory.services.sales import GoodsLine, return_goods, sell

MONDAY = date(2026, 3, 9)
LISTED_ON = date(2026, 1, 1)


def at(day, hour=9):
    return datetime(2026, 3, 9, tzinfo=UTC) + timedelta(days=day, hours=hour)


@pytest.fixture
def buy(firm, tools):
    """buy(0, 3, "2.50") sells three apples on Monday at 2.50 each."""
    for place in (firm.shop, firm.other):
        received = tools.line(firm.apple, firm.supplier, place, 99, occurred_at=at(-60))
        post_movements(lines=[received], kind="receipt", key=None, now=at(-60))

    def sold(day, quantity, price, place=firm.shop, told=None):
        price = None if price is None else Decimal(price)
        line = tools.line(firm.apple, place, firm.customer, quantity, occurred_at=at(day), unit_price=price)
        return post_movements(lines=[line], kind="sale", key=None, now=told or at(day))

    return sold


@pytest.fixture
def night(firm):
    def close(day, place=firm.shop):
        close_days(location_id=place.pk, through=MONDAY + timedelta(days=day), now=at(day + 1, 0))
        return write_prices()

    return close


def paid(sku, first=MONDAY, days=4):
    return load_prices([sku.pk], first, days)[0].tolist()


def test_a_day_has_the_mean_of_its_units(firm, buy, night):
    buy(0, 3, "2.50")
    buy(0, 1, "1.50")
    buy(2, 1, "2")
    night(2)
    assert paid(firm.apple) == [2.25, 0, 2, 0]
    assert paid(firm.bread) == [0, 0, 0, 0]


def test_all_places_count_together(firm, buy, night):
    list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.other.pk], listed_on=LISTED_ON, now=at(-9))
    buy(0, 1, "2")
    buy(0, 1, "3", place=firm.other)
    night(0)
    assert paid(firm.apple)[0] == 2.5


def test_what_has_no_price_or_was_given_away_is_unknown(firm, buy, night):
    buy(0, 1, None)
    buy(1, 1, "0")
    buy(2, 1, None)
    buy(2, 1, "4")
    night(2)
    assert paid(firm.apple) == [0, 0, 4, 0]


def test_nothing_but_sales_has_a_price(firm, buy, night, tools):
    cost = tools.line(firm.apple, firm.supplier, firm.shop, 5, occurred_at=at(0), unit_price=Decimal(1))
    post_movements(lines=[cost], kind="receipt", key=None, now=at(0))
    night(0)
    assert not PriceBlock.objects.exists()


def test_a_reversed_sale_was_never_paid(firm, buy, night):
    buy(0, 1, "2")
    wrong = buy(0, 1, "9")
    only = buy(1, 1, "9")
    night(1)
    assert paid(firm.apple) == [5.5, 9, 0, 0]
    for posting in (wrong, only):
        reverse_posting(posting_id=posting.pk, key=None, user=None, now=at(2))
    night(2)
    assert paid(firm.apple) == [2, 0, 0, 0]


def test_goods_that_come_back_were_paid_all_the_same(firm, buy, night):
    buy(0, 2, "2")
    back = [GoodsLine(firm.apple.pk, Decimal(1), Decimal(5))]
    return_goods(location=firm.shop, lines=back, key=None, user=None, now=at(0, 12))
    night(0)
    assert paid(firm.apple)[0] == 2


def test_a_late_sale_of_a_closed_day_enters_within_a_week(firm, buy, night):
    buy(0, 1, "2")
    night(3)
    buy(0, 1, "4", told=at(4))
    assert night(4).first_day == MONDAY - timedelta(days=3)
    assert paid(firm.apple)[0] == 3


def test_days_that_are_closed_again_from_an_earlier_one_are_priced_from_it(firm, buy, night):
    night(20)
    buy(-30, 1, "4", told=at(21))
    since = MONDAY - timedelta(days=30)
    close_days(location_id=firm.shop.pk, through=MONDAY + timedelta(days=20), now=at(21), since=since)
    assert write_prices().first_day == since
    assert paid(firm.apple, since)[0] == 4


def test_a_repeat_of_the_night_changes_nothing(firm, buy, night):
    buy(0, 1, "2")
    first = night(1)
    assert (first.first_day, first.last_day, first.block_count) == (LISTED_ON, MONDAY + timedelta(days=1), 1)
    rows = list(PriceBlock.objects.values())
    assert night(1).block_count == 0
    assert write_prices() is None
    assert list(PriceBlock.objects.values()) == rows
    assert ClosedDay.objects.get().priced_through == MONDAY + timedelta(days=1)


def test_a_place_that_began_today_has_no_day_to_price_before_its_first_night(firm, buy, night):
    list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.other.pk], listed_on=MONDAY, now=at(0))
    assert night(-1, firm.other) is None
    assert ClosedDay.objects.get().priced_through is None
    buy(0, 1, "3", place=firm.other)
    assert night(0, firm.other).first_day == MONDAY
    assert paid(firm.apple)[0] == 3


def test_day_by_day_is_the_same_as_all_at_once(firm, buy, night):
    # A block begins on 2026-04-06, day 28.
    for day in range(21, 35):
        buy(day, 1, str(day))
        night(day)
    slowly = paid(firm.apple, days=35)
    assert PriceBlock.objects.count() == 2
    PriceBlock.objects.all().delete()
    ClosedDay.objects.update(priced_through=None)
    write_prices()
    assert paid(firm.apple, days=35) == slowly == [0.0] * 21 + [float(day) for day in range(21, 35)]


def test_a_zone_that_closes_later_keeps_what_the_other_wrote(firm, buy, night):
    list_skus(sku_ids=[firm.apple.pk], location_ids=[firm.other.pk], listed_on=LISTED_ON, now=at(-9))
    buy(1, 1, "2", place=firm.other)
    night(1, place=firm.other)
    buy(0, 1, "3")
    night(0)
    assert paid(firm.apple) == [3, 2, 0, 0]


def test_parts_of_a_kit_have_the_price_they_were_posted_with(firm, buy, night, tools):
    kit = tools.make_sku("basket", price=Decimal(10))
    set_kit_parts(kit_id=kit.pk, parts=[PartLine(firm.apple.pk, Decimal(4))], user=None, now=at(0))
    sell(location=firm.shop, lines=[GoodsLine(kit.pk, Decimal(1))], key=None, user=None, now=at(0))
    night(0)
    assert paid(firm.apple)[0] == 2.5


def test_nothing_closed_is_nothing_to_price(firm):
    assert write_prices() is None


def test_a_block_has_all_its_days(firm):
    with pytest.raises(IntegrityError, match="inventory_price_block_whole"):
        PriceBlock.objects.create(sku=firm.apple, starts_on=MONDAY, price=[1.0])


def test_prices_are_read_by_sku_over_the_borders_of_blocks(firm, buy, night):
    for day in range(26, 31):
        buy(day, 1, str(day))
    night(30)
    found = load_prices([firm.apple.pk, firm.bread.pk], MONDAY - timedelta(days=200), 230)
    assert found.shape == (2, 230) and found.dtype == np.float32
    assert found[0, 226:].tolist() == [26, 27, 28, 29]
    assert not found[0, :226].any() and not found[1].any()


def test_what_is_usual_is_the_mean_of_a_quarter(firm, buy, night):
    assert price_paid(firm.apple.pk, MONDAY) is None
    buy(-59, 1, "4")
    buy(0, 1, "3")
    night(0)
    found = price_paid(firm.apple.pk, MONDAY)
    assert found.last == 3 and found.usual == pytest.approx((90 * 4 + 3) / 91)
    assert price_paid(firm.apple.pk, MONDAY + timedelta(days=91)) is None


def test_days_that_are_closed_while_prices_are_written_are_written_the_next_time(firm, buy, night, monkeypatch):
    write = prices._write

    def and_close(first, last):
        count = write(first, last)
        buy(0, 1, "2", told=at(2))
        close_days(location_id=firm.shop.pk, through=MONDAY + timedelta(days=1), now=at(2, 1))
        return count

    monkeypatch.setattr(prices, "_write", and_close)
    night(1)
    assert paid(firm.apple)[0] == 0
    monkeypatch.undo()
    assert write_prices().block_count == 1
    assert paid(firm.apple)[0] == 2
