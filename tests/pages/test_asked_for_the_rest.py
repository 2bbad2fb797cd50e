"""The page of an order of which less comes tells what all suppliers were asked since, so that nobody asks twice."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from orders.models import SupplierLink, SupplyRequest
from orders.services.supplier_answers import LineAnswer, answer_order
from orders.services.supply_requests import Need, ask_suppliers, take_request, withdraw_request
from tests.orders.conftest import NOW, TODAY, make_terms
from tests.pages.buying import ordered_firm, text_of

pytestmark = pytest.mark.django_db
DAY = TODAY + timedelta(days=3)
FOR_THE_REST, ONCE_MORE = "Ask all suppliers for the rest", "Ask all suppliers once more"


@pytest.fixture
def world():
    """10 of tea do not come on the order from Acme; Best delivers tea too."""
    world = ordered_firm()
    make_terms(world.firm.best, world.firm.tea, price=3, pack_size=6)
    tea = world.lines[world.firm.tea.code]
    answers = {line.pk: LineAnswer(line.quantity - 10 * (line == tea), DAY) for line in world.lines.values()}
    answer_order(link_id=SupplierLink.objects.get(order=world.order).pk, answers=answers, now=NOW)
    need = Need(world.firm.tea, world.firm.shop, Decimal(12), DAY)
    return SimpleNamespace(
        page=lambda order=world.order: text_of(world.buyer.get(reverse("orders:purchase_order", args=[order.pk]))),
        ask=lambda: ask_suppliers(need=need, user=world.firm.buyer, now=NOW),
        best=world.firm.best,
        buyer=world.firm.buyer,
    )


def take(world):
    link = SupplierLink.objects.get(supplier=world.best, offer__isnull=False)
    return take_request(link_id=link.pk, promised_on=DAY, now=NOW).purchase_order


def test_before_anybody_asked_the_page_leads_there(world):
    assert FOR_THE_REST in world.page() and "Asked for" not in world.page()


def test_while_they_are_asked_nobody_asks_again(world):
    world.ask()
    SupplyRequest.objects.update(closes_at=NOW + timedelta(days=9999))
    text = world.page()
    assert "Asked for 12 of all suppliers: nobody has confirmed yet" in text
    assert FOR_THE_REST not in text and ONCE_MORE not in text


def test_who_confirmed_is_told_and_more_may_be_asked(world):
    world.ask()
    take(world)
    text = world.page()
    assert "Asked for 12 of all suppliers: Best confirmed first" in text and ONCE_MORE in text


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_what_came_to_nothing_may_be_asked_anew(world, is_withdrawn):
    found = world.ask()
    SupplyRequest.objects.update(closes_at=NOW)
    if is_withdrawn:
        withdraw_request(request_id=found.pk, user=world.buyer, now=NOW)
    text = world.page()
    assert FOR_THE_REST in text and ("nobody confirmed" in text) is not is_withdrawn


def test_the_order_of_who_was_first_says_that_they_confirmed_it(world):
    request = world.ask()
    text = world.page(take(world))
    assert "All suppliers were asked, and they confirmed first." in text
    assert reverse("orders:supply_request", args=[request.pk]) in text
    assert "have not answered yet" not in text
