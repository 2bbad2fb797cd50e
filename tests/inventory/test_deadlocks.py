"""Baskets in opposite orders, new SKUs and whole documents at once: nobody waits in a circle."""

import random
import threading
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection

from accounts.statements import Statement
from inventory import locks
from inventory.errors import OutOfStock
from inventory.selectors.ledger_check import check_ledger
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.counts import Counted, correct_count
from inventory.services.posting import post_movements
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, return_goods, sell
from inventory.services.transfers import create_transfer, receive_transfer, ship_transfer

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, BASKETS = 8, 15


def in_threads(count, work):
    """Runs work(0), work(1), ... at once, each with its own connection; gives what they raised."""
    barrier, raised = threading.Barrier(count), []

    def run(number):
        barrier.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 (the test looks at whatever it was)
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.fixture
def fill(firm, tools):
    """Twenty SKUs, and work that takes and brings all of them in a random order."""
    skus = [tools.make_sku(f"item-{number:02}") for number in range(20)]
    lines = [tools.line(sku, firm.supplier, firm.shop, 10_000) for sku in skus]
    post_movements(lines=lines, kind="receipt", key=None, now=tools.NOW)

    def work(number):
        dice = random.Random(number)
        for _basket in range(BASKETS):
            chosen = dice.sample(skus, dice.randint(2, 20))
            taken = [tools.line(sku, firm.shop, dice.choice([firm.customer, firm.other]), 1) for sku in chosen]
            post_movements(lines=taken, kind="sale", key=None, now=tools.NOW)

    return work


def test_baskets_in_opposite_orders(fill, tools):
    assert in_threads(THREADS, fill) == []
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_without_the_order_there_are_deadlocks(fill, monkeypatch):
    for name in ("LOCK", "LOOK_AND_LOCK"):
        ordered = getattr(locks, name).sql
        shuffled = ordered.replace("ORDER BY level.sku_id, level.location_id", "ORDER BY random()")
        assert shuffled != ordered
        monkeypatch.setattr(locks, name, Statement(shuffled))
    raised = in_threads(THREADS, fill)
    assert any(isinstance(error, OperationalError) and "deadlock" in str(error) for error in raised)


def acts(firm, tools):
    """Every act that moves stock, by name: act(sku, number) moves a little of it."""
    one, here = Decimal(1), {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}

    def transfer(sku, number):
        way = {"source": firm.shop, "destination": firm.other, "lines": [GoodsLine(sku.pk, one)]}
        made = create_transfer(**way, user=None, now=tools.NOW)
        ship_transfer(transfer_id=made.pk, user=None, now=tools.NOW)
        receive_transfer(transfer_id=made.pk, key=None, user=None, now=tools.NOW)

    return {
        "sell": lambda sku, number: sell(**here, lines=[GoodsLine(sku.pk, one)]),
        "cut": lambda sku, number: sell(**here, lines=[GoodsLine(sku.pk, Decimal(3))], allow_cut=True),
        "return": lambda sku, number: return_goods(**here, lines=[GoodsLine(sku.pk, one)]),
        "receive": lambda sku, number: receive_goods(**here, lines=[GoodsLine(sku.pk, one)]),
        "adjust": lambda sku, number: adjust_stock(**here, changes=[Change(sku.pk, -one)], reason_code="damage"),
        "count": lambda sku, number: correct_count(**here, counts=[Counted(sku.pk, Decimal(number % 5))]),
        "late": lambda sku, number: sell(
            **{**here, "now": tools.NOW - timedelta(hours=number)}, lines=[GoodsLine(sku.pk, one)]
        ),
        "transfer": transfer,
    }


NAMES = ["sell", "cut", "return", "receive", "adjust", "count", "late", "transfer"]
PAIRS = [(one, other) for index, one in enumerate(NAMES) for other in NAMES[index:]]


def test_every_pair_of_acts_leaves_the_books_right(firm, tools, stock):
    chosen = acts(firm, tools)
    for names in PAIRS:
        sku = tools.make_sku("-".join(names))
        stock(sku, firm.shop, 6)
        pair = [chosen[name] for name in names]
        assert in_threads(4, lambda number, pair=pair, sku=sku: quarrel(pair[number % 2], sku)) == [], names
        assert [result for result in check_ledger(now=tools.NOW) if result.count] == [], names


def quarrel(act, sku):
    for step in range(4):
        with suppress(OutOfStock):
            act(sku, step)
