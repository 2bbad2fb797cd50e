"""One answer names every line and field of an act that is wrong, whatever is wrong with each of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from inventory.models import Movement, Posting

GOOD = {"sku": "apple", "quantity": "1"}
# Each with the field that is wrong.
WRONG = (
    ({"sku": "none", "quantity": "1"}, "sku"),
    ({"sku": "apple", "quantity": "many"}, "quantity"),
    ({"barcode": "0000", "quantity": "1"}, "barcode"),
    ({"sku": "apple", "quantity": "0.5"}, "quantity"),
    ({"quantity": "1"}, "sku"),
    ({"sku": "apple", "quantity": "1", "pack": "crate"}, "pack"),
)


@pytest.fixture
def refusal(firm):
    client = APIClient()
    client.force_authenticate(User.objects.create_user("boss", role="manager", sees_all_locations=True))

    def refuse(path, body, status=400):
        answer = client.post(f"/api/v1/{path}/", body, format="json", headers={"Idempotency-Key": "k"})
        assert answer.status_code == status, answer.json()
        assert not Posting.objects.exists()
        return [row["field"] for row in answer.json()["errors"]]

    return refuse


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("sales", {"location": "SHOP"}),
        ("returns", {"location": "SHOP"}),
        ("receipts", {"location": "SHOP"}),
        ("adjustments", {"location": "SHOP", "reason": "damage"}),
        ("counts", {"location": "SHOP"}),
        ("reservations", {"location": "SHOP"}),
        ("transfers", {"source": "SHOP", "destination": "DEPOT"}),
    ],
)
def test_every_faulty_line_is_named_in_its_field(refusal, path, fields):
    lines = [GOOD, *(line for line, _field in WRONG)]
    expected = [f"lines[{number}].{field}" for number, (_line, field) in enumerate(WRONG, start=1)]
    assert refusal(path, {**fields, "lines": lines}) == expected


def test_a_line_tells_its_form_and_its_names_at_once(refusal):
    lines = [{"sku": "none", "quantity": "many"}]
    assert sorted(refusal("sales", {"location": "SHOP", "lines": lines})) == ["lines[0].quantity", "lines[0].sku"]


def test_fields_beside_the_lines_are_told_with_them(refusal):
    body = {"location": "NOWHERE", "lines": [WRONG[0][0]], "note": "x" * 301}
    assert set(refusal("sales", body)) == {"location", "lines[0].sku", "note"}


@pytest.mark.parametrize(("path", "is_wrong"), [("sales", True), ("adjustments", True), ("counts", False)])
def test_nothing_is_a_quantity_of_a_count_alone(refusal, path, is_wrong):
    lines = [WRONG[0][0], {"sku": "apple", "quantity": "0"}]
    told = refusal(path, {"location": "SHOP", "reason": "damage", "lines": lines})
    assert ("lines[1].quantity" in told) is is_wrong


@pytest.mark.parametrize("lines", [[], "apple", None, [None, 7, "x"], {}])
def test_lines_that_are_none_are_refused(refusal, lines):
    assert refusal("sales", {"location": "SHOP", "lines": lines})


def test_used_and_made_are_both_told(refusal):
    body = {"location": "SHOP", "used": [WRONG[0][0]], "made": [GOOD, WRONG[1][0]]}
    assert refusal("production", body) == ["used[0].sku", "made[1].quantity"]


def test_many_faults_take_no_more_statements_than_one(refusal, firm):
    def statements(count):
        lines = [{"sku": f"none-{number}", "quantity": "many"} for number in range(count)]
        with CaptureQueriesContext(connection) as done:
            refusal("sales", {"location": "SHOP", "lines": lines})
        return len(done)

    assert statements(1) == statements(300)
    assert not Movement.objects.exists()
