"""Transfers through the API: who may make, ship and receive them."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import LocationAccess, Transfer


@pytest.fixture
def people(firm, stock):
    stock(firm.apple, firm.depot, 10)
    clients = {}
    for name in ("depot", "shop", "other"):
        user = User.objects.create_user(name)
        LocationAccess.objects.create(user=user, location=getattr(firm, name))
        clients[name] = APIClient()
        clients[name].force_authenticate(user)
    return clients


def send(client, path, body=None, key="k"):
    return client.post(f"/api/v1/transfers/{path}", body or {}, format="json", headers={"Idempotency-Key": key})


DRAFT = {"source": "DEPOT", "destination": "SHOP", "lines": [{"sku": "apple", "quantity": "6"}]}


def test_the_whole_way(firm, people, tools):
    made = send(people["depot"], "", DRAFT)
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]
    assert send(people["depot"], "", DRAFT).json() == made.json()
    assert Transfer.objects.count() == 1
    assert send(people["depot"], f"{pk}/ship/").json()["state"] == "shipped"
    part = {"lines": [{"sku": "apple", "quantity": "4"}]}
    for _repeat in range(2):
        assert send(people["shop"], f"{pk}/receive/", part, key="p").json()["lines"][0]["received"] == "4.000"
    final = send(people["shop"], f"{pk}/receive/", {"lines": [], "is_final": True, "reason": "theft"}, key="f")
    assert final.status_code == 400
    rest = {"lines": [{"sku": "apple", "quantity": "1"}], "is_final": True, "reason": "theft"}
    assert send(people["shop"], f"{pk}/receive/", rest, key="f").json()["state"] == "received"
    assert [tools.level_of(firm.apple, place) for place in (firm.depot, firm.in_transit, firm.shop)] == [4, 0, 5]


def test_only_the_two_ends_see_it_and_each_does_its_part(people):
    pk = send(people["depot"], "", DRAFT).json()["id"]
    assert people["shop"].get(f"/api/v1/transfers/{pk}/").json()["number"].startswith("TR-")
    assert people["other"].get(f"/api/v1/transfers/{pk}/").status_code == 404
    assert people["other"].get("/api/v1/transfers/").json()["results"] == []
    assert send(people["shop"], f"{pk}/ship/").status_code == 404
    assert send(people["other"], f"{pk}/cancel/").status_code == 404
    send(people["depot"], f"{pk}/ship/")
    assert send(people["depot"], f"{pk}/receive/").status_code == 404
    assert send(people["other"], f"{pk}/receive/").status_code == 404


def test_nobody_sends_from_a_place_that_is_not_theirs(people):
    answer = send(people["shop"], "", DRAFT)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "source")


def test_a_wrong_state_is_a_conflict(people):
    pk = send(people["depot"], "", DRAFT).json()["id"]
    assert send(people["depot"], f"{pk}/cancel/").json()["state"] == "cancelled"
    answer = send(people["depot"], f"{pk}/ship/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:youhuo:problem:illegal_state_change")


def test_a_draft_is_written_anew_by_those_of_its_place(people):
    pk = send(people["depot"], "", DRAFT).json()["id"]
    body = {**DRAFT, "lines": [{"sku": "apple", "quantity": "2"}], "expected_on": "2026-03-12"}

    def put(name):
        return people[name].put(f"/api/v1/transfers/{pk}/", body, format="json", headers={"Idempotency-Key": "e"})

    assert put("shop").status_code == 404
    told = put("depot").json()
    assert (told["lines"][0]["quantity"], told["expected_on"]) == ("2.000", "2026-03-12")
    send(people["depot"], f"{pk}/ship/")
    assert put("depot").json() == told
    answer = people["depot"].put(f"/api/v1/transfers/{pk}/", body, format="json", headers={"Idempotency-Key": "f"})
    assert answer.status_code == 409


def test_differences_are_told_with_the_arrival(firm, people, tools):
    pk = send(people["depot"], "", DRAFT).json()["id"]
    send(people["depot"], f"{pk}/ship/")
    broken = {"sku": "apple", "quantity": "1", "reason": "damage", "note": "wet"}
    unknown = send(people["shop"], f"{pk}/receive/", {"differences": [{**broken, "sku": "gone"}]}, key="u")
    assert unknown.status_code == 422
    told = send(people["shop"], f"{pk}/receive/", {"differences": [broken]}, key="d").json()
    assert (told["state"], told["lines"][0]["received"], told["lines"][0]["missing"]) == ("received", "5.000", "1.000")
    assert (told["differences"][0]["reason"], told["differences"][0]["note"]) == ("damage", "wet")
    assert tools.level_of(firm.apple, firm.shop) == 5
