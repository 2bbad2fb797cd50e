"""A posting as a whole, and undoing it with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from inventory.models import Posting, Sku, StockLevel
from inventory.services.listings import list_skus
from inventory.services.posting import MovementLine, post_movements
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, sell
from tests.pages.conftest import make_user, signed_in


@pytest.fixture
def receipt(shop):
    """Ten bread and 4.5 kg of rice."""
    return Posting.objects.get(key="first")


def undo(client, posting, reason="Wrong delivery"):
    return client.post(reverse("inventory:reverse_posting", args=[posting.pk]), {"reason": reason, "key": "k"})


def test_it_shows_its_lines_and_is_reached_from_the_ledger(staff, receipt, shop):
    page = staff.get(reverse("inventory:posting", args=[receipt.pk])).content.decode()
    assert "Brown bread" in page
    assert "A manager can undo it." in page
    ledger = staff.get(reverse("dashboards:sku", args=[shop.bread.pk])).content.decode()
    assert reverse("inventory:posting", args=[receipt.pk]) in ledger


def test_a_posting_of_many_lines_is_shown_a_hundred_at_a_time(manager, shop, django_assert_max_num_queries):
    """An imported opening stock is one posting, of as many lines as the store has SKUs."""
    now = timezone.now()
    skus = Sku.objects.bulk_create(Sku(code=f"K{n:03}", name=f"Kettle {n:03}", created_at=now) for n in range(120))
    list_skus(sku_ids=[sku.pk for sku in skus], location_ids=[shop.here.pk], listed_on=date(2026, 1, 1), now=now)
    lines = [GoodsLine(sku.pk, Decimal(1)) for sku in skus]
    row = receive_goods(location=shop.here, lines=lines, key=None, user=None, now=now)
    address = reverse("inventory:posting", args=[row.pk])
    with django_assert_max_num_queries(7):
        first = manager.get(address).content.decode()
    assert "Kettle 099" in first and "Kettle 100" not in first and "1 to 100 of 120" in first
    second = manager.get(address, {"page": 2}).content.decode()
    assert "Kettle 100" in second and "Kettle 099" not in second


def test_what_went_to_a_store_of_others_is_not_undone(shop):
    """A posting that touches a place that is not the manager's, on whatever page its lines stand."""
    moved = MovementLine(shop.bread.pk, shop.here.pk, shop.there.pk, Decimal(1))
    row = post_movements(lines=[moved], kind="adjustment", key=None, now=timezone.now(), posted_by=None)
    local = signed_in(make_user("max", Role.MANAGER, shop.here))
    assert (
        "It moved stock of a place that is not yours. Ask there."
        in local.get(reverse("inventory:posting", args=[row.pk])).content.decode()
    )
    assert undo(local, row).status_code == 422
    assert not Posting.objects.filter(kind="reversal").exists()


def test_a_manager_undoes_it_once(manager, receipt):
    assert undo(manager, receipt).status_code == 302
    assert undo(manager, receipt).status_code == 302
    assert not StockLevel.objects.filter(on_hand__gt=0).exists()
    undone = Posting.objects.get(kind="reversal")
    assert (undone.note, undone.posted_by) == ("Wrong delivery", manager.user)
    page = manager.get(reverse("inventory:posting", args=[receipt.pk])).content.decode()
    assert "Wrong delivery" in page
    answer = manager.post(reverse("inventory:reverse_posting", args=[receipt.pk]), {"reason": "Again", "key": "x"})
    assert "was reversed before" in answer.content.decode()


def test_without_a_reason_nothing_is_undone(manager, receipt):
    assert undo(manager, receipt, " ").status_code == 422
    assert not Posting.objects.filter(kind="reversal").exists()


def test_what_is_gone_cannot_go_back_and_is_named(manager, receipt, shop, staff):
    now = receipt.posted_at
    levels = StockLevel.objects.filter(location=shop.here).values_list("sku", "on_hand")
    lines = [GoodsLine(sku_id, on_hand) for sku_id, on_hand in levels]
    sell(location=shop.here, lines=lines, key=None, user=None, now=now)
    answer = undo(manager, receipt)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<span class="strong">Brown bread</span><br>B1 at Here: 0 left, 10 would go back.' in page
    assert "R1 at Here: 0 left, 4.5 would go back." in page
    assert "Wrong delivery" in page
