"""Suppliers who confirm the same need at the same moment: one wins. Without the lock the database has to step in."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError

from orders.errors import AlreadyTaken
from orders.models import PurchaseOrder, SupplierLink, SupplyOffer, SupplyRequest
from orders.services import supply_requests
from orders.services.supply_requests import Need, ask_suppliers, take_request
from outbox.models import Message
from tests.orders.conftest import NOW, TODAY, make_supplier, make_terms
from tests.orders.test_at_once import together
from tests.orders.test_at_once_controls import outcome, reading_at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)
DAY = TODAY + timedelta(days=2)
RIVALS = 5


def ask(firm, rivals=RIVALS):
    for number in range(rivals - 1):
        make_terms(make_supplier(f"RIVAL{number}"), firm.tea)
    need = Need(firm.tea, firm.shop, Decimal(12), DAY)
    ask_suppliers(need=need, user=firm.buyer, now=NOW)
    return list(SupplierLink.objects.values_list("pk", flat=True))


def takers(links):
    return [outcome(lambda link=link: take_request(link_id=link, promised_on=DAY, now=NOW)) for link in links]


def test_of_five_one_wins_and_four_are_told(committed_firm):
    answers = together(*takers(ask(committed_firm)))
    assert sum(isinstance(answer, AlreadyTaken) for answer in answers) == RIVALS - 1
    assert SupplyOffer.objects.filter(state="confirmed").count() == 1
    assert PurchaseOrder.objects.get().lines.get().quantity == 12
    assert Message.objects.filter(event_type="supply_request.closed").count() == RIVALS - 1


def test_the_same_supplier_twice_makes_one_order(committed_firm):
    link = ask(committed_firm, rivals=1)[0]
    first, second = together(*takers([link, link]))
    assert first.purchase_order_id == second.purchase_order_id
    assert PurchaseOrder.objects.count() == 1


def test_without_the_lock_two_believe_that_they_won(committed_firm, monkeypatch):
    """The control: both read an open request, and only the constraint stops the second."""

    def read(request_id):
        return SupplyRequest.objects.select_related("sku", "location", "created_by").get(pk=request_id)

    links = ask(committed_firm, rivals=2)
    monkeypatch.setattr(supply_requests, "lock_request", reading_at_the_same_time(read, 2))
    answers = together(*takers(links))
    assert sum(isinstance(answer, DatabaseError) for answer in answers) == 1
    assert PurchaseOrder.objects.count() == 1
