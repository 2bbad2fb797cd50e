"""Random acts on a lot-tracked SKU against a model that is kept by hand, and many hands at once."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.errors import DomainError, IllegalStateChange
from inventory.domain.goods import GoodsLine, LotName
from inventory.errors import InvalidLines, OutOfStock
from inventory.models import Lot, LotLevel, LotStatus, Movement, StockLevel, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.listings import list_skus
from inventory.services.lot_holds import hold_expired_lots, quarantine_lot, release_lot
from inventory.services.posting import post_movements
from inventory.services.receiving import receive_goods
from inventory.services.sales import sell
from inventory.services.sending import send_goods
from inventory.services.stockouts import rebuild_stockouts
from inventory.services.transfers import receive_transfer
from tests.inventory.test_deadlocks import in_threads

CODES = "ABCDEF"
START = datetime(2026, 3, 10, 6, tzinfo=UTC)
# The shops are in Paris: a lot that ends on the 12th may be sold until 23:00 UTC of that day.
LAST_DAYS = {code: date(2026, 3, 10 + 2 * number) for number, code in enumerate(CODES)}


class Model:
    """What ought to stand of each lot at each shop, and what is quarantined."""

    def __init__(self):
        self.left = defaultdict(Decimal)
        self.quarantined = set()

    def is_good(self, code, now):
        ends = datetime.combine(LAST_DAYS[code], datetime.min.time(), UTC) + timedelta(hours=23)
        return code not in self.quarantined and now < ends

    def take(self, place, quantity, now):
        """First expired first out; None when there is not enough, and then nothing is taken."""
        good = [code for code in CODES if self.is_good(code, now)]
        if sum(self.left[place, code] for code in good) < quantity:
            return None
        taken = {}
        for code in good:
            share = min(quantity - sum(taken.values()), self.left[place, code])
            if share:
                taken[code] = share
                self.left[place, code] -= share
        return taken


class World:
    def __init__(self, firm, tools, seed):
        self.dice, self.model, self.now = random.Random(seed), Model(), START
        self.sku = tools.make_sku("milk", is_lot_tracked=True)
        self.places = [firm.shop, firm.other]
        list_skus(
            sku_ids=[self.sku.pk],
            location_ids=[place.pk for place in self.places],
            listed_on=date(2026, 3, 1),
            now=START - timedelta(days=1),
        )

    def step(self):
        self.now += timedelta(minutes=self.dice.randint(1, 500))
        place, code = self.dice.choice(self.places), self.dice.choice(CODES)
        quantity = Decimal(self.dice.randint(1, 6))
        acts = [self.bring, self.bring, self.sell, self.sell, self.scrap, self.send, self.toggle, self.notice]
        self.dice.choice(acts)(place, code, quantity)

    def act(self):
        return {"user": None, "now": self.now}

    def bring(self, place, code, quantity):
        lines = [GoodsLine(self.sku.pk, quantity, lot=LotName(code, LAST_DAYS[code]))]
        try:
            receive_goods(location=place, lines=lines, key=None, **self.act())
        except InvalidLines:
            assert LAST_DAYS[code] < (self.now + timedelta(hours=1)).date()
        else:
            self.model.left[place.pk, code] += quantity

    def sell(self, place, _code, quantity):
        expected = self.model.take(place.pk, quantity, self.now)
        try:
            sale = sell(location=place, lines=[GoodsLine(self.sku.pk, quantity)], key=None, **self.act())
        except OutOfStock:
            assert expected is None
        else:
            rows = Movement.objects.filter(posting=sale.posting).order_by("line")
            assert dict(rows.values_list("lot__code", "quantity")) == expected

    def scrap(self, place, code, _quantity):
        units = self.model.left[place.pk, code]
        if units:
            change = Change(self.sku.pk, -units, LotName(code))
            adjust_stock(location=place, changes=[change], reason_code="expired", key=None, **self.act())
            self.model.left[place.pk, code] = Decimal(0)

    def send(self, place, _code, quantity):
        other = next(found for found in self.places if found != place)
        expected = self.model.take(place.pk, quantity, self.now)
        lines = [GoodsLine(self.sku.pk, quantity)]
        try:
            sent = send_goods(source=place, destination=other, lines=lines, **self.act())
        except OutOfStock:
            assert expected is None
            return
        receive_transfer(transfer_id=sent.pk, key=None, **self.act())
        for code, units in expected.items():
            self.model.left[other.pk, code] += units

    def toggle(self, _place, code, _quantity):
        found = Lot.objects.filter(code=code).first()
        if found is None:
            return
        is_kept = found.status == LotStatus.QUARANTINED
        act = release_lot if is_kept else quarantine_lot
        act(lot_id=found.pk, reason="r", **self.act())
        self.model.quarantined ^= {code}

    def notice(self, _place, _code, _quantity):
        hold_expired_lots(now=self.now)

    def check(self):
        levels = {place.pk: Decimal(0) for place in self.places}
        for row in LotLevel.objects.filter(location__in=self.places).select_related("lot"):
            assert row.on_hand == self.model.left[row.location_id, row.lot.code]
            levels[row.location_id] += row.on_hand
        for level in StockLevel.objects.filter(sku=self.sku, location__in=self.places):
            assert level.on_hand == levels[level.location_id]

    def spells(self):
        return list(StockoutEvent.objects.order_by("location", "started_at").values_list("started_at", "ended_at"))


@pytest.mark.parametrize("seed", range(8))
def test_random_histories_agree_with_the_model_and_with_the_ledger_told_anew(firm, tools, seed):
    world = World(firm, tools, seed)
    for _step in range(40):
        world.step()
        world.check()
    world.notice(None, None, None)
    live = world.spells()
    assert [result.title for result in check_ledger(now=world.now) if result.count] == []
    for level in StockLevel.objects.filter(sku=world.sku, location__in=world.places):
        good = [code for code in CODES if world.model.is_good(code, world.now)]
        assert level.on_hand - level.held == sum(world.model.left[level.location_id, code] for code in good)
    rebuild_stockouts(location_ids=[place.pk for place in world.places], now=world.now)
    assert world.spells() == live


@pytest.mark.django_db(transaction=True)
def test_quarantine_while_everybody_moves_the_lot(firm, tools):
    world = World(firm, tools, 1)
    for place in world.places:
        world.bring(place, "F", Decimal(400))
    lot = Lot.objects.get(code="F")

    def work(number):
        dice = random.Random(number)
        for turn in range(12):
            here, there = dice.sample([firm.shop, firm.other, firm.depot], 2)
            lines = [GoodsLine(world.sku.pk, Decimal(dice.randint(1, 3)))]
            try:
                if number == 0:
                    act = quarantine_lot if turn % 2 == 0 else release_lot
                    act(lot_id=lot.pk, reason="r", user=None, now=START)
                elif dice.random() < 0.5:
                    sell(location=here, lines=lines, key=None, user=None, now=START)
                else:
                    send_goods(source=here, destination=there, lines=lines, user=None, now=START)
            except (OutOfStock, IllegalStateChange):
                continue

    assert [error for error in in_threads(5, work) if not isinstance(error, DomainError)] == []
    assert [result.title for result in check_ledger(now=START + timedelta(minutes=2)) if result.count] == []


def test_a_tracked_sku_costs_one_statement_more_however_many_lots(firm, tools, django_assert_num_queries):
    world = World(firm, tools, 1)
    for code in CODES:
        world.bring(firm.shop, code, Decimal(2))
    lines = [tools.line(world.sku, firm.shop, firm.customer, 9)]
    with django_assert_num_queries(3):
        post_movements(lines=lines, kind="sale", key="k", now=START)
