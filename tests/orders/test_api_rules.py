"""The API of buying rules: limits with their version, rates by day, who stands in for whom."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import Role
from orders.models import ApprovalLimit, Budget, Delegation, ExchangeRate
from tests.orders.conftest import NOW, TODAY, make_person, set_limits

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def boss(db):
    return client_of(make_person("boss", Role.ADMINISTRATOR))


def client_of(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def post(client, path, body=None):
    return client.post(API + path, body or {}, "application/json", headers={"Idempotency-Key": uuid4().hex})


def test_a_limit_is_changed_by_who_has_seen_it(boss):
    set_limits(100, 100)
    url = f"{API}/approval-limits/{ApprovalLimit.objects.get(role=Role.PURCHASER).pk}/"
    seen = boss.get(url)["ETag"]
    body = {"alone_up_to": None}
    answer = boss.patch(url, body, "application/json", headers={"If-Match": seen})
    assert (answer.status_code, answer.json()["alone_up_to"], answer.json()["release_up_to"]) == (200, None, "100.00")
    assert boss.patch(url, body, "application/json", headers={"If-Match": seen}).status_code == 412


def test_a_negative_limit_and_another_role_are_refused(boss, firm):
    set_limits(100, 100)
    url = f"{API}/approval-limits/{ApprovalLimit.objects.get(role=Role.PURCHASER).pk}/"
    answer = boss.patch(url, {"alone_up_to": "-1"}, "application/json", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "alone_up_to")
    buyer = client_of(firm.buyer)
    assert buyer.patch(url, {"alone_up_to": "9"}, "application/json", headers={"If-Match": "*"}).status_code == 403


def test_rates_are_listed_the_newest_first(boss, firm):
    for day in ("2026-02-01", "2026-03-01"):
        body = {"currency": "gbp", "valid_from": day, "rate": "1.3"}
        assert post(boss, "/exchange-rates/", body).status_code == 201
    rows = boss.get(f"{API}/exchange-rates/?currency=GBP").json()["results"]
    assert [row["valid_from"] for row in rows] == ["2026-03-01", "2026-02-01"]
    assert post(client_of(firm.buyer), "/exchange-rates/", body).status_code == 403
    assert post(boss, "/exchange-rates/", {**body, "currency": "USD"}).status_code == 422
    assert ExchangeRate.objects.filter(currency="GBP").count() == 2


def test_one_lends_ones_own_limit_and_ends_it(firm):
    mia, buyer = client_of(make_person("mia", Role.MANAGER)), client_of(firm.buyer)
    days = {"starts_on": "2126-01-01", "ends_on": "2126-01-05"}
    made = post(mia, "/delegations/", {"taker": firm.buyer.pk, **days})
    assert (made.status_code, made.json()["giver"]) == (201, mia.user.pk)
    assert post(buyer, "/delegations/", {"giver": mia.user.pk, "taker": firm.buyer.pk, **days}).status_code == 403
    ended = post(buyer, f"/delegations/{made.json()['id']}/end/")
    assert ended.json()["ended_at"] is not None
    assert Delegation.objects.get().starts_on > TODAY


@pytest.mark.parametrize(("is_for_the_shop", "first_on"), [(True, "2026-04-01"), (False, "2026-03-01")])
def test_the_month_of_a_budget_begins_by_the_clock_of_its_place(boss, firm, is_for_the_shop, first_on):
    """It is the morning of the first of April at the shop, and still March elsewhere."""
    firm.shop.time_zone = "Asia/Shanghai"
    firm.shop.save()
    place = firm.shop if is_for_the_shop else None
    common = {"period": "month", "starts_on": date(2026, 1, 1), "amount": 1000, "created_at": NOW}
    budget = Budget.objects.create(name="Tea", author=boss.user, location=place, **common)
    with time_machine.travel(datetime(2026, 3, 31, 23, tzinfo=UTC), tick=False):
        answer = boss.get(f"{API}/budgets/{budget.pk}/standing/")
    assert (answer.status_code, answer.json()["first_on"]) == (200, first_on)
