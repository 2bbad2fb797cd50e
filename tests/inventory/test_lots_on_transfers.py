"""A line of a transfer names a lot, or leaves it to what expires first: as a draft, when it leaves, when it comes."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import LotLevel, Transfer, TransferLine
from tests.inventory.conftest import NOW

TODAY = NOW.date()
pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def api(firm, tools):
    """At the depot: four of a lot that ends soon, six of one that ends late."""
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    client = APIClient()
    client.force_authenticate(User.objects.create_user("boss", role="manager", sees_all_locations=True))
    keys = iter(range(99))

    def call(path, body=None, method="post"):
        headers = {"Idempotency-Key": f"k{next(keys)}"}
        return getattr(client, method)(f"/api/v1/{path}", body or {}, format="json", headers=headers)

    lots = [("SOON", "4", 3), ("LATE", "6", 90)]
    lines = [
        {"sku": "milk", "quantity": quantity, "lot": lot, "expires_on": str(TODAY + timedelta(days=days))}
        for lot, quantity, days in lots
    ]
    assert call("receipts/", {"location": "DEPOT", "lines": lines}).status_code == 201
    return call


def line(quantity, lot="", **fields):
    return {"sku": "milk", "quantity": quantity, "lot": lot, **fields}


def stands(place):
    rows = LotLevel.objects.filter(location=place).exclude(on_hand=0)
    return dict(rows.values_list("lot__code", "on_hand"))


@pytest.fixture
def send(api):
    def run(*lines):
        made = api("transfers/", {"source": "DEPOT", "destination": "SHOP", "lines": lines})
        assert made.status_code == 201, made.json()
        assert api(f"transfers/{made.json()['id']}/ship/").status_code == 200
        return f"transfers/{made.json()['id']}/receive/"

    return run


def test_the_named_lot_leaves_and_arrives_though_another_expires_first(firm, api, send):
    arrive = send(line("5", "late"))
    assert stands(firm.in_transit) == {"LATE": 5}
    shown = api(arrive).json()
    assert [(row["lot"], row["received"]) for row in shown["lines"]] == [("LATE", "5.000")]
    assert stands(firm.shop) == {"LATE": 5}


def test_a_sku_stands_once_for_each_lot_and_once_for_what_expires_first(firm, api, send):
    arrive = send(line("3", "LATE"), line("2"))
    assert stands(firm.in_transit) == {"LATE": 3, "SOON": 2}
    parts = {"lines": [line("1"), line("2", "LATE")]}
    assert api(arrive, parts).status_code == 200
    assert stands(firm.shop) == {"SOON": 1, "LATE": 2}
    rows = TransferLine.objects.order_by("pk").values_list("lot__code", "received")
    assert list(rows) == [("LATE", 2), (None, 1)]


def test_the_lot_that_came_is_named_where_none_was_when_it_left(firm, api, send):
    arrive = send(line("6"))
    assert stands(firm.in_transit) == {"SOON": 4, "LATE": 2}
    assert api(arrive, {"lines": [line("2", "LATE")]}).status_code == 200
    assert (stands(firm.shop), stands(firm.in_transit)) == ({"LATE": 2}, {"SOON": 4})


def test_of_a_lot_no_more_arrives_than_this_transfer_carries(firm, api, send):
    other = send(line("4", "LATE"))
    arrive = send(line("4"))
    refused = api(arrive, {"lines": [line("1", "LATE")]})
    assert (refused.status_code, refused.json()["errors"][0]["lot"]) == (422, "LATE")
    assert api(other).status_code == 200
    assert stands(firm.in_transit) == {"SOON": 4}


def test_a_difference_names_its_lot(firm, api, send):
    arrive = send(line("3", "LATE"), line("2"))
    lost = {"sku": "milk", "lot": "LATE", "quantity": "1", "reason": "damage"}
    more = {"sku": "milk", "lot": "SOON", "quantity": "1", "reason": "found", "is_surplus": True}
    assert api(arrive, {"differences": [lost, more]}).json()["state"] == "received"
    assert stands(firm.shop) == {"LATE": 2, "SOON": 3}
    assert list(TransferLine.objects.order_by("pk").values_list("lot__code", "missing")) == [("LATE", 1), (None, 0)]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([line("1", "NONE"), line("1")], [1]),
        ([line("1", "SOON"), line("1", "SOON"), line("0.5", "NONE")], [2, 3]),
        ([line("1"), line("1")], [2]),
        ([line("1"), {"sku": "apple", "quantity": "1", "lot": "SOON"}], [2]),
    ],
)
def test_every_line_that_cannot_be_sent_is_named(api, lines, wrong):
    refused = api("transfers/", {"source": "DEPOT", "destination": "SHOP", "lines": lines})
    assert refused.status_code == 422
    assert sorted({row["line"] for row in refused.json()["errors"]}) == wrong
    assert not Transfer.objects.exists()


def test_a_named_lot_that_is_short_is_refused_when_it_leaves(firm, api):
    body = {"source": "DEPOT", "destination": "SHOP", "lines": [line("7", "LATE")]}
    made = api("transfers/", body).json()
    refused = api(f"transfers/{made['id']}/ship/")
    assert (refused.status_code, refused.json()["errors"][0]["available"]) == (409, "6")


def test_a_draft_is_written_anew_with_another_lot(firm, api):
    body = {"source": "DEPOT", "destination": "SHOP", "lines": [line("1", "LATE")]}
    made = api("transfers/", body).json()
    body["lines"] = [line("1", "SOON")]
    assert api(f"transfers/{made['id']}/", body, method="put").json()["lines"][0]["lot"] == "SOON"
