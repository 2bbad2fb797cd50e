"""Random sequences of acts against a model that fits into a dictionary."""

import itertools
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from inventory.errors import AlreadyReversed, OutOfStock
from inventory.models import LostSale, Movement, Posting, StockLevel, StockoutEvent
from inventory.selectors.ledger import level_as_of
from inventory.selectors.ledger_check import check_ledger
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.counts import Counted, correct_count
from inventory.services.receiving import receive_goods
from inventory.services.reversals import reverse_posting
from inventory.services.sales import GoodsLine, sell

SKUS = st.sampled_from(["apple", "rice"])
AMOUNTS = st.integers(1, 6)


class Shop(RuleBasedStateMachine):
    """One shop; each example is rolled back. The test fills in `firm` and `tools`."""

    firm = tools = None

    def sku(self, code):
        return getattr(self.firm, code)

    @initialize()
    def begin(self):
        self.level = {"apple": Decimal(0), "rice": Decimal(0)}
        self.now, self.postings, self.lost = self.tools.NOW, [], Decimal(0)
        self.past = []

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def here(self, key=None):
        self.now += timedelta(minutes=1)
        self.past.append((self.now - timedelta(seconds=1), dict(self.level)))
        return {"location": self.firm.shop, "key": key, "user": None, "now": self.now}

    @rule(code=SKUS, amount=AMOUNTS)
    def receive(self, code, amount):
        goods = [GoodsLine(self.sku(code).pk, Decimal(amount))]
        self.postings.append((receive_goods(**self.here(), lines=goods), code, Decimal(amount)))
        self.level[code] += amount

    @rule(code=SKUS, amount=AMOUNTS, is_cut=st.booleans())
    def sell(self, code, amount, is_cut):
        goods = [GoodsLine(self.sku(code).pk, Decimal(amount))]
        short = max(amount - self.level[code], Decimal(0))
        self.lost += short
        try:
            sale = sell(**self.here(), lines=goods, allow_cut=is_cut)
        except OutOfStock:
            assert short and (not is_cut or not self.level[code])
            return
        served = sale.posting.movements.get().quantity
        assert served == amount - short
        self.postings.append((sale.posting, code, -served))
        self.level[code] -= served

    @rule(code=SKUS, amount=st.integers(-4, 4).filter(bool))
    def adjust(self, code, amount):
        change = Change(self.sku(code).pk, Decimal(amount))
        try:
            posting = adjust_stock(**self.here(), changes=[change], reason_code="other")
        except OutOfStock:
            assert self.level[code] + amount < 0
            return
        self.postings.append((posting, code, Decimal(amount)))
        self.level[code] += amount

    @rule(code=SKUS, found=st.integers(0, 8))
    def count(self, code, found):
        posting = correct_count(**self.here(), counts=[Counted(self.sku(code).pk, Decimal(found))])
        assert (posting is None) == (self.level[code] == found)
        self.level[code] = Decimal(found)

    @rule(data=st.data())
    def reverse(self, data):
        if not self.postings:
            return
        posting, code, change = data.draw(st.sampled_from(self.postings))
        given = {name: value for name, value in self.here().items() if name != "location"}
        try:
            reverse_posting(posting_id=posting.pk, **given)
        except AlreadyReversed:
            assert Movement.objects.filter(reverses__posting=posting).exists()
        except OutOfStock:
            assert self.level[code] < change
        else:
            self.level[code] -= change

    @rule(code=SKUS, amount=AMOUNTS)
    def deliver_twice(self, code, amount):
        key, goods = f"twice/{len(self.past)}", [GoodsLine(self.sku(code).pk, Decimal(amount))]
        given = self.here(key)
        first, again = (receive_goods(**given, lines=goods) for _time in range(2))
        assert first.pk == again.pk
        self.level[code] += amount

    @invariant()
    def levels_are_those_of_the_model(self):
        for code, expected in getattr(self, "level", {}).items():
            assert self.tools.level_of(self.sku(code), self.firm.shop) == expected

    @invariant()
    def nothing_is_below_zero_or_reserved_beyond_it(self):
        assert not StockLevel.objects.filter(on_hand__lt=0).exists()

    @invariant()
    def the_books_agree(self):
        assert [result for result in check_ledger(now=self.tools.NOW) if result.count] == []

    @invariant()
    def the_shelf_is_empty_exactly_while_an_interval_is_open(self):
        for code, expected in getattr(self, "level", {}).items():
            is_open = StockoutEvent.objects.filter(sku=self.sku(code), ended_at=None).exists()
            assert is_open == (expected <= 0)

    @invariant()
    def intervals_of_a_sku_do_not_overlap(self):
        for code in getattr(self, "level", {}):
            rows = StockoutEvent.objects.filter(sku=self.sku(code)).order_by("started_at")
            found = list(rows.values_list("started_at", "ended_at"))
            neighbours = itertools.pairwise(found)
            assert all(end is not None and end <= start for (_s, end), (start, _e) in neighbours)

    @invariant()
    def the_past_stays_what_it_was(self):
        for moment, levels in getattr(self, "past", [])[-2:]:
            for code, expected in levels.items():
                pair = {"sku_id": self.sku(code).pk, "location_id": self.firm.shop.pk}
                assert level_as_of(**pair, at=moment) == expected

    @invariant()
    def what_was_asked_in_vain_is_kept(self):
        assert sum(LostSale.objects.values_list("quantity", flat=True)) == getattr(self, "lost", 0)

    @invariant()
    def every_posting_has_lines_numbered_from_one(self):
        for posting in Posting.objects.order_by("-id")[:2]:
            numbers = list(posting.movements.order_by("line").values_list("line", flat=True))
            assert numbers == list(range(1, len(numbers) + 1)) != []


def test_acts_in_any_order(firm, tools):
    machine = type("ThisShop", (Shop,), {"firm": firm, "tools": tools})
    chosen = settings(
        max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(machine, settings=chosen)
