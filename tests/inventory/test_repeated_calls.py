"""A call that is sent again with its key gets its first answer, whatever became of what it names."""

import pytest
from rest_framework.test import APIClient

from accounts.models import IdempotencyRecord, Role, User
from inventory.models import Location, LocationAccess, Movement, Sku


@pytest.fixture
def clerk(firm):
    user = User.objects.create_user("clerk", role=Role.STAFF)
    LocationAccess.objects.create(user=user, location=firm.shop)
    return user


def call(user, path, body=None, key="k1"):
    client = APIClient()
    client.force_authenticate(user)
    return client.post(f"/api/v1/{path}/", body or {}, format="json", headers={"Idempotency-Key": key} if key else {})


def sale(quantity="3"):
    return {"location": "SHOP", "lines": [{"sku": "apple", "quantity": quantity}]}


@pytest.fixture
def first(firm, clerk, stock):
    stock(firm.apple, firm.shop, 10)
    answer = call(clerk, "sales", sale())
    assert answer.status_code == 201, answer.data
    return answer


def retire(firm):
    Sku.objects.filter(pk=firm.apple.pk).update(is_active=False)


def rename(firm):
    Sku.objects.filter(pk=firm.apple.pk).update(code="pear")


def close(firm):
    Location.objects.filter(pk=firm.shop.pk).update(is_active=False)


def move_away(firm):
    LocationAccess.objects.all().delete()


@pytest.mark.parametrize("change", [retire, rename, close, move_away])
def test_what_it_names_may_be_gone(firm, clerk, first, change):
    change(firm)
    again = call(clerk, "sales", sale())

    assert (again.status_code, again.json()) == (201, first.json())
    assert Movement.objects.filter(kind="sale").count() == 1


@pytest.mark.parametrize(("body", "key"), [(sale("4"), "k1"), (sale(), "k2"), (sale(), None)])
def test_another_call_about_it_is_refused_as_before(firm, clerk, first, body, key):
    rename(firm)
    assert call(clerk, "sales", body, key).status_code == 400


def test_somebody_elses_key_answers_nobody(firm, first):
    rename(firm)
    other = User.objects.create_user("other", role=Role.STAFF, sees_all_locations=True)
    assert call(other, "sales", sale()).status_code == 400


def test_who_may_not_sell_any_more_gets_no_answer(firm, clerk, first):
    clerk.role = Role.PURCHASER
    clerk.save()
    assert call(clerk, "sales", sale()).status_code == 403


def test_a_body_that_cannot_be_read_is_told_so_with_any_key(clerk, first):
    client = APIClient()
    client.force_authenticate(clerk)
    answer = client.post("/api/v1/sales/", "{", content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 400


def test_what_was_refused_is_tried_anew(firm, clerk, first):
    rename(firm)
    assert call(clerk, "sales", sale(), "k3").status_code == 400
    Sku.objects.filter(pk=firm.apple.pk).update(code="apple")
    assert call(clerk, "sales", sale(), "k3").status_code == 201


def test_an_act_on_one_thing_that_is_not_theirs_any_more(firm, clerk, stock):
    stock(firm.apple, firm.shop, 10)
    body = {"source": "SHOP", "destination": firm.depot.code, "lines": [{"sku": "apple", "quantity": "2"}]}
    made = call(clerk, "transfers", body).json()
    shipped = call(clerk, f"transfers/{made['id']}/ship", key="s1")
    assert shipped.status_code == 200, shipped.data

    move_away(firm)
    assert call(clerk, f"transfers/{made['id']}/ship", key="s1").json() == shipped.json()
    assert call(clerk, f"transfers/{made['id']}/ship", key="s2").status_code == 404
    assert IdempotencyRecord.objects.count() == 2
