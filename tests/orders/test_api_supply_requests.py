"""Urgent requests over the API: asked once, seen where one works, withdrawn; refusals say what is wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from orders.models import SupplyRequest
from orders.services.supply_requests import Need, ask_suppliers
from tests.orders.conftest import NOW, TODAY, make_terms

URL = "/api/v1/supply-requests/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def buyer(firm):
    make_terms(firm.best, firm.tea, price=Decimal("3.00"), pack_size=Decimal(10))
    return client_of(firm.buyer)


def post(client, path="", key="once", **body):
    return client.post(URL + path, body, content_type="application/json", headers={"Idempotency-Key": key})


def need(firm, **changes):
    day = (TODAY + timedelta(days=2)).isoformat()
    return {"sku": firm.tea.pk, "location": firm.shop.pk, "quantity": "40", "wanted_by": day, **changes}


def test_all_suppliers_are_asked_once_however_often_it_is_sent(firm, buyer):
    made = post(buyer, **need(firm))
    assert made.status_code == 201, made.content
    assert post(buyer, **need(firm)).json()["id"] == made.json()["id"]
    offers = {row["supplier"]: (row["quantity"], row["state"]) for row in made.json()["offers"]}
    assert offers == {firm.acme.pk: ("42.000", "asked"), firm.best.pk: ("40.000", "asked")}
    assert SupplyRequest.objects.count() == 1


def test_what_is_asked_already_is_refused_until_it_is_withdrawn(firm, buyer):
    number = post(buyer, **need(firm)).json()["id"]
    again = post(buyer, key="second", **need(firm))
    assert (again.status_code, "already" in again.content.decode()) == (409, True)
    gone = post(buyer, f"{number}/withdraw/", key="third")
    assert gone.json()["state"] == "withdrawn"
    assert post(buyer, f"{number}/withdraw/", key="fourth").status_code == 200
    assert post(buyer, key="fifth", **need(firm)).status_code == 201


@pytest.mark.parametrize("changes", [{"quantity": "0"}, {"quantity": "1.5"}, {"wanted_by": "2026-01-01"}, {"sku": 0}])
def test_what_is_wrong_is_refused(firm, buyer, changes):
    assert post(buyer, **need(firm, **changes)).status_code in (400, 422)
    assert not SupplyRequest.objects.exists()


def test_only_who_decides_asks_and_only_for_their_places(firm, buyer):
    manager = client_of(User.objects.create_user("mia", role=Role.MANAGER, sees_all_locations=True))
    assert post(manager, **need(firm)).status_code == 403
    elsewhere = User.objects.create_user("pat", role=Role.PURCHASER)
    elsewhere.location_access.create(location=firm.other)
    stranger = client_of(elsewhere)
    assert post(stranger, **need(firm)).status_code in (400, 422)
    number = post(buyer, key="ours", **need(firm)).json()["id"]
    assert manager.get(f"{URL}{number}/").status_code == 200
    assert stranger.get(f"{URL}{number}/").status_code == 404
    assert stranger.get(URL).json()["results"] == []
    assert post(stranger, f"{number}/withdraw/", key="theirs").status_code == 404


def test_the_list_asks_as_much_for_many_as_for_one(firm, buyer):
    counts = []
    for skus in ([firm.tea], [firm.salt, firm.soap]):
        for sku in skus:
            wanted = Need(sku, firm.shop, Decimal(6), TODAY + timedelta(days=1))
            ask_suppliers(need=wanted, user=firm.buyer, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            buyer.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1]
