"""Several lines of one SKU arrive by one call: all of them came."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import Pack


@pytest.fixture
def send(firm, stock):
    stock(firm.apple, firm.depot, 20)
    client, count = APIClient(), iter(range(100))
    client.force_authenticate(User.objects.create_user("boss", role="manager", sees_all_locations=True))

    def call(path, body=None):
        headers = {"Idempotency-Key": f"k{next(count)}"}
        return client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)

    return call


@pytest.fixture
def on_the_way(send):
    """Fifteen apples from the depot to the shop."""
    lines = [{"sku": "apple", "quantity": "15"}]
    pk = send("transfers/", {"source": "DEPOT", "destination": "SHOP", "lines": lines}).json()["id"]
    assert send(f"transfers/{pk}/ship/").status_code == 200
    return pk


def test_a_case_and_loose_ones_are_added_up(firm, tools, send, on_the_way):
    Pack.objects.create(sku=firm.apple, name="case", quantity=12)
    lines = [{"sku": "apple", "quantity": "1", "pack": "case"}, {"sku": "apple", "quantity": "2"}]
    told = send(f"transfers/{on_the_way}/receive/", {"lines": lines}).json()
    assert (told["state"], told["lines"][0]["received"]) == ("shipped", "14.000")
    assert tools.level_of(firm.apple, firm.shop) == 14


def test_two_lines_that_are_too_much_together_are_refused(firm, tools, send, on_the_way):
    lines = [{"sku": "apple", "quantity": "8"}, {"sku": "apple", "quantity": "8"}]
    assert send(f"transfers/{on_the_way}/receive/", {"lines": lines}).status_code == 422
    assert tools.level_of(firm.apple, firm.shop) == 0


def test_what_is_missing_needs_a_reason_and_is_told_which_there_are(send, on_the_way):
    body = {"lines": [{"sku": "apple", "quantity": "8"}], "is_final": True}
    answer = send(f"transfers/{on_the_way}/receive/", body)
    assert answer.status_code == 422
    assert answer.json()["title"].startswith("Give a reason. Choose one of: damage")


def test_handing_over_a_part_that_is_none_says_what_may_be(firm, send):
    lines = [{"sku": "apple", "quantity": "4"}]
    (made,) = send("reservations/", {"location": "DEPOT", "lines": lines}).json()["reservations"]
    answer = send(f"reservations/{made['id']}/issue/", {"quantity": "0.5"})
    assert answer.status_code == 422
    assert "0.5 of apple cannot be handed over: 4 are reserved" in answer.json()["title"]


def test_a_cursor_that_is_none_is_named(send, firm):
    client = APIClient()
    client.force_authenticate(User.objects.get(username="boss"))
    answer = client.get("/api/v1/movements/feed/", {"cursor": "yesterday"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")
