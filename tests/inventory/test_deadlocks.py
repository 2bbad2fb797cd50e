"""R3: baskets in opposite orders at once: nobody waits in a circle. Pairs of acts: tests/reliability."""

import random
import threading

import pytest
from django.db import OperationalError, connection

from accounts.statements import Statement
from inventory import locks
from inventory.selectors.ledger_check import check_ledger
from inventory.services.posting import post_movements
from tests.sizes import report, size

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, BASKETS = size("storm_clients"), size("storm_baskets")


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
    """Twenty SKUs, enough of each for every basket, and work that takes them in a random order."""
    skus = [tools.make_sku(f"item-{number:02}") for number in range(20)]
    lines = [tools.line(sku, firm.supplier, firm.shop, THREADS * BASKETS) for sku in skus]
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
    report("R3", "clients x baskets of 2 to 20 lines in any order", f"{THREADS} x {BASKETS}", "0 deadlocks")
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_without_the_order_there_are_deadlocks(fill, monkeypatch):
    for name in ("LOCK", "LOOK_AND_LOCK"):
        ordered = getattr(locks, name).sql
        shuffled = ordered.replace("ORDER BY level.sku_id, level.location_id", "ORDER BY random()")
        assert shuffled != ordered
        monkeypatch.setattr(locks, name, Statement(shuffled))
    raised = in_threads(THREADS, fill)
    assert any(isinstance(error, OperationalError) and "deadlock" in str(error) for error in raised)
