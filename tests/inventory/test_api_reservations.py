"""Reservations, kits, reversals and production for other programs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import LocationAccess, Posting, Reservation


@pytest.fixture
def shop_api(firm, stock):
    """client(user's places) with ten apples at SHOP; calls carry a new key unless told."""
    stock(firm.apple, firm.shop, 10)

    def make(*places, role="manager"):
        user = User.objects.create_user(f"u{User.objects.count()}", role=role, sees_all_locations=not places)
        LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
        client = APIClient()
        client.force_authenticate(user)
        return client

    return make


def send(client, path, body=None, key=None):
    return client.post(f"/api/v1/{path}", body or {}, format="json", headers={"Idempotency-Key": key or path})


def reserve(client, quantity="4", key=None, **fields):
    body = {"location": "SHOP", "reference": "web 7", "lines": [{"sku": "apple", "quantity": quantity}], **fields}
    return send(client, "reservations/", body, key)


def test_a_reservation_from_call_to_hand_over(shop_api):
    client = shop_api()
    (made,) = reserve(client).json()["reservations"]
    assert (made["sku"], made["remaining"], made["state"], made["kit"]) == ("apple", "4.000", "pending", None)
    level = client.get("/api/v1/stock-levels/?sku=apple").json()["results"][0]
    assert (level["reserved"], level["available"]) == ("4.000", "6.000")
    issued = send(client, f"reservations/{made['id']}/issue/", {"quantity": "1"})
    assert issued.status_code == 201
    assert issued.json()["reservations"][0]["remaining"] == "3.000"
    assert issued.json()["posting"] == Posting.objects.get(kind="sale").pk
    released = send(client, f"reservations/{made['id']}/release/").json()
    assert (released["state"], released["remaining"], released["issued"]) == ("released", "0.000", "1.000")


def test_a_repeat_gets_the_first_answer_and_another_body_none(shop_api):
    client = shop_api()
    assert reserve(client, key="k").json() == reserve(client, key="k").json()
    assert Reservation.objects.count() == 1
    assert reserve(client, quantity="5", key="k").status_code == 422
    body = {"location": "SHOP", "lines": [{"sku": "apple", "quantity": "1"}]}
    assert client.post("/api/v1/reservations/", body, format="json").status_code == 400


def test_each_short_line_is_named(shop_api):
    lines = [{"sku": "apple", "quantity": "11"}, {"sku": "bread", "quantity": "1"}]
    answer = reserve(shop_api(), lines=lines)
    assert answer.status_code == 409
    assert [(row["line"], row["sku"], row["available"]) for row in answer.json()["errors"]] == [
        (1, "apple", "10"), (2, "bread", "0"),
    ]  # fmt: skip


def test_what_expires_before_a_moment_is_found_in_whatever_zone_it_is_written(shop_api):
    client = shop_api()
    ends = timezone.now() + timedelta(days=1)
    reserve(client, expires_at=ends.isoformat())

    def found(moment):
        return client.get("/api/v1/reservations/", {"expires_before": moment})

    assert found((ends + timedelta(seconds=1)).isoformat()).json()["results"] != []
    assert found(ends.isoformat()).json()["results"] == []
    assert found("1221-03-17T23:45:18-17:35").json()["results"] == []
    assert found("0001-01-01T00:00:00+10:00").status_code == 400


def test_another_store_does_not_know_of_it(shop_api, firm):
    (made,) = reserve(shop_api()).json()["reservations"]
    other = shop_api(firm.other)
    assert other.get("/api/v1/reservations/").json()["results"] == []
    assert other.get(f"/api/v1/reservations/{made['id']}/").status_code == 404
    for act in ("issue", "release", "extend", "reassign"):
        assert send(other, f"reservations/{made['id']}/{act}/").status_code == 404
    assert send(other, "reservations/issue/", {"reservations": [{"id": made["id"]}]}).status_code == 404
    assert reserve(other).status_code == 400
    assert Reservation.objects.get().state == "pending"


def test_it_is_kept_longer_moved_and_listed_by_state(shop_api, firm):
    client, until = shop_api(), timezone.now() + timedelta(hours=1)
    (made,) = reserve(client, expires_at=until.isoformat()).json()["reservations"]
    path = f"reservations/{made['id']}"
    assert send(client, f"{path}/extend/", {"expires_at": None}).json()["expires_at"] is None
    assert send(client, f"{path}/reassign/", {"location": "OTHER"}).status_code == 409
    assert send(client, f"{path}/reassign/", {"reference": "web 8"}, key="r2").json()["reference"] == "web 8"
    found = {state: len(client.get(f"/api/v1/reservations/?state={state}").json()["results"]) for state in STATES}
    assert found == {"pending": 1, "issued": 0, "released": 0, "expired": 0}


STATES = ("pending", "issued", "released", "expired")


def test_what_expired_reads_so_before_anybody_settled_it(shop_api):
    client = shop_api()
    (made,) = reserve(client, expires_at=(timezone.now() + timedelta(hours=1)).isoformat()).json()["reservations"]
    Reservation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    seen = client.get(f"/api/v1/reservations/{made['id']}/").json()
    assert (seen["state"], seen["remaining"]) == ("expired", "0.000")
    assert len(client.get("/api/v1/reservations/?state=expired").json()["results"]) == 1
    level = client.get("/api/v1/stock-levels/?sku=apple").json()["results"][0]
    assert (level["reserved"], level["available"]) == ("0.000", "10.000")
    assert client.get("/api/v1/stock-levels/?sku=apple&available_below=10").json()["results"] == []


def test_a_kit_is_made_reserved_and_handed_over_whole(shop_api, firm, tools):
    client, kit = shop_api(), tools.make_sku("basket")
    parts = {"parts": [{"sku": "apple", "quantity": "2"}]}
    made = client.put(f"/api/v1/kits/{kit.pk}/", parts, format="json").json()
    assert made["parts"] == [{"sku": "apple", "quantity": "2.000"}]
    assert {"location": "SHOP", "available": "5.000"} in made["available"]
    assert [row["code"] for row in client.get("/api/v1/kits/").json()["results"]] == ["basket"]
    (held,) = reserve(client, lines=[{"sku": "basket", "quantity": "3"}]).json()["reservations"]
    assert (held["sku"], held["kit"], held["quantity"]) == ("apple", "basket", "6.000")
    issued = send(client, "reservations/issue/", {"reservations": [{"id": held["id"]}], "destination": "OTHER"})
    assert issued.json()["transfer"].startswith("TR-")
    assert client.put(f"/api/v1/kits/{firm.apple.pk}/", parts, format="json").status_code == 422


def test_a_posting_is_undone_by_a_manager_with_a_reason(shop_api, firm):
    posting = Posting.objects.get(kind="receipt")
    path = f"postings/{posting.pk}/reverse/"
    assert send(shop_api(role="staff"), path, {"reason": "Wrong"}).status_code == 403
    assert send(shop_api(firm.other), path, {"reason": "Wrong"}).status_code == 404
    client = shop_api()
    assert send(client, path).status_code == 400
    undone = send(client, path, {"reason": "Wrong"}, key="a")
    assert undone.status_code == 201
    assert send(client, path, {"reason": "Wrong"}, key="a").json() == undone.json()
    assert send(client, path, {"reason": "Wrong"}, key="b").status_code == 409


def test_production_is_posted(shop_api, tools, firm):
    body = {
        "location": "SHOP", "note": "Pie",
        "used": [{"sku": "apple", "quantity": "4"}], "made": [{"sku": "bread", "quantity": "1"}],
    }  # fmt: skip
    assert send(shop_api(), "production/", body).status_code == 201
    assert (tools.level_of(firm.apple, firm.shop), tools.level_of(firm.bread, firm.shop)) == (6, 1)
