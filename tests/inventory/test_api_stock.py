"""The API that moves stock: keys, scope, roles, refusals."""

import pytest
from rest_framework.test import APIClient

from accounts.models import IdempotencyRecord, User
from inventory.models import LocationAccess, LostSale, Movement, Posting


def make_user(name, role="staff", place=None):
    user = User.objects.create_user(name, role=role, sees_all_locations=place is None)
    if place is not None:
        LocationAccess.objects.create(user=user, location=place)
    return user


@pytest.fixture
def call(firm):
    """call("sales", body) posts as a clerk of the shop; `user` posts as somebody else."""
    clerk = make_user("clerk", place=firm.shop)

    def send(path, body=None, *, key="k1", user=clerk, **options):
        client = APIClient()
        client.force_authenticate(user)
        headers = {"Idempotency-Key": key} if key else {}
        return client.post(f"/api/v1/{path}/", body or {}, format="json", headers=headers, **options)

    return send


def sale(quantity, sku="apple", **fields):
    return {"location": "SHOP", "lines": [{"sku": sku, "quantity": quantity}], **fields}


def test_a_sale_is_posted_once_per_key(firm, stock, call, tools):
    stock(firm.apple, firm.shop, 10)
    first, again = call("sales", sale("3")), call("sales", sale("3"))
    assert first.status_code == again.status_code == 201, first.data
    assert first.json() == again.json() == {"posting": Posting.objects.latest("id").pk, "unserved": []}
    assert tools.level_of(firm.apple, firm.shop) == 7
    assert call("sales", sale("3"), key="k2").json() != first.json()


def test_a_key_is_needed_and_fits_one_body(firm, stock, call, tools):
    stock(firm.apple, firm.shop, 10)
    missing = call("sales", sale("3"), key=None)
    assert (missing.status_code, missing.json()["type"]) == (400, "urn:youhuo:problem:idempotency_key_missing")
    call("sales", sale("3"))
    other = call("sales", sale("4"))
    assert (other.status_code, other.json()["type"]) == (422, "urn:youhuo:problem:idempotency_key_reused")
    assert tools.level_of(firm.apple, firm.shop) == 7


def test_a_key_belongs_to_its_user_and_route(firm, stock, call, tools):
    stock(firm.apple, firm.shop, 10)
    call("sales", sale("3"))
    assert call("sales", sale("3"), user=make_user("other", place=firm.shop)).status_code == 201
    assert call("returns", sale("1")).status_code == 201
    assert tools.level_of(firm.apple, firm.shop) == 5


def test_a_refused_sale_says_what_is_short_and_is_remembered(firm, call, stock):
    refused = call("sales", sale("3"))
    assert refused.status_code == 409
    assert refused.json()["errors"] == [
        {"line": 1, "sku": "apple", "location": "SHOP", "asked": "3", "available": "0", "substitutes": []}
    ]
    assert LostSale.objects.get().quantity == 3
    assert not IdempotencyRecord.objects.exists()
    stock(firm.apple, firm.shop, 10)
    assert call("sales", sale("3")).status_code == 201
    assert LostSale.objects.count() == 1


def test_a_cut_sale_says_what_was_not_served(firm, stock, call):
    stock(firm.apple, firm.shop, 2)
    answer = call("sales", sale("3", allow_cut=True))
    assert answer.json()["unserved"] == [{"line": 1, "sku": "apple", "quantity": "1"}]
    assert call("sales", sale("3", allow_cut=True)).json() == answer.json()


@pytest.mark.parametrize("path", ["sales", "returns", "receipts", "adjustments", "counts"])
def test_another_store_is_as_if_it_did_not_exist(firm, stock, call, path):
    stock(firm.apple, firm.other, 10)
    before = Movement.objects.count()
    answer = call(path, {**sale("1"), "location": "OTHER", "reason": "damage"})
    assert answer.status_code == 400
    assert "OTHER" in answer.json()["errors"][0]["message"]
    assert Movement.objects.count() == before


@pytest.mark.parametrize(("role", "status"), [("manager", 201), ("administrator", 201), ("purchaser", 403)])
def test_roles(firm, stock, call, role, status):
    stock(firm.apple, firm.shop, 10)
    assert call("sales", sale("1"), user=make_user("x", role=role)).status_code == status
    assert APIClient().post("/api/v1/sales/", sale("1"), format="json").status_code == 401


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([], "lines"),
        ([{"sku": "apple", "quantity": "1"}, {"sku": "ghost", "quantity": "1"}], "lines[1].sku"),
        ([{"sku": "apple", "quantity": "1.0001"}], "lines[0].quantity"),
        ([{"sku": "apple", "quantity": "NaN"}], "lines[0].quantity"),
        ([{"sku": "apple"}], "lines[0].quantity"),
    ],
)
def test_a_wrong_line_is_named(firm, call, lines, field):
    answer = call("sales", {"location": "SHOP", "lines": lines})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("path", "line", "fields", "left"),
    [
        ("receipts", {"quantity": "4", "unit_price": "1.5"}, {"note": "by hand"}, 14),
        ("returns", {"quantity": "1"}, {}, 11),
        ("adjustments", {"quantity": "-2"}, {"reason": "damage"}, 8),
        ("counts", {"quantity": "9"}, {}, 9),
    ],
)
def test_each_act_moves_stock(firm, stock, call, tools, path, line, fields, left):
    stock(firm.apple, firm.shop, 10)
    answer = call(path, {"location": "SHOP", "lines": [{"sku": "apple", **line}], **fields})
    assert answer.status_code == 201, answer.json()
    assert tools.level_of(firm.apple, firm.shop) == left


def test_a_count_without_a_difference_posts_nothing(firm, stock, call):
    stock(firm.apple, firm.shop, 10)
    answer = call("counts", {"location": "SHOP", "lines": [{"sku": "apple", "quantity": "10"}]})
    assert answer.json() == {"posting": None}


def test_a_refund_below_zero_is_refused_with_the_door_that_takes_it(firm, stock, call):
    stock(firm.apple, firm.shop, 10)
    (row,) = call("sales", sale("-2")).json()["errors"]
    assert (row["field"], row["message"]) == (
        "lines[0].quantity", "A sale is above zero. Post what a customer brought back to returns/."
    )  # fmt: skip
    assert not Posting.objects.filter(kind="sale").exists()


def test_what_is_said_of_a_number_is_in_the_language_of_each_call(firm, call):
    said = {}
    for language in ("en", "zh-hans", "en"):
        (row,) = call("sales", sale("-2"), HTTP_ACCEPT_LANGUAGE=language).json()["errors"]
        said.setdefault(language, set()).add(row["message"])
    assert said["zh-hans"] == {"销售数量须大于零。顾客退回的商品请提交到 returns/。"}
    assert said["en"] == {"A sale is above zero. Post what a customer brought back to returns/."}
