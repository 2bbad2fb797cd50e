"""R6: acts in any order, against a model that fits into dictionaries. Fourteen invariants hold after every step."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.errors import DomainError, IllegalStateChange
from inventory.domain.goods import LotName
from inventory.errors import AlreadyReversed, OutOfStock
from inventory.models import Movement
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.batches import BatchLine, post_batch
from inventory.services.counts import Counted, correct_count
from inventory.services.issuing import issue_reservation
from inventory.services.receiving import receive_goods
from inventory.services.reservations import expire_due, reassign_reservation, release_reservation, reserve_stock
from inventory.services.reversals import reverse_posting
from inventory.services.sales import GoodsLine, return_goods, sell
from inventory.services.transfers import Arrival, create_transfer, receive_transfer, ship_transfer
from tests.reliability.facts import read_facts
from tests.reliability.model import Held, Model

CODES = st.sampled_from(["apple", "rice", "milk"])
AMOUNTS = st.integers(1, 6).map(Decimal)
LOTS = {"milk": ("A", "B")}


class Stock(RuleBasedStateMachine):
    """Two shops and three SKUs, one of them tracked by lot. Each example is rolled back. The test sets `house`."""

    house = None

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.model, self.now, self.steps = Model(), self.house.now, 0
        self.postings, self.shipped = [], []

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def open_the_shop(self):
        for code, lot in (("apple", 0), ("rice", 0), ("milk", 0), ("milk", 1)):
            self.receive(code, Decimal(4), lot)

    @contextmanager
    def act(self, *allowed, minutes=1):
        """One act: time passes, what has expired is free, and a refusal must be one that the model foresees."""
        self.now += timedelta(minutes=minutes)
        self.steps += 1
        self.model.expire(self.now)
        try:
            yield
        except allowed as refusal:
            self.refused = refusal

    def sku(self, code):
        return getattr(self.house, code)

    def here(self, **fields):
        return {"location": self.house.shop, "key": f"step {self.steps}", **self.who(), **fields}

    def who(self):
        return {"user": self.house.ada, "now": self.now}

    def goods(self, code, amount, lot=None):
        name = LotName(LOTS[code][lot or 0]) if code in LOTS and lot is not None else None
        return [GoodsLine(self.sku(code).pk, amount, lot=name)]

    def is_short(self, code, amount, place="shop"):
        return self.model.available(code, place) < amount

    @rule(code=CODES, amount=AMOUNTS, lot=st.integers(0, 1))
    def receive(self, code, amount, lot):
        with self.act():
            posting = receive_goods(**self.here(), lines=self.goods(code, amount, lot))
            self.note(posting, code, amount, None, "shop")

    @rule(code=CODES, amount=AMOUNTS, lot=st.integers(0, 1))
    def take_back(self, code, amount, lot):
        with self.act():
            posting = return_goods(**self.here(), lines=self.goods(code, amount, lot))
            self.note(posting, code, amount, None, "shop")

    @rule(code=CODES, amount=AMOUNTS, is_cut=st.booleans())
    def sell(self, code, amount, is_cut):
        with self.act(OutOfStock):
            short = max(amount - max(self.model.available(code, "shop"), 0), Decimal(0))
            served = amount - short if is_cut else amount if not short else Decimal(0)
            self.model.lost += short
            sale = sell(**self.here(), lines=self.goods(code, amount), allow_cut=is_cut)
            assert served > 0
            self.note(sale.posting, code, served, "shop", None)

    @rule(code=CODES, amount=AMOUNTS)
    def lose(self, code, amount):
        with self.act(OutOfStock):
            is_short = self.is_short(code, amount)
            change = [Change(self.sku(code).pk, -amount)]
            posting = adjust_stock(**self.here(), changes=change, reason_code="theft")
            assert not is_short
            self.note(posting, code, amount, "shop", None)

    @rule(code=st.sampled_from(["apple", "rice"]), found=st.integers(0, 9).map(Decimal))
    def count(self, code, found):
        with self.act(OutOfStock):
            there, held = self.model.on_hand[code, "shop"], self.model.reserved(code, "shop")
            posting = correct_count(**self.here(), counts=[Counted(self.sku(code).pk, found)])
            assert (posting is None) == (found == there)
            assert found >= min(held, there)
            if posting:
                ends = (None, "shop") if found > there else ("shop", None)
                self.model.move(code, abs(found - there), *ends)

    @rule(code=CODES, amount=AMOUNTS, hours=st.integers(1, 30))
    def sell_late(self, code, amount, hours):
        """A till that was offline sends what it sold; the present must bear it."""
        with self.act(OutOfStock):
            is_short = self.is_short(code, amount)
            line = BatchLine(
                "sale", self.sku(code).pk, self.house.shop, amount, occurred_at=self.now - timedelta(hours=hours)
            )
            self.model.lost += max(amount - max(self.model.available(code, "shop"), 0), Decimal(0))
            posting = post_batch(lines=[line], key=f"step {self.steps}", **self.who())
            assert not is_short
            self.note(posting, code, amount, "shop", None)

    @rule(code=CODES, amount=AMOUNTS, minutes=st.none() | st.integers(1, 90))
    def reserve(self, code, amount, minutes):
        with self.act(OutOfStock):
            is_short = self.is_short(code, amount)
            until = None if minutes is None else self.now + timedelta(minutes=minutes)
            made = reserve_stock(
                **self.here(), lines=[GoodsLine(self.sku(code).pk, amount)], reference="o", expires_at=until
            )
            assert not is_short
            self.model.held[made[0].pk] = Held(code, "shop", amount, until)

    @rule(data=st.data(), amount=st.none() | AMOUNTS)
    def issue(self, data, amount):
        if not self.model.held:
            return
        number = data.draw(st.sampled_from(sorted(self.model.held)))
        row = self.model.held[number]
        with self.act(IllegalStateChange, DomainError):
            taken = row.left if amount is None else amount
            is_possible = row.is_open and taken <= row.left
            issued = issue_reservation(reservation_id=number, key=f"step {self.steps}", quantity=amount, **self.who())
            assert is_possible
            row.left -= taken
            row.is_open = row.left > 0
            self.model.move(row.code, taken, row.place, None, lines=issued.posting.movements.count())

    @rule(data=st.data())
    def release(self, data):
        if not self.model.held:
            return
        number = data.draw(st.sampled_from(sorted(self.model.held)))
        with self.act(IllegalStateChange):
            release_reservation(reservation_id=number, **self.who())
            self.model.held[number].is_open = False

    @rule(data=st.data())
    def reassign(self, data):
        if not self.model.held:
            return
        number = data.draw(st.sampled_from(sorted(self.model.held)))
        row = self.model.held[number]
        with self.act(OutOfStock, IllegalStateChange):
            target = "other" if row.place == "shop" else "shop"
            is_possible = row.is_open and self.model.available(row.code, target) >= row.left
            reassign_reservation(reservation_id=number, location=getattr(self.house, target), **self.who())
            assert is_possible
            row.place = target

    @rule(minutes=st.integers(0, 120))
    def clock_jumps(self, minutes):
        with self.act(minutes=minutes):
            expire_due(now=self.now)

    @rule(code=CODES, amount=AMOUNTS)
    def ship(self, code, amount):
        with self.act(OutOfStock):
            is_short = self.is_short(code, amount)
            way = {"source": self.house.shop, "destination": self.house.other}
            made = create_transfer(**way, lines=[GoodsLine(self.sku(code).pk, amount)], **self.who())
            with transaction.atomic():
                ship_transfer(transfer_id=made.pk, **self.who())
            assert not is_short
            self.shipped.append([made.pk, code, amount])
            self.model.move(code, amount, "shop", "in_transit", lines=self.lines_since())

    @rule(data=st.data(), amount=AMOUNTS, is_final=st.booleans())
    def arrive(self, data, amount, is_final):
        if not self.shipped:
            return
        row = data.draw(st.sampled_from(self.shipped))
        number, code, left = row
        with self.act():
            came = min(amount, left)
            receive_transfer(
                transfer_id=number, received=[Arrival(self.sku(code).pk, came)], is_final=is_final, reason_code="theft",
                key=f"step {self.steps}", **self.who(),
            )  # fmt: skip
            self.model.move(code, came, "in_transit", "other", lines=0)
            if is_final and left > came:
                self.model.move(code, left - came, "in_transit", None, lines=0)
            row[2] -= left if is_final else came
            if not row[2]:
                self.shipped.remove(row)
            self.model.movements += self.lines_since()

    @rule(data=st.data())
    def reverse(self, data):
        if not self.postings:
            return
        number, code, amount, source, destination = data.draw(st.sampled_from(self.postings))
        with self.act(AlreadyReversed, OutOfStock, IllegalStateChange):
            undone = reverse_posting(posting_id=number, key=f"step {self.steps}", **self.who())
            assert not destination or self.model.available(code, destination) >= amount
            self.model.move(code, amount, destination, source, lines=undone.movements.count())

    @rule(code=st.sampled_from(["apple", "rice"]), amount=AMOUNTS)
    def deliver_twice(self, code, amount):
        with self.act():
            first, again = (receive_goods(**self.here(), lines=self.goods(code, amount)) for _time in range(2))
            assert first.pk == again.pk
            self.note(first, code, amount, None, "shop")

    def note(self, posting, code, amount, source, destination):
        self.postings.append((posting.pk, code, amount, source, destination))
        self.model.move(code, amount, source, destination, lines=posting.movements.count())

    def lines_since(self):
        """How many lines the step has written: lots cut a line into several."""
        return Movement.objects.count() - self.facts.movements

    @invariant()
    def the_ledger_says_what_the_model_says(self):
        """All invariants on one reading of the database; `Facts` names each."""
        self.facts = read_facts()
        for name, fault in self.facts.faults(self.model, self.now):
            raise AssertionError(f"{name}: {fault}")
