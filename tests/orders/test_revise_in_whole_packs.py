"""A change of an order goes by the terms of its supplier, from whichever door: whole packs, at least their least."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput
from orders.models import OrderRevision
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, TODAY
from tests.pages.buying import ordered_firm, text_of

pytestmark = pytest.mark.django_db
SAID = "tea: 20 is no whole number of packs of 6: order 18 / 24."


@pytest.fixture
def world(db):
    """24 of tea in packs of 6."""
    return ordered_firm()


def revise(world, quantity, day=None):
    changes = {world.lines["tea"].pk: LineChange(Decimal(quantity), day)}
    return revise_order(order_id=world.order.pk, changes=changes, user=world.firm.buyer, now=NOW)


def test_a_broken_pack_is_refused_with_the_next_whole_ones(world):
    with pytest.raises(InvalidInput) as refusal:
        revise(world, 20)
    assert refusal.value.message == SAID
    assert refusal.value.details[0]["line"] == world.lines["tea"].pk
    assert revise(world, 18).total_after == world.order.total - 12


def test_a_program_hears_the_same_and_changes_nothing(world):
    client = Client()
    client.force_login(world.firm.buyer)
    body = {"lines": [{"line": world.lines["tea"].pk, "quantity": "20"}]}
    address = reverse("api:purchase-order-revise", args=[world.order.pk])
    answer = client.post(address, body, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 422 and SAID in answer.json()["title"]
    assert not OrderRevision.objects.exists()


def test_the_page_says_it_beside_the_line_with_the_entry_kept(world):
    page = reverse("orders:revise", args=[world.order.pk])
    answer = world.buyer.post(page, {f"quantity-{world.lines['tea'].pk}": "20"})
    assert answer.status_code == 422
    assert "order 18 / 24" in text_of(answer) and 'value="20"' in text_of(answer)


def test_not_below_the_least_of_a_line_nor_told_to_order_less(world):
    SupplierTerms.objects.update(minimum_quantity=10)
    with pytest.raises(InvalidInput, match=r"At least 10 are delivered: order 12\."):
        revise(world, 6)
    with pytest.raises(InvalidInput, match=r"packs of 6: order 12\."):
        revise(world, 11)


def test_a_line_that_breaks_a_new_pack_keeps_its_quantity_or_goes(world):
    SupplierTerms.objects.update(pack_size=10)
    assert revise(world, 24, TODAY + timedelta(days=9)).number == 1
    assert revise(world, 0).number == 2


def test_what_came_and_what_the_supplier_said_need_no_whole_pack(world):
    world.order.lines.filter(sku__code="tea").update(confirmed_quantity=17)
    assert revise(world, 17).number == 1
    lines = {world.lines["tea"].pk: Decimal(5)}
    receive_order(order_id=world.order.pk, key="r", user=None, now=NOW, quantities=lines)
    assert revise(world, 5).number == 2


def test_what_they_no_longer_offer_is_not_measured(world):
    SupplierTerms.objects.filter(sku__code="tea").update(is_active=False)
    assert revise(world, 20).number == 1
