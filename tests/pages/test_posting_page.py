"""A posting as a whole, and undoing it with a reason."""

import pytest
from django.urls import reverse

from inventory.models import Posting, StockLevel
from inventory.services.sales import GoodsLine, sell


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
