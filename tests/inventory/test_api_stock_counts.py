"""Counts through the API: the whole way, who may do what, and what a blind count hides."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import LocationAccess, ShelfPosition, StockCount
from inventory.services.count_policies import set_count_policy

JSON = "json"


@pytest.fixture
def people(firm, stock, tools):
    """Clients `sam` (staff) and `mia` (manager) of the shop, `eve` (manager) of the other one."""
    stock(firm.apple, firm.shop, 10)
    values = {"limit_units": Decimal(1), "limit_money": None}
    set_count_policy(location=firm.shop, values=values, user=None, now=tools.NOW)
    clients = {}
    for name, role, place in (
        ("sam", "staff", firm.shop),
        ("mia", "manager", firm.shop),
        ("eve", "manager", firm.other),
    ):
        user = User.objects.create_user(name, role=role)
        LocationAccess.objects.create(user=user, location=place)
        clients[name] = APIClient()
        clients[name].force_authenticate(user)
    return clients


def send(client, path, body=None, key=None):
    headers = {"Idempotency-Key": key or uuid4().hex}
    return client.post(f"/api/v1/stock-counts/{path}", body or {}, format=JSON, headers=headers)


def opened(client, **fields):
    made = send(client, "", {"location": "SHOP", "scope": "all", **fields})
    assert made.status_code == 201, made.json()
    return made.json()["id"]


def entry(sku, quantity, **fields):
    return {
        "id": str(uuid4()),
        "counted_at": timezone.now().isoformat(),
        "sku": sku,
        "quantity": str(quantity),
        **fields,
    }


def line_of(client, pk, sku):
    return client.get(f"/api/v1/stock-counts/{pk}/lines/?sku={sku}").json()["results"][0]


def test_the_whole_way(firm, people, tools):
    pk = opened(people["sam"])
    body = {"entries": [entry("apple", 6), entry("bread", 0)]}
    for outcome in ("kept", "known"):
        told = send(people["sam"], f"{pk}/entries/", body).json()
        assert [row["outcome"] for row in told["entries"]] == [outcome] * 2
    assert send(people["sam"], f"{pk}/submit/").json()["state"] == "submitted"
    line = line_of(people["mia"], pk, "apple")
    assert (line["state"], line["counted"], line["variance"]) == ("pending", "6.000", "-4.000")
    done = send(people["mia"], f"{pk}/approve/", {"lines": [line["id"]]}, key="k")
    assert done.json()["state"] == "posted"
    assert send(people["mia"], f"{pk}/approve/", {"lines": [line["id"]]}, key="k").json() == done.json()
    assert tools.level_of(firm.apple, firm.shop) == 6


def test_a_blind_count_tells_the_counter_nothing_before_it_is_over(people):
    pk = opened(people["sam"])
    sheet = people["sam"].get(f"/api/v1/stock-counts/{pk}/sheet/")
    assert "expected" not in sheet.content.decode()
    send(people["sam"], f"{pk}/entries/", {"entries": [entry("apple", 6)]})
    send(people["sam"], f"{pk}/submit/")
    hidden, shown = (line_of(people[name], pk, "apple") for name in ("sam", "mia"))
    assert [hidden[name] for name in ("expected", "variance", "hold")] == [None] * 3
    assert (shown["expected"], shown["hold"]) == ("10.000", "limit")
    send(people["mia"], f"{pk}/dismiss/", {"lines": [shown["id"]]})
    assert line_of(people["sam"], pk, "apple")["expected"] == "10.000"


def test_an_open_count_says_what_is_expected(people):
    pk = opened(people["sam"], is_blind=False)
    lines = people["sam"].get(f"/api/v1/stock-counts/{pk}/sheet/").json()["lines"]
    assert {line["sku"]: line["expected"] for line in lines} == {"apple": "10", "bread": "0", "rice": "0"}


def test_the_sheet_carries_places_barcodes_and_what_was_counted(firm, people):
    ShelfPosition.objects.create(location=firm.shop, sku=firm.apple, aisle="3", position="07")
    firm.apple.barcodes.create(code="4012", pack_quantity=12)
    pk = opened(people["sam"])
    send(people["sam"], f"{pk}/entries/", {"entries": [entry("apple", 2), entry("apple", 3)]})
    line = people["sam"].get(f"/api/v1/stock-counts/{pk}/sheet/").json()["lines"][0]
    assert (line["places"], line["codes"], line["counted"]) == (["3 07"], [["4012", "12"]], "5")


def test_a_recount_is_asked_for_and_says_whom_it_is_for(people):
    pk = opened(people["sam"])
    send(people["sam"], f"{pk}/entries/", {"entries": [entry("apple", 6)]})
    send(people["sam"], f"{pk}/submit/")
    line = line_of(people["mia"], pk, "apple")
    assert send(people["mia"], f"{pk}/recount/", {"lines": [line["id"]]}).json()["state"] == "counting"
    sheets = {name: people[name].get(f"/api/v1/stock-counts/{pk}/sheet/").json()["lines"][0] for name in ("sam", "mia")}
    assert {name: sheet["is_for_others"] for name, sheet in sheets.items()} == {"sam": True, "mia": False}
    assert (sheets["mia"]["round"], sheets["mia"]["counted"]) == (2, None)


@pytest.mark.parametrize("act", ["approve", "dismiss", "recount"])
def test_staff_decide_nothing(people, act):
    pk = opened(people["sam"])
    assert send(people["sam"], f"{pk}/{act}/", {"lines": [1]}).status_code == 403


@pytest.mark.parametrize("act", ["entries", "submit", "cancel", "approve", "dismiss", "recount"])
def test_a_count_of_another_store_does_not_exist(people, act):
    pk = opened(people["sam"])
    assert send(people["eve"], f"{pk}/{act}/", {"lines": [1], "entries": [entry("apple", 1)]}).status_code == 404
    for part in ("", "lines/", "sheet/"):
        assert people["eve"].get(f"/api/v1/stock-counts/{pk}/{part}").status_code == 404
    assert people["eve"].get("/api/v1/stock-counts/").json()["results"] == []


def test_nobody_counts_at_a_place_that_is_not_theirs(people):
    answer = send(people["eve"], "", {"location": "SHOP", "scope": "all"})
    assert (answer.status_code, StockCount.objects.count()) == (400, 0)


def test_a_key_makes_one_count(people):
    body = {"location": "SHOP", "scope": "list", "skus": ["apple"]}
    assert send(people["sam"], "", body, key="k").json() == send(people["sam"], "", body, key="k").json()
    assert StockCount.objects.count() == 1


@pytest.mark.parametrize("bad", [{"id": "x"}, {"counted_at": "yesterday"}, {"quantity": "NaN"}, {"round": 0}])
def test_an_entry_that_is_none_is_refused_with_its_field(people, bad):
    pk = opened(people["sam"])
    answer = send(people["sam"], f"{pk}/entries/", {"entries": [{**entry("apple", 1), **bad}]})
    assert answer.status_code == 400
    assert next(iter(bad)) in str(answer.json()["errors"])


def test_due_and_places(people):
    put = {"location": "SHOP", "positions": [{"sku": "rice", "aisle": "2"}]}
    told = people["sam"].put("/api/v1/shelf-positions/", put, format=JSON, headers={"Idempotency-Key": "p"})
    assert told.json() == {"positions": 1}
    assert people["mia"].get("/api/v1/shelf-positions/?aisle=2").json()["results"][0]["sku"] == "rice"
    assert people["eve"].get("/api/v1/shelf-positions/").json()["results"] == []
    due = people["sam"].get("/api/v1/stock-counts/due/?location=SHOP&limit=2").json()
    assert (due["total"], len(due["results"])) == (3, 2)
    assert people["eve"].get("/api/v1/stock-counts/due/?location=SHOP").status_code == 400


def test_a_file_of_counts_hides_what_the_blind_count_hides(people, client):
    """Its right line is decided at once; what the ledger expected of it would tell a counter about the rest."""
    pk = opened(people["sam"])
    send(people["sam"], f"{pk}/entries/", {"entries": [entry("apple", 6), entry("bread", 0)]})
    send(people["sam"], f"{pk}/submit/")
    rows = {}
    for name in ("sam", "mia"):
        client.force_login(User.objects.get(username=name))
        rows[name] = b"".join(client.get("/export/counts.csv").streaming_content).decode()
    assert "bread" not in rows["sam"]
    assert "bread" in rows["mia"]
    send(people["mia"], f"{pk}/dismiss/", {"lines": [line_of(people["mia"], pk, "apple")["id"]]})
    client.force_login(User.objects.get(username="sam"))
    assert "bread" in b"".join(client.get("/export/counts.csv").streaming_content).decode()
