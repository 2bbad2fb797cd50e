"""A message about an empty shelf leads to the page where one tap decides, if there is anything to decide."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import User
from alerts.mails import mail_digests
from alerts.services.evaluate import evaluate_location
from orders.models import Emergency, EmergencyState
from outbox.models import Message, WebhookEndpoint
from suppliers.models import Supplier
from tests.alerts.conftest import NOW, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def best(db):
    return Supplier.objects.create(code="BEST", name="Best & Co", currency="EUR")


def need_a_decision(shop, sku, **fields):
    values = {"kind": "express", "state": EmergencyState.OPEN, "runs_out_on": date(2026, 3, 2),
              "relief_on": date(2026, 3, 12), "quantity": 24, "expected_on": date(2026, 3, 3),
              "stockout_cost": Decimal(40), "saving": Decimal("31.50"), "ways": [], "reason": {"lines": []},
              "created_at": NOW, "updated_at": NOW, **fields}  # fmt: skip
    return Emergency.objects.create(sku=sku, location=shop.location, **values)


def look(shop):
    evaluate_location(location_id=shop.location.pk, now=NOW)
    mail_digests(now=NOW)


def told():
    return {message.payload["data"]["sku"]: message.payload["data"]["emergency"]
            for message in Message.objects.filter(event_type="alert.opened")}  # fmt: skip


def mail():
    return Message.objects.get(event_type="alert.digest").payload["text"]


def test_the_mail_has_the_way_what_it_saves_and_the_link(shop, best, settings):
    settings.SITE_URL = "https://shop.example.com"
    shop.user("mia")
    row = need_a_decision(shop, shop.stock("a", 0), supplier=best)
    look(shop)
    assert "24 by express from Best & Co can be there on Mar 3 and save" in mail()
    assert f"31.50. Decide: https://shop.example.com/emergencies/{row.pk}/" in mail()


def test_a_move_names_the_giving_place(shop):
    shop.user("mia")
    need_a_decision(shop, shop.stock("a", 0), kind="transfer", source=Shop("south").location)
    look(shop)
    assert "24 moved from South can be there on Mar 3" in mail()


def test_the_mail_is_in_the_language_of_its_reader(shop, best):
    User.objects.filter(pk=shop.user("mia").pk).update(language="zh-hans")
    need_a_decision(shop, shop.stock("a", 0), supplier=best)
    look(shop)
    assert "从Best & Co加急采购 24" in mail()


def test_the_webhook_carries_the_cheapest_way(shop, best):
    WebhookEndpoint.objects.create(url="https://example.com/hook", secret="whsec_x", created_at=NOW)
    row = need_a_decision(shop, shop.stock("a", 0), supplier=best)
    shop.stock("b", 0)
    look(shop)
    assert told()["b"] is None
    assert told()["a"] == {
        "emergency_id": row.pk, "url": told()["a"]["url"], "kind": "express", "supplier": "BEST", "source": None,
        "quantity": "24.000", "expected_on": "2026-03-03", "saving": "31.50",
    }  # fmt: skip
    assert told()["a"]["url"].endswith(f"/emergencies/{row.pk}/")


@pytest.mark.parametrize("state", [EmergencyState.WITHDRAWN, EmergencyState.WAITED])
def test_what_is_decided_already_is_not_asked_again(shop, best, state):
    shop.user("mia")
    need_a_decision(shop, shop.stock("a", 0), supplier=best, state=state, quiet_until=date(2026, 3, 12))
    look(shop)
    assert "/emergencies/" not in mail()


def test_a_decision_of_another_place_is_not_linked(shop, best):
    shop.user("mia")
    sku = shop.stock("a", 0)
    need_a_decision(Shop("south"), sku, supplier=best)
    look(shop)
    assert "/emergencies/" not in mail()


@pytest.mark.parametrize("count", [1, 40])
def test_links_cost_one_statement_however_many(shop, best, django_assert_num_queries, count):
    shop.user("mia")
    for number in range(count):
        need_a_decision(shop, shop.stock(f"s{number}", 0), supplier=best)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    with django_assert_num_queries(8):
        mail_digests(now=NOW)
