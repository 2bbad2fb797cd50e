"""A SKU becomes a kit in the instant in which goods of it are received: one of the two is refused, whoever is first."""

import pytest

from accounts.errors import InvalidInput
from inventory.errors import InvalidLines
from inventory.models import Sku, StockLevel
from inventory.selectors.ledger_check import check_ledger
from inventory.services.receiving import receive_goods
from tests.reliability.interleaving import rival_at
from tests.reliability.writers import goods, here

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acts(house, sku, make_kit):
    return lambda: receive_goods(**here(house), lines=goods(sku)), make_kit


@pytest.mark.parametrize("point", ["plan_lots", "_write", "_keep_stockouts"])
def test_goods_that_came_first_stay_and_there_is_no_kit(house, sku, acts, point):
    receive, make_kit = acts
    with rival_at(f"inventory.services.posting.{point}", "before", make_kit) as rival:
        receive()
    assert isinstance(rival.raised, InvalidInput)
    assert StockLevel.objects.get(sku=sku).on_hand == 1
    assert not Sku.objects.get(pk=sku.pk).is_kit


@pytest.mark.parametrize("point", ["_check_kit", "_take_off_sale", "_take_levels_away", "record_audit"])
def test_what_has_become_a_kit_is_not_received(house, sku, acts, point):
    receive, make_kit = acts
    with rival_at(f"inventory.services.kits.{point}", "before", receive) as rival:
        make_kit()
    assert isinstance(rival.raised, InvalidLines)
    assert Sku.objects.get(pk=sku.pk).is_kit
    assert not StockLevel.objects.filter(sku=sku).exclude(on_hand=0).exists()
    assert all(result.count == 0 for result in check_ledger(now=house.now))
