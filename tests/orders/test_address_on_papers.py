"""Where the goods go stands on the PDF, in the table, in the e-mails and behind the link, as it was when the order was
sent."""

from decimal import Decimal

import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from inventory.models import Location
from inventory.services.places import set_address
from orders.models import PurchaseOrder
from orders.selectors.order_pages import order_messages
from orders.services.decisions import approve_proposals
from orders.services.order_mail import document_lines
from orders.services.order_papers import attachments_of
from orders.services.revisions import LineChange, revise_order
from tests.orders.conftest import NOW
from tests.pages.buying import ordered_firm, planned_firm, text_of

LINES = ("12 Main <street>", "仓库 3 号门", "Ana, 030 1234")


WHERE = "\n".join(LINES[:2])


def move(place, address=WHERE, contact=LINES[2]):
    set_address(location_id=place.pk, address=address, contact=contact, user=None, now=NOW)


@pytest.fixture
def world(db):
    cache.clear()
    world = planned_firm()
    move(world.firm.shop)
    asked = [world.tea.pk, world.salt.pk]
    (order,) = approve_proposals(proposal_ids=asked, user=world.firm.buyer, now=NOW).orders
    world.order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=order.pk)
    return world


def paper_of(order):
    pdf = pypdfium2.PdfDocument(attachments_of(order, document_lines(order))[0].content)
    return pdf[0].get_textpage().get_text_range()


def mails_of(order):
    return [message.payload["text"] for message in order_messages(order)]


def test_the_papers_say_it(world):
    paper = paper_of(world.order)
    assert all(line in paper for line in LINES)
    table = attachments_of(world.order, document_lines(world.order))[1].content.decode("utf-8-sig")
    head, first, *_rest = table.splitlines()
    assert head.endswith(",Deliver to")
    assert first.endswith(f'"{world.firm.shop.name} ({world.firm.shop.code}), {", ".join(LINES)}"')


def test_the_mail_says_it(world):
    (text,) = mails_of(world.order)
    assert "\n".join(["Deliver to:", f"{world.firm.shop.name} ({world.firm.shop.code})", *LINES]) in text


def test_the_pages_say_it(world):
    made = world.buyer.post(reverse("orders:make_link", args=[world.order.pk]))
    link = "/s/" + made.context["address"].partition("/s/")[2]
    for page in (Client().get(link), world.buyer.get(reverse("orders:purchase_order", args=[world.order.pk]))):
        assert "12 Main &lt;street&gt;<br>仓库 3 号门<br>Ana, 030 1234" in text_of(page)


def test_a_place_that_moves_does_not_change_what_was_sent(world):
    move(world.firm.shop, "Elsewhere 1", "")
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=world.order.pk)
    assert LINES[0] in paper_of(order) and "Elsewhere" not in paper_of(order)


def test_a_change_of_the_order_tells_where_the_place_is_by_now(world):
    move(world.firm.shop, "Elsewhere 1", "")
    line = world.order.lines.get(sku__code="tea")
    revise_order(order_id=world.order.pk, changes={line.pk: LineChange(Decimal(12))}, user=world.firm.buyer, now=NOW)
    (text,) = [text for text in mails_of(world.order) if "instead of" in text]
    assert "Elsewhere 1" in text and LINES[0] not in text
    assert PurchaseOrder.objects.get(pk=world.order.pk).deliver_to == "Elsewhere 1"


def test_what_was_sent_without_one_shows_the_place_as_it_is(db):
    world = ordered_firm()
    (text,) = mails_of(world.order)
    assert "Deliver to" not in text
    move(world.firm.shop)
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=world.order.pk)
    assert order.deliver_to == "" and LINES[0] in paper_of(order)


def test_the_longest_address_still_leaves_room_for_the_goods(world):
    Location.objects.filter(pk=world.firm.shop.pk).update(address="\n".join(["宽" * 49] * 8), contact="x" * 120)
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=world.order.pk)
    order.deliver_to = ""
    assert len(pypdfium2.PdfDocument(attachments_of(order, document_lines(order))[0].content)) == 1
