"""R2: every writer against every other, on the same goods at the same moment: the books are right afterwards."""

import itertools
import threading
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import connection

from accounts.collisions import sql_state
from accounts.errors import DomainError
from inventory.domain.goods import LotName
from inventory.selectors.ledger_check import check_ledger
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from tests.inventory.test_deadlocks import in_threads
from tests.reliability.writers import WRITERS, here
from tests.sizes import report, size

PAIRS = list(itertools.combinations_with_replacement(WRITERS, 2))
WRONG = """
SELECT sku.code FROM inventory_stocklevel level JOIN inventory_sku sku ON sku.id = level.sku_id
WHERE on_hand < 0 OR reserved <> (
    SELECT COALESCE(sum(held.quantity - held.issued), 0) FROM inventory_reservation held
    WHERE held.state = 'pending' AND held.sku_id = level.sku_id AND held.location_id = level.location_id)
"""


@pytest.fixture
def goods_of(house):
    """For each pair a SKU of its own, six units of it in the shop."""

    def make(round_number):
        made = {}
        for names in PAIRS:
            is_tracked = any(WRITERS[name].is_of_lots for name in names)
            sku = house.tools.make_sku(f"{' + '.join(names)} {round_number}"[:60], is_lot_tracked=is_tracked)
            made[names] = GoodsLine(sku.pk, Decimal(6), lot=LotName("L1") if is_tracked else None), sku
        receive_goods(**here(house), lines=[line for line, _sku in made.values()])
        return {names: sku for names, (_line, sku) in made.items()}

    return make


def fight(house, skus, number, barrier, raised):
    """One of two: goes through all pairs together with the other, each with the half of the pair that is its own."""
    for names, sku in skus.items():
        barrier.wait(60)
        for step in range(2):
            try:
                with suppress(DomainError):
                    WRITERS[names[number]].act(house, sku, number + step)
            except Exception as error:  # noqa: BLE001 (whatever it is, the test shows it with its pair)
                # Switching lots on or off gives way to others at work; nobody else may be sent away.
                if WRITERS[names[number]] is not WRITERS["track"] or sql_state(error) != "55P03":
                    raised.append((names, error))


@pytest.mark.django_db(transaction=True)
def test_every_pair_leaves_the_books_right(house, goods_of):
    for round_number in range(size("pair_rounds")):
        skus, barrier, raised = goods_of(round_number), threading.Barrier(2), []
        crashed = in_threads(2, lambda number, s=skus, b=barrier, r=raised: fight(house, s, number, b, r))
        assert (crashed, raised) == ([], [])
        with connection.cursor() as cursor:
            cursor.execute(WRONG)
            assert cursor.fetchall() == []
        assert [result for result in check_ledger(now=house.now) if result.count] == []
    report("R2", "pairs of writers, rounds of each", f"{len(PAIRS)} x {size('pair_rounds')}", "0 differences")
