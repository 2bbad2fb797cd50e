"""The lists of the API: filters, pages, scope; and the catalogue."""

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from inventory.models import LocationAccess, Sku, StockoutEvent
from inventory.services.sales import GoodsLine, sell


@pytest.fixture
def client(firm, stock, tools):
    """A manager of the shop; apples at both shops, a lost sale of bread at each."""
    stock(firm.apple, firm.shop, 10)
    stock(firm.apple, firm.other, 5)
    for place in (firm.shop, firm.other):
        line = GoodsLine(firm.bread.pk, tools.line(firm.bread, firm.shop, firm.other, 2).quantity)
        with pytest.raises(Exception, match="bread"):
            sell(location=place, lines=[line], key=None, user=None, now=tools.NOW)
    user = User.objects.create_user("manager", role="manager")
    LocationAccess.objects.create(user=user, location=firm.shop)
    found = APIClient()
    found.force_authenticate(user)
    return found


def get(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_only_what_is_at_the_callers_store_is_listed(firm, client):
    assert [row["code"] for row in get(client, "locations/")] == ["SHOP"]
    assert {row["location"] for row in get(client, "stock-levels/")} == {"SHOP"}
    assert [row["destination"] for row in get(client, "movements/")] == ["SHOP"]
    assert [(row["location"], row["quantity"]) for row in get(client, "lost-sales/")] == [("SHOP", "2.000")]
    assert {row["location"] for row in get(client, "stockouts/")} == {"SHOP"}


def test_a_level_that_never_moved_says_so(firm, client):
    moved = {row["sku"]: row["updated_at"] for row in get(client, "stock-levels/?location=SHOP")}
    assert moved["bread"] is None and moved["apple"] is not None


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("stock-levels/?sku=apple", 1),
        ("stock-levels/?location=OTHER", 0),
        ("stock-levels/?available_below=1", 2),
        ("movements/?kind=receipt", 1),
        ("movements/?kind=sale", 0),
        ("movements/?since=2026-03-11", 0),
        ("lost-sales/?sku=bread&until=2026-03-10", 1),
        ("stockouts/?is_open=true", 2),
        ("stockouts/?is_open=false", 1),
        ("stockouts/?is_open=false&since=2026-03-10", 1),
        ("stockouts/?is_open=false&since=2026-03-11", 0),
        ("stockouts/?since=2026-03-11", 2),
        ("stockouts/?until=2025-12-31", 0),
        ("stockouts/?since=2026-02-01&until=2026-02-01", 3),
        ("skus/?search=APP", 1),
        ("skus/?category=food&is_active=true", 3),
        ("categories/", 1),
    ],
)
def test_filters(client, path, count):
    assert len(get(client, path)) == count


def test_pages_are_followed_by_cursor(firm, client, stock):
    for _number in range(4):
        stock(firm.bread, firm.shop, 1)
    seen, address = [], "/api/v1/movements/?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_lists_need_a_constant_number_of_statements(firm, client, tools, django_assert_max_num_queries):
    for number in range(20):
        tools.make_sku(f"more-{number}", category=firm.category)
    for path in ("skus/", "stock-levels/", "movements/", "lost-sales/", "stockouts/", "transfers/"):
        with django_assert_max_num_queries(5):
            get(client, path)


def make(client, **fields):
    body = {"code": "plum", "name": "Plum", "unit": "each", **fields}
    return client.post("/api/v1/skus/", body, format="json", headers={"Idempotency-Key": "k"})


def patch(client, address, change):
    return client.patch(address, change, format="json", headers={"If-Match": client.get(address)["ETag"]})


def test_a_sku_is_made_once_and_changed(client):
    made = make(client, category="food", price="1.25", barcodes=["401", "400"])
    assert made.status_code == 201, made.json()
    assert make(client, category="food", price="1.25", barcodes=["401", "400"]).json() == made.json()
    address = f"/api/v1/skus/{made.json()['id']}/"
    changed = patch(client, address, {"price": "1.50", "barcodes": ["400"]}).json()
    assert (changed["price"], changed["barcodes"], changed["category"]) == ("1.5000", ["400"], "food")
    assert client.get(address).json() == changed
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == ["create_sku", "update_sku"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"code": "apple"}, "code"), ({"price": "-1"}, "price"), ({"unit": "yard"}, "unit"), ({"name": ""}, "name")],
)
def test_a_card_that_makes_no_sense_is_refused(client, fields, field):
    answer = make(client, **fields)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == field
    assert not Sku.objects.filter(code="plum").exists()


def test_what_may_not_be_written_stays(firm, client):
    address = f"/api/v1/skus/{firm.apple.pk}/"
    before = client.get(address).json()
    patch(client, address, {"id": 1, "created_at": "2020-01-01T00:00:00Z", "levels": []})
    assert client.get(address).json() == before
    refused = patch(client, address, {"unit": "kg"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "unit")


def test_staff_may_not_edit_the_catalogue(firm, client):
    clerk = APIClient()
    clerk.force_authenticate(User.objects.create_user("clerk"))
    assert make(clerk).status_code == 403
    assert clerk.patch(f"/api/v1/skus/{firm.apple.pk}/", {"name": "x"}, format="json").status_code == 403
    assert clerk.delete(f"/api/v1/skus/{firm.apple.pk}/").status_code in (403, 405)


@pytest.mark.parametrize(("day", "count"), [("03-10", 0), ("03-11", 1), ("03-12", 1), ("03-13", 0)])
def test_a_stockout_is_of_the_days_on_the_calendar_of_its_place(firm, client, day, count):
    """Out from 23:30 UTC on the 10th, when it is the 11th in Paris, until midnight of the 12th there."""
    StockoutEvent.objects.all().delete()
    began, ended = datetime(2026, 3, 10, 23, 30, tzinfo=UTC), datetime(2026, 3, 12, 23, 0, tzinfo=UTC)
    StockoutEvent.objects.create(sku=firm.apple, location=firm.shop, started_at=began, ended_at=ended)
    assert len(get(client, f"stockouts/?since=2026-{day}&until=2026-{day}")) == count
