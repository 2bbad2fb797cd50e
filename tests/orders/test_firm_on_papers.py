"""Who orders stands on the papers, in the e-mails and behind the links, as far as the installation names it."""

from decimal import Decimal

import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from orders.selectors.order_pages import order_messages
from orders.services.order_mail import document_lines
from orders.services.order_papers import attachments_of
from orders.services.purchase_orders import cancel_order
from orders.services.revisions import LineChange, revise_order
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW
from tests.pages.buying import ordered_firm, text_of

FIRM = "Corner Shops Ltd"


@pytest.fixture
def world(db, settings):
    settings.FIRM_NAME = FIRM
    cache.clear()
    return ordered_firm()


def paper_of(order):
    pdf = pypdfium2.PdfDocument(attachments_of(order, document_lines(order))[0].content)
    return pdf[0].get_textpage().get_text_range()


def test_the_pdf_and_the_mail_name_the_firm(world):
    assert FIRM in paper_of(world.order)
    payload = order_messages(world.order)[0].payload
    assert payload["text"].rstrip().endswith(FIRM)


def test_a_cancellation_and_a_change_name_it_too(world):
    line = world.lines["tea"]
    revise_order(order_id=world.order.pk, changes={line.pk: LineChange(Decimal(12))}, user=world.firm.buyer, now=NOW)
    cancel_order(order_id=world.order.pk, user=world.firm.buyer, now=NOW)
    texts = [message.payload["text"].rstrip() for message in order_messages(world.order)]
    assert len(texts) == 3
    assert all(text.endswith(FIRM) for text in texts)


def test_a_day_that_stays_is_not_told_as_changed(world):
    line = world.lines["tea"]
    revise_order(order_id=world.order.pk, changes={line.pk: LineChange(Decimal(12))}, user=world.firm.buyer, now=NOW)
    (text,) = [row.payload["text"] for row in order_messages(world.order) if "instead of" in row.payload["text"]]
    assert "12 instead of 24\n" in text and "(was" not in text


def test_the_page_of_the_supplier_names_it_too(world):
    page = world.buyer.post(reverse("orders:make_link", args=[world.order.pk]))
    link = "/s/" + page.context["address"].partition("/s/")[2]
    assert FIRM in text_of(Client().get(link))


def test_without_a_name_nothing_is_said(world, settings):
    settings.FIRM_NAME = ""
    assert "Ordered by" not in paper_of(world.order)


def test_a_code_of_the_supplier_stays_in_one_line(world):
    SupplierTerms.objects.update(supplier_code="FROST-100120")
    assert "FROST-100120" in paper_of(world.order)
