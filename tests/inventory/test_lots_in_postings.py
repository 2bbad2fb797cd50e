"""Postings of lot-tracked SKUs: first expired first out, held lots stay, levels and lots agree."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import Lot, LotHold, LotLevel, StockLevel, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.listings import list_skus
from inventory.services.posting import post_movements


@pytest.fixture
def milk(firm, tools):
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    return firm.milk


@pytest.fixture
def lot(milk, tools):
    """lot("A", 12) is a lot of milk that expires on 12 March 2026; None never does."""

    def make(code, day=None, sku=None, **fields):
        expires_on = None if day is None else date(2026, 3, day)
        return Lot.objects.create(sku=sku or milk, code=code, expires_on=expires_on, received_at=tools.NOW, **fields)

    return make


@pytest.fixture
def bring(firm, milk, tools):
    def receive(lot, quantity, place=None, **fields):
        line = tools.line(milk, firm.supplier, place or firm.shop, quantity, lot_id=lot.pk, **fields)
        return post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)

    return receive


@pytest.fixture
def sell(firm, milk, tools):
    def send(*quantities, key=None, now=tools.NOW, **fields):
        lines = [tools.line(milk, firm.shop, firm.customer, quantity, **fields) for quantity in quantities]
        return post_movements(lines=lines, kind="sale", key=key, now=now)

    return send


def stands(place):
    return {row.lot.code: row.on_hand for row in LotLevel.objects.filter(location=place).select_related("lot")}


def parts(posting):
    return [(row.lot.code, row.quantity) for row in posting.movements.select_related("lot").order_by("line")]


@pytest.fixture(autouse=True)
def _ledger_is_right(db, tools):
    yield
    found = [result for result in check_ledger(now=tools.NOW + timedelta(minutes=1)) if result.count]
    assert found == []


def test_what_expires_first_goes_first_and_a_line_is_split(firm, lot, bring, sell):
    bring(lot("LATE", 30), 5)
    bring(lot("SOON", 12), 3)
    bring(lot("NEVER"), 5)
    assert parts(sell(4)) == [("SOON", 3), ("LATE", 1)]
    assert stands(firm.shop) == {"LATE": 4, "SOON": 0, "NEVER": 5}
    assert parts(sell(3, 3)) == [("LATE", 3), ("LATE", 1), ("NEVER", 2)]


def test_a_line_may_name_its_lot(firm, lot, bring, sell):
    late = lot("LATE", 30)
    bring(late, 5)
    bring(lot("SOON", 12), 3)
    assert parts(sell(2, lot_id=late.pk)) == [("LATE", 2)]
    with pytest.raises(OutOfStock) as refusal:
        sell(4, lot_id=late.pk)
    assert refusal.value.details[0]["available"] == "3"


def test_expired_and_quarantined_lots_are_never_sold(firm, lot, bring, sell, tools):
    bring(lot("OLD", 9), 4)
    bring(lot("BAD", 20, status="quarantined", quarantined_at=tools.NOW - timedelta(days=1)), 5)
    bring(lot("GOOD", 10), 2)  # today is its last day
    level = StockLevel.objects.get(sku=firm.milk)
    assert (level.on_hand, level.held) == (11, 9)
    with pytest.raises(OutOfStock) as refusal:
        sell(3)
    assert refusal.value.details[0]["available"] == "2"
    assert parts(sell(2)) == [("GOOD", 2)]


@pytest.mark.parametrize(
    ("code", "message"), [("OLD", "expired after Mar 9, 2026"), ("BAD", "in quarantine"), ("OTHER", "no such lot")]
)
def test_a_lot_that_may_not_be_sold_is_refused_by_name(firm, lot, bring, sell, tools, code, message):
    lots = {
        "OLD": lot("OLD", 9),
        "BAD": lot("BAD", 20, status="quarantined", quarantined_at=tools.NOW),
        "OTHER": lot("OTHER", sku=tools.make_sku("cream", is_lot_tracked=True)),
    }
    bring(lots["OLD"], 4)
    bring(lots["BAD"], 4)
    with pytest.raises(InvalidLines, match=message):
        sell(1, lot_id=lots[code].pk)


def test_an_arrival_must_name_a_lot_and_an_untracked_sku_may_not(firm, milk, lot, bring, tools):
    for sku, lot_id, message in [(milk, None, "Say which lot"), (firm.apple, lot("A").pk, "not tracked by lot")]:
        line = tools.line(sku, firm.supplier, firm.shop, 1, lot_id=lot_id)
        with pytest.raises(InvalidLines, match=message):
            post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)


def test_waste_takes_what_expired_first(firm, milk, lot, bring, tools):
    bring(lot("OLD", 9), 4)
    bring(lot("GOOD", 20), 4)
    line = tools.line(milk, firm.shop, firm.loss, 5)
    assert parts(post_movements(lines=[line], kind="adjustment", key=None, now=tools.NOW)) == [("OLD", 4), ("GOOD", 1)]
    level = StockLevel.objects.get(sku=milk)
    assert (level.on_hand, level.held) == (3, 0)


def test_reserved_stock_is_not_picked_but_held_stock_can_still_leave(firm, milk, lot, bring, sell, tools):
    bring(lot("GOOD", 20), 4)
    bring(lot("OLD", 9), 4)
    StockLevel.objects.filter(sku=milk).update(reserved=3)
    with pytest.raises(OutOfStock) as refusal:
        sell(2)
    assert refusal.value.details[0]["available"] == "1"
    waste = tools.line(milk, firm.shop, firm.loss, 4)
    assert parts(post_movements(lines=[waste], kind="adjustment", key=None, now=tools.NOW)) == [("OLD", 4)]
    StockLevel.objects.filter(sku=milk).update(reserved=0)


def test_a_lot_that_expires_unnoticed_is_counted_as_held_by_the_next_posting(firm, milk, lot, bring, sell, tools):
    bring(lot("SOON", 10), 4)
    tomorrow = datetime(2026, 3, 11, 9, tzinfo=UTC)
    fresh = lot("FRESH", 20)
    line = tools.line(milk, firm.supplier, firm.shop, 2, lot_id=fresh.pk)
    post_movements(lines=[line], kind="receipt", key=None, now=tomorrow)
    level = StockLevel.objects.get(sku=milk)
    assert (level.on_hand, level.held) == (6, 4)
    hold = LotHold.objects.get()
    assert (hold.change, hold.at) == (4, datetime(2026, 3, 10, 23, tzinfo=UTC))  # midnight in Paris


def test_stockouts_follow_what_may_be_sold(firm, milk, lot, bring, sell, tools):
    list_skus(
        sku_ids=[milk.pk], location_ids=[firm.shop.pk], listed_on=date(2026, 3, 1), now=tools.NOW - timedelta(days=9)
    )
    bring(lot("SOON", 10), 4)
    tomorrow = datetime(2026, 3, 11, 9, tzinfo=UTC)
    line = tools.line(milk, firm.supplier, firm.shop, 2, lot_id=lot("FRESH", 20).pk)
    post_movements(lines=[line], kind="receipt", key=None, now=tomorrow)
    spells = list(StockoutEvent.objects.filter(sku=milk).order_by("started_at").values_list("started_at", "ended_at"))
    assert spells[1] == (datetime(2026, 3, 10, 23, tzinfo=UTC), tomorrow)
    sell(2, now=tomorrow + timedelta(hours=1))
    assert StockoutEvent.objects.filter(sku=milk, ended_at=None).count() == 1


def test_a_repeat_of_a_split_sale_returns_it(firm, lot, bring, sell):
    late = lot("LATE", 30)
    bring(late, 5)
    bring(lot("SOON", 12), 3)
    first = sell(4, key="k")
    assert sell(4, key="k").pk == first.pk
    assert sell(3, 1, key="k").pk == first.pk
    for quantity, fields in [(5, {}), (4, {"lot_id": late.pk})]:
        with pytest.raises(KeyAlreadyUsed):
            sell(quantity, key="k", **fields)


def test_a_shop_that_sells_before_it_books_goes_below_zero_in_its_last_lot(firm, milk, lot, bring, tools):
    kiosk = tools.make_place("KIOSK", may_go_negative=True)
    bring(lot("A", 20), 1, place=kiosk)
    sale = tools.line(milk, kiosk, firm.customer, 3)
    assert parts(post_movements(lines=[sale], kind="sale", key=None, now=tools.NOW)) == [("A", 3)]
    assert stands(kiosk) == {"A": -2}


def test_lots_keep_their_name_on_the_way(firm, milk, lot, bring, tools):
    bring(lot("LATE", 30), 5)
    bring(lot("SOON", 12), 3)
    for source, destination in [(firm.shop, firm.in_transit), (firm.in_transit, firm.other)]:
        line = tools.line(milk, source, destination, 4)
        post_movements(lines=[line], kind="transfer", key=None, now=tools.NOW)
    assert stands(firm.other) == {"SOON": 3, "LATE": 1}
    assert stands(firm.in_transit) == {"SOON": 0, "LATE": 0}
    assert Decimal(4) == tools.level_of(milk, firm.other) == tools.level_of(milk, firm.shop)
