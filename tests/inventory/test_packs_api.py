"""Packs and case barcodes in the acts of the API: what is stored, and what is refused with its line."""

from decimal import Decimal
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Role, User
from inventory.models import Barcode, Movement, Pack

URL = "/api/v1/receipts/"


@pytest.fixture
def till(firm):
    Pack.objects.create(sku=firm.apple, name="Case", quantity=12)
    Pack.objects.create(sku=firm.rice, name="bag", quantity=Decimal("0.5"))
    Barcode.objects.create(sku=firm.apple, code="111")
    Barcode.objects.create(sku=firm.apple, code="112", pack_quantity=24)
    client = APIClient()
    client.force_authenticate(User.objects.create_user("till", role=Role.STAFF, sees_all_locations=True))
    return client


def send(till, *lines, url=URL, **fields):
    body = {"location": "SHOP", "lines": list(lines), **fields}
    return till.post(url, body, format="json", headers={"Idempotency-Key": uuid4().hex})


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ({"sku": "apple", "quantity": "2", "pack": "case"}, 24),
        ({"sku": "rice", "quantity": "9", "pack": "bag"}, Decimal("4.5")),
        ({"barcode": "111", "quantity": "3"}, 3),
        ({"barcode": "112", "quantity": "3"}, 72),
        ({"sku": "apple", "quantity": "0.5", "pack": "Case"}, 6),
    ],
)
def test_the_ledger_holds_units(till, line, units):
    assert send(till, line).status_code == 201
    assert Movement.objects.get(kind="receipt").quantity == units


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ({"sku": "apple", "quantity": "0.3", "pack": "case"}, "quantity", "3.6, but it is counted in whole units"),
        ({"sku": "rice", "quantity": "0.001", "pack": "bag"}, "quantity", "finer than 3 decimals"),
        ({"sku": "apple", "quantity": "2", "pack": "pallet"}, "pack", "apple has no pack pallet"),
        ({"barcode": "999", "quantity": "1"}, "barcode", "No SKU has the barcode 999"),
        ({"barcode": "112", "sku": "apple", "quantity": "1"}, "sku", "one of the two"),
        ({"quantity": "1"}, "sku", "one of the two"),
        ({"barcode": "112", "quantity": "1", "pack": "case"}, "pack", "says itself"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(till, line, field, words):
    answer = send(till, {"sku": "bread", "quantity": "1"}, line)
    assert answer.status_code in (400, 422)
    text = str(answer.json())
    assert words in text
    assert field in text
    assert not Movement.objects.exists()


def test_cases_in_and_pieces_out_leave_exactly_nothing(till, firm, tools):
    send(till, {"barcode": "112", "quantity": "7"})
    for _sale in range(2):
        send(till, {"sku": "apple", "quantity": "3", "pack": "case"}, url="/api/v1/sales/")
    send(till, {"sku": "apple", "quantity": "96"}, url="/api/v1/sales/")
    assert tools.level_of(firm.apple, firm.shop) == 0


def test_a_thousand_lines_in_packs_take_no_more_statements_than_one(till, django_assert_max_num_queries):
    lines = [{"sku": "apple", "quantity": "1", "pack": "case"}, {"barcode": "111", "quantity": "1"}] * 100
    with django_assert_max_num_queries(30):
        assert send(till, *lines).status_code == 201
