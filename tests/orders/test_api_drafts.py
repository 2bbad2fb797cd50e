"""Orders by hand through the API: made, written anew, ordered once."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Role
from orders.models import PurchaseOrder
from tests.orders.conftest import make_person
from tests.pages.conftest import make_user

API = "/api/v1/draft-orders/"


@pytest.fixture
def program(firm):
    client = Client()
    client.force_login(firm.buyer)
    return client


def send(client, path, body=None, key="", method="post"):
    headers = {"Idempotency-Key": key or uuid4().hex}
    return getattr(client, method)(path, body or {}, "application/json", headers=headers)


def body(firm, quantity="12", **more):
    lines = [{"sku": firm.tea.pk, "quantity": quantity}]
    return {"supplier": firm.acme.pk, "location": firm.shop.pk, "lines": lines, **more}


def test_a_draft_is_made_once_written_anew_and_ordered(firm, program):
    made = send(program, API, body(firm), key="one")
    assert (made.status_code, made.json()["state"], made.json()["total"]) == (201, "draft", "24.00")
    assert send(program, API, body(firm), key="one").json() == made.json()

    path = f"{API}{made.json()['id']}/"
    lines = {"lines": [{"sku": firm.salt.pk, "quantity": "6", "expected_on": "2099-01-01"}]}
    assert send(program, path, lines, method="put").status_code == 422
    lines["lines"][0]["expected_on"] = None
    assert send(program, path, lines, method="put").json()["total"] == "12.00"
    assert send(program, f"{path}submit/").json()["state"] == "approved"
    assert program.get(path).status_code == 404
    assert PurchaseOrder.objects.count() == 1


def test_a_line_that_the_supplier_does_not_deliver_leaves_no_draft(firm, program):
    firm.acme.terms.filter(sku=firm.tea).delete()
    answer = send(program, API, body(firm))

    assert answer.status_code == 422 and answer.json()["errors"][0]["sku"] == "tea"
    assert not PurchaseOrder.objects.exists()


def test_a_broken_pack_is_refused_when_it_is_ordered(firm, program):
    made = send(program, API, body(firm, "8")).json()

    assert send(program, f"{API}{made['id']}/submit/").status_code == 422
    assert PurchaseOrder.objects.get().state == "draft"


def test_another_place_and_another_role_have_no_drafts(firm, program):
    made = send(program, API, body(firm)).json()
    stranger, manager = Client(), Client()
    stranger.force_login(make_user("pat", Role.PURCHASER, firm.other))
    manager.force_login(make_person("max", Role.MANAGER))

    assert stranger.get(f"{API}{made['id']}/").status_code == 404
    assert send(stranger, API, body(firm)).status_code == 400
    assert send(manager, API, body(firm)).status_code == 403
