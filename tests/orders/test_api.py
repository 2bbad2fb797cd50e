"""The API of proposals, orders and levels: who may, what they see, and that a repeat is answered and not done again."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from inventory.models import LocationAccess, StockLevel
from orders.models import PurchaseOrder, ReplenishmentProposal
from tests.orders.conftest import add_stock, make_terms

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, url, body=None, key=""):
    headers = {"Idempotency-Key": key or uuid4().hex}
    return client.post(url, body or {}, content_type="application/json", headers=headers)


def url(name, row=None):
    return reverse(f"api:{name}", args=[row.pk] if row is not None else [])


@pytest.fixture
def buyer(firm):
    return client_of(firm.buyer)


@pytest.fixture
def proposal(firm, plan):
    plan()
    return ReplenishmentProposal.objects.get(sku=firm.tea)


@pytest.fixture
def order(buyer, proposal):
    post(buyer, url("proposal-approve", proposal), key="k0")
    return PurchaseOrder.objects.get()


def member(name, role, *places):
    user = User.objects.create_user(name, role=role)
    LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
    return client_of(user)


def test_proposals_are_listed_with_their_reasons(buyer, proposal, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        answer = buyer.get(url("proposal-list"), {"state": "open"}).json()
    assert answer["count"] == 2
    row = next(row for row in answer["results"] if row["sku_code"] == "tea")
    assert (row["quantity"], row["supplier_code"], row["source_code"]) == ("24.000", "ACME", None)
    assert {"code": "quantity", "value": "24.000", "kind": "units", "origin": "sum", "detail": ""} in row["reason"]


def test_many_are_approved_at_once_and_once(buyer, proposal):
    ids = list(ReplenishmentProposal.objects.values_list("pk", flat=True))
    first, second = (post(buyer, url("proposal-approve-many"), {"ids": ids}, key="k1") for _ in range(2))
    assert first.status_code == 200
    assert first.json() == second.json()
    assert len(first.json()["orders"][0]["lines"]) == 2
    assert PurchaseOrder.objects.count() == 1


def test_a_key_with_another_body_is_refused(buyer, proposal):
    ids = list(ReplenishmentProposal.objects.values_list("pk", flat=True))
    post(buyer, url("proposal-approve-many"), {"ids": ids[:1]}, key="k1")
    answer = post(buyer, url("proposal-approve-many"), {"ids": ids}, key="k1")
    assert (answer.status_code, PurchaseOrder.objects.count()) == (422, 1)


def test_what_changed_since_it_was_seen_is_not_bought(buyer, proposal):
    body = {"ids": [proposal.pk], "seen": {str(proposal.pk): "30"}}
    answer = post(buyer, url("proposal-approve-many"), body)
    assert (answer.status_code, PurchaseOrder.objects.count()) == (409, 0)
    row = {"id": proposal.pk, "sku": "tea", "seen": "30", "quantity": "24"}
    assert answer.json()["errors"] == [row]
    assert post(buyer, url("proposal-approve-many"), {**body, "seen": {str(proposal.pk): "24.0"}}).status_code == 200


def test_two_users_with_the_same_key_do_not_meet(firm, buyer, proposal):
    other = User.objects.create_user("other", role=Role.PURCHASER, sees_all_locations=True)
    assert post(buyer, url("proposal-approve", proposal), key="same").status_code == 200
    assert post(client_of(other), url("proposal-approve", proposal), key="same").status_code == 409


def test_an_approval_needs_a_key(buyer, proposal):
    answer = buyer.post(url("proposal-approve", proposal), {}, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not PurchaseOrder.objects.exists()


def test_edit_and_reject(buyer, proposal):
    assert post(buyer, url("proposal-edit", proposal), {"quantity": "30"}).json()["quantity"] == "30.000"
    broken = post(buyer, url("proposal-edit", proposal), {"quantity": "31"})
    assert (broken.status_code, "packs of 6" in broken.json()["title"]) == (422, True)
    rejected = post(buyer, url("proposal-reject", proposal), {"note": "No room", "snooze_days": 3})
    assert rejected.json()["state"] == "rejected"
    assert post(buyer, url("proposal-edit", proposal), {"quantity": "30"}).status_code == 409


def test_fields_that_are_not_for_writing_are_not_written(buyer, proposal):
    post(buyer, url("proposal-edit", proposal), {"quantity": "30", "state": "approved", "unit_price": "0"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.unit_price) == ("open", 2)
    assert buyer.patch(url("proposal-detail", proposal), {"state": "approved"}).status_code == 403


def test_receiving_a_part_and_the_rest(firm, buyer, order):
    line = order.lines.get()
    part = post(buyer, url("purchase-order-receive", order), {"lines": [{"line": line.pk, "quantity": "10"}]}, key="a")
    assert part.json()["order_state"] == "partly_received"
    assert post(buyer, url("purchase-order-receive", order), key="b").json()["order_state"] == "received"
    assert StockLevel.objects.get(sku=firm.tea).on_hand == 24


def test_too_much_is_refused_with_the_line(buyer, order):
    line = order.lines.get()
    answer = post(buyer, url("purchase-order-receive", order), {"lines": [{"line": line.pk, "quantity": 99}]}, key="a")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"line": line.pk, "sku": "tea", "open": "24", "received": "99"}]


def test_a_line_stands_once(buyer, order):
    line = {"line": order.lines.get().pk, "quantity": "1"}
    answer = post(buyer, url("purchase-order-receive", order), {"lines": [line, line]}, key="a")
    assert answer.status_code == 400


def test_orders_are_listed_and_cancelled(buyer, order, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert buyer.get(url("purchase-order-list")).json()["results"][0]["number"] == order.number
    for _ in range(2):
        assert post(buyer, url("purchase-order-cancel", order)).json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("proposal-approve", False), ("proposal-edit", False), ("proposal-reject", False), ("proposal-split", False)],
)
def test_staff_do_not_decide(firm, proposal, name, allowed):
    staff = member("staff", Role.STAFF, firm.shop)
    assert staff.get(url("proposal-detail", proposal)).status_code == 200
    assert post(staff, url(name, proposal), key="k").status_code == 403


def test_staff_receive_and_do_not_cancel(firm, order):
    staff = member("staff", Role.STAFF, firm.shop)
    assert post(staff, url("purchase-order-cancel", order)).status_code == 403
    assert post(staff, url("purchase-order-receive", order), key="k").status_code == 200


@pytest.mark.parametrize("act", ["detail", "approve", "edit", "reject", "split"])
def test_another_store_is_not_found(firm, proposal, act):
    stranger = member("stranger", Role.PURCHASER, firm.other)
    target = url(f"proposal-{act}", proposal)
    answer = stranger.get(target) if act == "detail" else post(stranger, target, {"quantity": 6, "note": "x"}, key="k")
    assert answer.status_code == 404
    assert stranger.get(url("proposal-list")).json()["count"] == 0


def test_one_foreign_proposal_hides_them_all(firm, proposal):
    stranger = member("stranger", Role.PURCHASER, firm.other)
    assert post(stranger, url("proposal-approve-many"), {"ids": [proposal.pk]}, key="k").status_code == 404


def test_ids_that_name_nothing_are_told_and_the_rest_stays_open(buyer, proposal):
    answer = post(buyer, url("proposal-approve-many"), {"ids": [999_999, proposal.pk, 888_888]})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:youhuo:problem:not_found")
    assert answer.json()["errors"] == [{"id": 888_888}, {"id": 999_999}]
    assert "888888, 999999" in answer.json()["title"]
    proposal.refresh_from_db()
    assert proposal.state == "open"


@pytest.mark.parametrize("act", ["detail", "receive", "cancel", "close", "mark-sent"])
def test_an_order_of_another_store_is_not_found(firm, order, act):
    stranger = member("stranger", Role.PURCHASER, firm.other)
    target = url(f"purchase-order-{act}", order)
    assert (stranger.get(target) if act == "detail" else post(stranger, target, key="k")).status_code == 404


def test_levels_say_why(firm, buyer, plan):
    add_stock(firm.tea, firm.shop, 11)
    plan()
    rows = buyer.get(url("reorder-level-list"), {"outcome": "enough"}).json()["results"]
    assert [(row["sku_code"], Decimal(row["reorder_point"])) for row in rows] == [("tea", 10)]
    answer = buyer.get(reverse("api:reorder-level-why", args=[rows[0]["id"]])).json()
    assert (answer["code"], answer["lines"][0]["code"]) == ("enough", "on_hand")


def test_nobody_signed_in_gets_nothing(proposal):
    assert Client().get(url("proposal-list")).status_code in (401, 403)


def test_one_need_is_split_over_suppliers_and_once(firm, buyer, proposal):
    make_terms(firm.best, proposal.sku)
    parts = [{"supplier": firm.acme.pk}, {"supplier": firm.best.pk, "quantity": "7"}]
    first, second = (
        post(buyer, url("proposal-split", proposal), {"parts": parts, "seen": str(proposal.quantity)}, key="s")
        for _ in range(2)
    )
    assert first.status_code == 200 and first.json() == second.json()
    assert sorted(row["lines"][0]["quantity"] for row in first.json()["orders"]) == ["18.000", "7.000"]


@pytest.mark.parametrize("parts", [[], "twice", [{"supplier": 0}], [{"supplier": 10**12, "quantity": "6"}]])
def test_a_split_that_makes_no_sense_is_refused(firm, buyer, proposal, parts):
    body = {"parts": [{"supplier": firm.acme.pk}] * 2 if parts == "twice" else parts}
    assert post(buyer, url("proposal-split", proposal), body).status_code in (400, 422)
    proposal.refresh_from_db()
    assert proposal.state == "open"


@pytest.mark.parametrize("act", ["receive", "revise", "return"])
def test_a_line_that_is_named_twice_is_refused_and_neither_counts(buyer, firm, order, act):
    line = order.lines.get()
    add_stock(firm.tea, firm.shop, 20)
    order.lines.update(received=20)
    PurchaseOrder.objects.update(state="partly_received")
    named = [{"line": line.pk, "quantity": quantity} for quantity in ("1", "2")]
    answer = post(buyer, f"/api/v1/purchase-orders/{order.pk}/{act}/", {"lines": named, "reason": "broken"})
    assert answer.status_code == 400
    assert (StockLevel.objects.get().on_hand, order.lines.get().quantity) == (20, 24)
