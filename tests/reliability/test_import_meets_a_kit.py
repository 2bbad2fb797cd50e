"""A SKU becomes a kit while a file of its movements goes in: one of the two is refused, wherever they meet."""

from contextlib import suppress

import pytest

from accounts.errors import DomainError
from inventory.models import Movement, Sku
from inventory.selectors.ledger_check import check_ledger
from inventory.services import bulk_posting_sql
from tests.reliability.interleaving import rival_at
from tests.reliability.writers import do_import

pytestmark = pytest.mark.django_db(transaction=True)
FILE_POINTS = ("refuse_shortages", "_write", "_check_references", "lock_levels_of", "settle_expired_of")
KIT_POINTS = ("_check_kit", "_take_off_sale", "_take_levels_away", "record_audit")


def one_of_the_two(house, sku):
    """Either it is a kit and nothing moved, or the file is in and it is none."""
    is_kit = Sku.objects.get(pk=sku.pk).is_kit
    assert Movement.objects.filter(sku=sku).exists() != is_kit
    return [result for result in check_ledger(now=house.now) if result.count] == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", FILE_POINTS)
def test_wherever_the_kit_comes_while_the_file_goes_in(house, sku, make_kit, point, when):
    with rival_at(f"inventory.services.bulk_posting.{point}", when, make_kit) as rival, suppress(DomainError):
        do_import(house, sku, 0)
    assert rival.has_met
    assert rival.raised is None or isinstance(rival.raised, DomainError)
    assert one_of_the_two(house, sku)


@pytest.mark.parametrize("point", KIT_POINTS)
def test_wherever_the_file_comes_while_the_kit_is_made(house, sku, make_kit, point):
    with rival_at(f"inventory.services.kits.{point}", "before", lambda: do_import(house, sku, 0)) as rival:
        make_kit()
    assert isinstance(rival.raised, DomainError)
    assert one_of_the_two(house, sku)


def test_without_the_second_look_both_would_go_through(house, sku, make_kit, monkeypatch):
    monkeypatch.setattr(bulk_posting_sql, "FIND_KITS", "SELECT 1, 'kit' LIMIT 0 * %s")
    point = "inventory.services.bulk_posting._check_references"
    with rival_at(point, "after", make_kit):
        do_import(house, sku, 0)
    assert Sku.objects.get(pk=sku.pk).is_kit
    assert Movement.objects.filter(sku=sku).exists()
