"""What a chat hears of an order: who, of whom, for which place, how much, with a link, in its own language."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.models import SupplierLink
from orders.selectors.order_pages import order_lines
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import cancel_order
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from orders.services.supplier_answers import LineAnswer, answer_order
from orders.services.supplier_returns import return_goods
from outbox.models import Message, WebhookEndpoint
from tests.orders.conftest import NOW, TODAY
from tests.pages.buying import planned_firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.SITE_URL = "https://shop.example"
    world = planned_firm()
    fields = {"format": "slack", "secret": "", "created_at": NOW}
    world.chat = WebhookEndpoint.objects.create(url="https://hooks.example.com/a", language="en", **fields)
    world.other = WebhookEndpoint.objects.create(url="https://hooks.example.com/b", language="zh-hans", **fields)
    asked = [world.tea.pk, world.salt.pk]
    (world.order,) = approve_proposals(proposal_ids=asked, user=world.firm.buyer, now=NOW).orders
    world.line = world.order.lines.get(sku__code="tea")
    return world


def heard(world, event, endpoint=None):
    target = str((endpoint or world.chat).pk)
    (row,) = Message.objects.filter(channel="webhook", target=target, event_type=f"purchase_order.{event}")
    return row.payload["note"]


def test_a_new_order_is_a_sentence_with_a_link(world):
    note, number = heard(world, "approved"), world.order.number
    assert note["text"] == f"Acme gets order {number} for Shop: €84.00, expected on Mar 12. By buyer."
    assert (note["url"], note["act"]) == (f"https://shop.example/orders/{world.order.pk}/", "Open the order")


def test_each_chat_reads_its_own_language(world):
    assert heard(world, "approved", world.other)["text"].startswith("已向 Acme 订货")


def test_a_change_says_what_it_costs_instead(world):
    changes = {world.line.pk: LineChange(Decimal(12))}
    revise_order(order_id=world.order.pk, changes=changes, user=world.firm.buyer, now=NOW)
    assert heard(world, "revised")["text"].endswith("has changed: €60.00 instead of €84.00. By buyer.")


def test_a_change_of_days_alone_costs_the_same(world):
    day = world.order.expected_on + timedelta(days=3)
    changes = {world.line.pk: LineChange(world.line.quantity, day)}
    revise_order(order_id=world.order.pk, changes=changes, user=world.firm.buyer, now=NOW)
    assert "still comes to €84.00. By buyer." in heard(world, "revised")["text"]


def test_a_part_and_what_goes_back_are_told(world):
    units = {world.line.pk: Decimal(6)}
    receive_order(order_id=world.order.pk, key="r", user=world.firm.buyer, now=NOW, quantities=units)
    number = world.order.number
    assert heard(world, "received")["text"] == f"A part of order {number} of Acme has arrived at Shop. By buyer."
    wanted = {"order_id": world.order.pk, "quantities": units, "lots": {}, "reason": "Torn", "key": "g"}
    return_goods(**wanted, user=world.firm.buyer, now=NOW)
    said = f"Goods of order {number} go back from Shop to Acme. By buyer. “Torn”"
    assert heard(world, "returned")["text"] == said


def test_all_of_it_and_nobody_in_particular(world):
    receive_order(order_id=world.order.pk, key="r", user=None, now=NOW)
    assert heard(world, "received")["text"] == f"Order {world.order.number} of Acme has arrived at Shop."


def test_the_end_of_an_order_is_told(world):
    cancel_order(order_id=world.order.pk, user=world.firm.buyer, now=NOW)
    said = f"Order {world.order.number} of Acme for Shop is cancelled: €84.00. By buyer."
    assert heard(world, "cancelled")["text"] == said


def test_what_the_supplier_says_is_short_is_a_warning(world):
    link = SupplierLink.objects.get(order=world.order)
    lines = order_lines(world.order)
    answers = {line.pk: LineAnswer(line.quantity if line.pk != world.line.pk else Decimal(6), TODAY) for line in lines}
    answer_order(link_id=link.pk, answers=answers, now=NOW, note="Sorry")
    note = heard(world, "answered")
    assert note["text"] == f"Acme has answered order {world.order.number} for Shop. Of 1 line less comes. “Sorry”"
    assert note["is_warning"]
