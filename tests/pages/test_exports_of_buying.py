"""The file that a page of proposals or orders offers holds what the page shows."""

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from tests.pages.buying import ordered_firm, planned_firm

PROPOSALS, ORDERS = reverse("orders:proposals"), reverse("orders:purchase_orders")


def rows_of(client, page):
    """The rows of the CSV file that the page leads to."""
    address = unescape(re.search(r'href="(/export/[^"]*[.]csv[^"]*)"', client.get(page).content.decode()).group(1))
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.fixture
def planned(db):
    return planned_firm()


@pytest.fixture
def ordered(db):
    return ordered_firm()


@pytest.mark.parametrize(("asked", "skus"), [("", {"tea", "salt"}), ("search=te", {"tea"})])
def test_proposals_are_narrowed_by_the_words_of_the_page(planned, asked, skus):
    found = {row["sku"] for row in rows_of(planned.buyer, f"{PROPOSALS}?{asked}")}
    assert found & {"tea", "salt"} == skus


def test_proposals_of_another_supplier_or_from_a_place_are_left_out(planned):
    acme = planned.tea.supplier_id
    assert {row["supplier"] for row in rows_of(planned.buyer, f"{PROPOSALS}?supplier={acme}")} == {
        planned.tea.supplier.code
    }
    assert rows_of(planned.buyer, f"{PROPOSALS}?supplier={acme}&location={planned.tea.location_id}")
    address = f"/export/proposals.csv?state=open&source={planned.tea.location_id}"
    assert len(b"".join(planned.buyer.get(address).streaming_content).splitlines()) == 1


def test_orders_are_narrowed_by_state_supplier_place_and_number(ordered):
    order = ordered.order
    asked = f"supplier={order.supplier_id}&location={order.location_id}&search={order.number}"
    for query in ("", asked, f"state=all&{asked}", f"state={order.state}"):
        assert {row["number"] for row in rows_of(ordered.buyer, f"{ORDERS}?{query}")} == {order.number}
    for query in ("state=received", "state=open&search=nothing", "state=all&supplier=none"):
        answer = ordered.buyer.get(f"/export/orders.csv?{query}")
        assert len(b"".join(answer.streaming_content).splitlines()) == 1
