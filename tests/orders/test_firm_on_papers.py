"""Who orders stands on the papers, in the e-mails and behind the links, as far as the installation names it."""

import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from orders.selectors.order_pages import order_messages
from orders.services.order_mail import document_lines
from orders.services.order_papers import attachments_of
from suppliers.models import SupplierTerms
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
