"""What will expire before anybody asks for it does not count, nor does what may not be sold."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Listing, Lot
from inventory.services.lot_holds import quarantine_lot
from inventory.services.receiving import receive_goods
from orders.models import ReorderLevel
from orders.selectors.positions import load_positions
from orders.selectors.risk import load_risk
from orders.selectors.why import why
from tests.orders.conftest import NOW, TODAY, foresee, make_sku, make_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk(firm, plan):
    """Two a day are asked for; delivery takes 2 days, the next look is in one: 10 March to 12 March are covered."""
    sku = make_sku("milk", is_lot_tracked=True)
    make_terms(firm.acme, sku)
    Listing.objects.create(sku=sku, location=firm.shop, listed_on=date(2026, 1, 1))
    foresee(firm.run, sku, firm.shop, 2.0)
    plan()
    return sku


@pytest.fixture
def bring(firm, milk):
    def receive(code, quantity, day):
        expires_on = None if day is None else date(2026, 3, 1) + timedelta(days=day - 1)
        lines = [GoodsLine(milk.pk, Decimal(quantity), lot=LotName(code, expires_on))]
        return receive_goods(location=firm.shop, lines=lines, key=None, user=None, now=NOW)

    return receive


def position(firm, sku, today=TODAY):
    return load_positions([firm.shop.pk], [sku.pk], today=today)[firm.shop.pk, sku.pk]


def test_the_interval_is_as_expected(firm, milk):
    assert ReorderLevel.objects.get(sku=milk).protection_interval_days == 3


@pytest.mark.parametrize(
    ("lots", "expiring"),
    [
        ([("A", 5, 10)], 3),  # today is its last day: two are sold
        ([("A", 5, 11)], 1),  # two days, four are sold
        ([("A", 4, 11)], 0),
        ([("A", 9, 12)], 0),  # lasts as long as the interval
        ([("A", 9, None)], 0),
        ([("A", 1, 10), ("B", 5, 11)], 2),  # 1 + 1 today, 2 tomorrow: two of B stay
        ([("A", 5, 10), ("B", 2, 11)], 3),  # A wastes three, B is sold tomorrow
        ([("A", 5, 10), ("C", 50, 30)], 3),
    ],
)
def test_what_expires_before_it_is_asked_for_does_not_count(firm, milk, bring, lots, expiring):
    for lot in lots:
        bring(*lot)
    found = position(firm, milk)
    total = sum(quantity for _code, quantity, _day in lots)
    assert (found.expiring, found.available, found.inventory_position) == (expiring, total, total - expiring)


def test_quarantined_stock_does_not_count_and_wastes_nothing(firm, milk, bring):
    bring("A", 5, 10)
    bring("B", 8, None)
    quarantine_lot(lot_id=Lot.objects.get(code="A").pk, reason="r", user=None, now=NOW)
    found = position(firm, milk)
    assert (found.on_hand, found.held, found.expiring, found.available, found.inventory_position) == (13, 5, 0, 8, 8)


def test_the_plan_orders_for_what_will_expire_and_says_so(firm, milk, bring, plan):
    bring("A", 30, 11)
    plan()
    answer = why(sku=milk, location=firm.shop, now=NOW)
    values = {line.code: line.value for line in answer.lines}
    assert answer.code == "proposed"
    assert (values["on_hand"], values["expiring"], values["position"]) == (30, -26, 4)
    row = next(row for row in load_risk(location_ids=[firm.shop.pk], today=TODAY) if row.sku_id == milk.pk)
    assert (row.available, row.position) == (30, 4)


def wasted_by_hand(lots, daily, first, end):
    """Sells the demand of each day from what expires first, and adds up what is thrown away before `end`."""
    left, waste, day = sorted(lots), 0, first
    while day < end:
        wanted = daily
        for row in left:
            taken = min(row[1], wanted)
            row[1] -= taken
            wanted -= taken
        waste += sum(row[1] for row in left if row[0] == day and day < end - 1)
        left = [row for row in left if row[0] > day]
        day += 1
    return waste


@pytest.mark.parametrize("seed", range(6))
def test_the_rule_agrees_with_selling_day_by_day(firm, milk, bring, seed):
    dice = random.Random(seed)
    ReorderLevel.objects.filter(sku=milk).update(protection_interval_days=9)
    lots = [[dice.randint(10, 22), dice.randint(1, 9)] for _lot in range(5)]
    for number, (day, quantity) in enumerate(lots):
        bring(f"L{number}", quantity, day)
    assert position(firm, milk).expiring == wasted_by_hand(lots, 2, 10, 19)
