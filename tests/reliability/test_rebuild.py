"""R8: every level told anew from the ledger is the level that is kept, over a ledger of some size; damage is found."""

import time

import numpy as np
import pytest
from django.db import connection

from inventory.models import Movement
from inventory.selectors.ledger_check import check_ledger
from inventory.services.bulk_posting import copy_movements
from tests.sizes import report, seed, size

pytestmark = pytest.mark.django_db
SKUS = 200


def test_levels_told_anew_are_the_levels_that_are_kept(house, tools):
    chosen, count = seed(), size("rebuild_movements")
    print(f"DEEP_SEED={chosen}")
    dice = np.random.default_rng(chosen)
    skus = np.array([tools.make_sku(f"s{number}").pk for number in range(SKUS)])
    start = np.datetime64("2025-01-01T00:00:00", "us")
    is_sale = np.arange(count) % 2 == 1
    # Each sale follows a receipt of the same SKU and at least its size, so that no level ends below zero.
    sku = np.repeat(skus[dice.integers(0, SKUS, -(-count // 2))], 2)[:count]
    copy_movements(
        sku_id=sku, source_id=np.where(is_sale, house.shop.pk, house.supplier.pk),
        destination_id=np.where(is_sale, house.customer.pk, house.shop.pk),
        kind="receipt", quantity=np.where(is_sale, 2, dice.integers(2, 9, count)),
        occurred_at=start + np.arange(count) * np.timedelta64(1, "s"),
        posting_key=[f"r{number // 50}" for number in range(count)], now=tools.NOW,
    )  # fmt: skip
    began = time.monotonic()
    assert [result for result in check_ledger(now=tools.NOW) if result.count] == []
    seconds = time.monotonic() - began
    assert Movement.objects.count() == count
    report("R8", "movements in the ledger told anew", count, f"0 differences in {seconds:.1f} s", chosen)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_stocklevel SET on_hand = on_hand + 1 WHERE sku_id = %s", [int(skus[0])])
    assert any(result.count for result in check_ledger(now=tools.NOW))
