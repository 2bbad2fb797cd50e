"""Lots through the API: named in acts, listed, kept back and released, recalled."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from inventory.domain.days import local_date
from inventory.models import Lot, LotLevel, Sku


def in_days(days, place):
    """That many days from today, as the place has it."""
    return str(local_date(timezone.now(), place.time_zone) + timedelta(days=days))


def make_user(name, role, *places):
    user = User.objects.create_user(name, role=role)
    for place in places:
        user.location_access.create(location=place)
    return user


@pytest.fixture
def people(firm):
    return {
        "staff": make_user("sam", "staff", firm.shop),
        "manager": make_user("mia", "manager", firm.shop),
        "stranger": make_user("sid", "manager", firm.other),
    }


@pytest.fixture
def api(people):
    """api("post", "receipts", {...}, who="manager") as one of the people, each with a key of its own."""
    count = iter(range(100))

    def send(method, path, body=None, who="staff"):
        client = APIClient(headers={"Idempotency-Key": f"k{next(count)}"})
        client.force_authenticate(people[who])
        return getattr(client, method)(f"/api/v1/{path}", body or {}, format="json" if method == "post" else None)

    return send


@pytest.fixture
def milk(firm, tools, api):
    """Four units that expire soon and six that expire late, received through the API."""
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    lines = [
        {"sku": "milk", "quantity": "4", "lot": "SOON", "expires_on": in_days(3, firm.shop), "lot_supplier": "Dairy 7"},
        {"sku": "milk", "quantity": "6", "lot": "LATE", "expires_on": in_days(90, firm.shop)},
    ]
    answer = api("post", "receipts/", {"location": "SHOP", "lines": lines})
    assert answer.status_code == 201, answer.data
    return firm.milk


def stands():
    return dict(LotLevel.objects.values_list("lot__code", "on_hand"))


def lot_id(code):
    return Lot.objects.get(code=code).pk


def sell(api, quantity, **fields):
    return api("post", "sales/", {"location": "SHOP", "lines": [{"sku": "milk", "quantity": quantity, **fields}]})


def test_receipts_make_lots_and_sales_take_them(milk, api):
    assert Lot.objects.get(code="SOON").supplier == "Dairy 7"
    assert sell(api, "5").status_code == 201
    assert sell(api, "1", lot="late").status_code == 201
    assert stands() == {"SOON": 0, "LATE": 4}
    lots = [row["lot"] for row in api("get", "movements/").json()["results"]]
    assert lots == ["LATE", "LATE", "SOON", "LATE", "SOON"]


@pytest.mark.parametrize(
    ("path", "fields", "message"),
    [
        ("sales/", {"lot": "NONE"}, "has no lot NONE"),
        ("returns/", {}, "Say which lot"),
        ("receipts/", {"lot": "SOON", "expires_on": "2020-01-01"}, "known to expire"),
        ("receipts/", {"lot": "OLD", "expires_on": "2020-01-01"}, "expired on"),
    ],
)
def test_a_wrong_lot_is_a_problem_with_its_line(milk, api, path, fields, message):
    answer = api("post", path, {"location": "SHOP", "lines": [{"sku": "milk", "quantity": "1", **fields}]})
    assert answer.status_code == 422 or answer.status_code == 400
    assert message in answer.json()["title"] + str(answer.json())
    assert answer.json()["errors"][0]["line"] == 1


def test_adjustments_and_counts_name_lots(milk, api):
    lines = [{"sku": "milk", "quantity": "-1", "lot": "LATE"}]
    assert api("post", "adjustments/", {"location": "SHOP", "reason": "damage", "lines": lines}).status_code == 201
    lines = [{"sku": "milk", "quantity": "3", "lot": "SOON"}, {"sku": "milk", "quantity": "7", "lot": "LATE"}]
    assert api("post", "counts/", {"location": "SHOP", "lines": lines}).status_code == 201
    assert stands() == {"SOON": 3, "LATE": 7}


def test_levels_of_lots_are_listed_with_what_expires_first_at_the_top(milk, api):
    def codes(query=""):
        return [row["lot"] for row in api("get", f"lot-levels/{query}").json()["results"]]

    assert codes() == ["SOON", "LATE"]
    assert codes("?within_days=3") == ["SOON"]
    assert codes("?within_days=2") == []
    assert codes("?sku=milk&location=SHOP&status=good") == ["SOON", "LATE"]
    assert codes("?status=held") == []
    assert api("get", "lot-levels/?location=OTHER").status_code == 400
    assert api("get", "lot-levels/?within_days=-1").status_code == 400
    assert [row["code"] for row in api("get", "lots/?sku=milk").json()["results"]] == ["LATE", "SOON"]


def test_the_picking_proposal_is_first_expired_first_out(milk, api):
    asked = api("get", "pick-proposals/?location=SHOP&sku=milk&quantity=12").json()
    assert [(row["code"], row["quantity"]) for row in asked["picks"]] == [("SOON", "4.000"), ("LATE", "6.000")]
    assert asked["short"] == "2.000"
    assert api("get", "pick-proposals/?location=SHOP&sku=none&quantity=1").status_code == 400


def test_quarantine_and_release_are_for_managers_and_leave_a_trace(milk, api):
    path = f"lots/{lot_id('SOON')}"
    assert api("post", f"{path}/quarantine/", {"reason": "Smells"}).status_code == 403
    assert api("post", f"{path}/quarantine/", {"reason": "Smells"}, who="stranger").status_code == 404
    assert api("post", f"{path}/quarantine/", {"reason": " "}, who="manager").status_code == 400
    kept = api("post", f"{path}/quarantine/", {"reason": "Smells"}, who="manager")
    assert (kept.status_code, kept.json()["status"], kept.json()["status_reason"]) == (200, "quarantined", "Smells")
    level = api("get", "stock-levels/?sku=milk").json()["results"][0]
    assert (level["on_hand"], level["held"], level["available"]) == ("10.000", "4.000", "6.000")
    assert sell(api, "7").status_code == 409
    assert api("post", f"{path}/release/", {"reason": "It was the cheese"}, who="manager").status_code == 200
    assert sell(api, "7").status_code == 201
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor__username")) == [
        ("lot.quarantined", "mia"),
        ("lot.released", "mia"),
    ]


def test_an_expiry_is_corrected(milk, api):
    path = f"lots/{lot_id('SOON')}/correct-expiry/"
    answer = api("post", path, {"expires_on": "2020-01-01", "reason": "Misread"}, who="manager")
    assert answer.json()["expires_on"] == "2020-01-01"
    assert sell(api, "7").status_code == 409


def test_a_recall_says_where_a_lot_is_and_went(milk, api):
    sale = sell(api, "3").json()["posting"]
    found = api("get", f"lots/{lot_id('SOON')}/recall/").json()
    assert [(row["location"], row["on_hand"]) for row in found["standing"]] == [("SHOP", "1.000")]
    assert (found["received"], found["sold"], found["here"], found["written_off"]) == (
        "4.000",
        "3.000",
        "1.000",
        "0.000",
    )
    rows = api("get", f"lots/{lot_id('SOON')}/movements/").json()["results"]
    assert [(row["posting"] == sale, row["destination"], row["quantity"]) for row in rows] == [
        (True, "CUSTOMERS", "3.000"),
        (False, "SHOP", "4.000"),
    ]
    assert api("get", f"lots/{lot_id('SOON')}/recall/", who="stranger").status_code == 404


def test_a_recall_finds_who_bought(milk, api):
    """Also of a batch, a return and a reservation that was handed over; a sale that was reversed was nobody's."""
    lines = [{"sku": "milk", "quantity": "2", "lot": "LATE"}]
    wang, li = {"customer": "Ms Wang, receipt 7"}, {"customer": " Mr Li "}
    assert api("post", "sales/", {"location": "SHOP", "lines": lines, "note": "Gift", **wang}).status_code == 201
    assert api("post", "returns/", {"location": "SHOP", "lines": [{**lines[0], "quantity": "1"}], **wang}).json()
    batch = api("post", "movements/", {"lines": [{"kind": "sale", "location": "SHOP", **lines[0]}], **li})
    undo = {"reason": "Rung up twice"}
    mistake = api("post", "sales/", {"location": "SHOP", "lines": [{**lines[0], "quantity": "1"}], "customer": "Ms Ye"})
    assert api("post", f"postings/{mistake.json()['posting']}/reverse/", undo, who="manager").status_code == 201
    late = f"lots/{lot_id('LATE')}"
    assert api("get", f"{late}/recall/").json()["customers"] == [
        {"name": "Mr Li", "quantity": "2.000"}, {"name": "Ms Wang, receipt 7", "quantity": "1.000"}
    ]  # fmt: skip
    moved = api("get", f"{late}/movements/").json()["results"]
    assert {row["customer"] for row in moved if row["posting"] == batch.json()["posting"]} == {"Mr Li"}


def test_for_whom_it_was_reserved_bought_it(milk, api):
    body = {"location": "SHOP", "reference": "Order 8", "lines": [{"sku": "milk", "quantity": "1"}]}
    (row,) = api("post", "reservations/", body).json()["reservations"]
    api("post", f"reservations/{row['id']}/issue/")
    found = api("get", f"lots/{lot_id('SOON')}/recall/").json()["customers"]
    assert found == [{"name": "Order 8", "quantity": "1.000"}]


@pytest.mark.parametrize(
    ("path", "line"),
    [("sales", {}), ("returns", {"lot": "SOON"}), ("movements", {"kind": "sale", "location": "SHOP"})],
)
def test_a_customer_has_at_most_120_letters(milk, api, path, line):
    where = {} if path == "movements" else {"location": "SHOP"}
    lines = [{"sku": "milk", "quantity": "1", **line}]
    answer = api("post", f"{path}/", {**where, "lines": lines, "customer": "x" * 121})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "customer")


def test_tracking_is_started_and_stopped_by_who_edits_the_catalogue(firm, stock, api):
    stock(firm.apple, firm.shop, 3)
    path = f"skus/{firm.apple.pk}/lot-tracking/"
    assert api("post", path, {"is_lot_tracked": True}).status_code == 403
    assert api("post", path, {"is_lot_tracked": True}, who="manager").json() == {"is_lot_tracked": True}
    assert api("post", path, {"is_lot_tracked": True}, who="manager").status_code == 409
    assert stands() == {"START": 3}
    assert api("post", path, {"is_lot_tracked": False}, who="manager").status_code == 200
    assert not Sku.objects.get(code="apple").is_lot_tracked
