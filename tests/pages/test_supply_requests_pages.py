"""Asking all suppliers: from the SKU's page to the order, as purchaser and as the suppliers who are asked."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.link_tokens import token_of
from orders.models import PurchaseOrder, SupplierLink, SupplyRequest
from orders.services import supplier_links
from orders.services.approvals import approve_order
from tests.orders.conftest import make_terms, set_limits
from tests.pages.buying import planned_firm, text_of

LIST = reverse("orders:supply_requests")


@pytest.fixture
def world(db, monkeypatch):
    """Acme and Best deliver tea; the names of links are known to the test."""
    cache.clear()
    names = iter(f"name-{number}" for number in range(100))
    monkeypatch.setattr(supplier_links, "new_name", lambda: next(names))
    world = planned_firm()
    make_terms(world.firm.best, world.firm.tea, price=3)
    world.day = timezone.localdate() + timedelta(days=3)
    world.url = reverse("orders:ask_suppliers", args=[world.firm.tea.pk])
    return world


def send(world, who="buyer", **typed):
    body = {
        "location": world.firm.shop.pk, "quantity": "12", "wanted_by": world.day.isoformat(), "note": "",
        "suppliers": [world.firm.acme.pk, world.firm.best.pk], **typed,
    }  # fmt: skip
    return getattr(world, who).post(world.url, body)


def guest(supplier):
    """Address of the link of one supplier."""
    links = list(SupplierLink.objects.filter(offer__isnull=False).order_by("pk").values_list("supplier_id", flat=True))
    return f"/s/{token_of(f'name-{links.index(supplier.pk)}')}/"


def test_the_form_knows_where_one_came_from_and_who_will_be_asked(world):
    page = world.buyer.get(f"{world.url}?location={world.firm.shop.pk}&quantity=6.000")
    text = text_of(page)
    assert 'value="6"' in text and "Acme" in text and "Best" in text
    assert "Ask all of them" in text_of(world.buyer.get(reverse("dashboards:sku", args=[world.firm.tea.pk])))


def test_where_one_alone_would_be_asked_the_page_says_so(world):
    assert "nobody else can be faster" not in text_of(world.buyer.get(world.url))
    world.firm.best.email = ""
    world.firm.best.save()
    text = text_of(world.buyer.get(world.url))
    assert "Only Acme would be asked" in text
    assert reverse("suppliers:new_terms", args=[world.firm.tea.pk]) in text


def test_asked_confirmed_and_followed(world):
    assert send(world).status_code == 302
    found = reverse("orders:supply_request", args=[SupplyRequest.objects.get().pk])
    assert "Asked" in text_of(world.buyer.get(found))
    won, lost = Client(), Client()
    assert "We bring all of it" in text_of(lost.get(guest(world.firm.acme)))
    won.post(guest(world.firm.best), {"do": "take", "day": world.day.isoformat()})
    assert "the order is yours" in text_of(won.get(guest(world.firm.best)))
    late = lost.post(guest(world.firm.acme), {"do": "take", "day": world.day.isoformat()})
    assert (late.status_code, "Another supplier was faster" in text_of(late)) == (409, True)
    order = PurchaseOrder.objects.get()
    assert order.supplier == world.firm.best
    assert order.number in text_of(world.buyer.get(found)) and "Best" in text_of(world.buyer.get(LIST))
    world.buyer.post(reverse("orders:cancel", args=[order.pk]))
    assert "This order is cancelled. Please do not deliver." in text_of(won.get(guest(world.firm.best)))


def test_the_first_is_told_that_a_second_person_still_decides(world):
    set_limits(10)
    send(world)
    won = Client()
    won.post(guest(world.firm.best), {"do": "take", "day": world.day.isoformat()})
    order = PurchaseOrder.objects.get()
    assert order.state == "awaiting_approval"
    text = text_of(won.get(guest(world.firm.best)))
    assert "you were the first" in text and "please do not deliver before" in text
    assert "the order is yours" not in text
    approve_order(order_id=order.pk, user=world.admin.user, now=timezone.now())
    assert "the order is yours" in text_of(won.get(guest(world.firm.best)))


def test_a_supplier_who_cannot_says_so_and_may_come_back(world):
    send(world)
    page = Client()
    page.post(guest(world.firm.acme), {"do": "decline"})
    assert "You said that you cannot" in text_of(page.get(guest(world.firm.acme)))
    assert "Best" not in text_of(page.get(guest(world.firm.acme)))
    page.post(guest(world.firm.acme), {"do": "take", "day": world.day.isoformat()})
    assert PurchaseOrder.objects.get().supplier == world.firm.acme


@pytest.mark.parametrize(
    ("day", "message"), [("", "Say on which day"), ("soon", "Write the day"), ("2020-01-01", "Choose a day")]
)
def test_a_day_that_is_none_is_refused_on_the_page(world, day, message):
    send(world)
    refused = Client().post(guest(world.firm.acme), {"do": "take", "day": day})
    assert (refused.status_code, message in text_of(refused)) == (422, True)
    assert not PurchaseOrder.objects.exists()


def test_withdrawn_is_said_to_the_suppliers(world):
    send(world)
    world.buyer.post(reverse("orders:withdraw_request", args=[SupplyRequest.objects.get().pk]))
    assert "no longer needed" in text_of(Client().get(guest(world.firm.acme)))


def test_other_places_and_roles_are_kept_out(world):
    assert send(world, "stranger").status_code == 422
    assert send(world, "staff").status_code == 403
    send(world)
    found = reverse("orders:supply_request", args=[SupplyRequest.objects.get().pk])
    assert world.stranger.get(found).status_code == 404
    assert "Withdraw" not in text_of(world.staff.get(found))
    assert world.firm.tea.name not in text_of(world.stranger.get(LIST))


def test_the_list_asks_as_often_for_many_as_for_one(world):
    send(world)
    with CaptureQueriesContext(connection) as one:
        world.buyer.get(LIST)
    SupplyRequest.objects.update(state="withdrawn")
    send(world)
    with CaptureQueriesContext(connection) as two:
        assert text_of(world.buyer.get(LIST)).count("Name of tea") == 2
    assert len(two) == len(one)
