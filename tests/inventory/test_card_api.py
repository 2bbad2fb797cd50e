"""Packs, case barcodes, substitutes and styles through the API, read as they were written."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Role, User
from inventory.models import Barcode, Sku, Substitute

CARD = {
    "code": "TEA", "name": "Tea", "price": "4.0000", "barcodes": ["691"], "barcode_units": {"692": "24"},
    "packs": [{"name": "case", "quantity": "24.000"}], "substitutes": ["bread", "apple"],
}  # fmt: skip


@pytest.fixture
def admin(firm):
    client = APIClient()
    client.force_authenticate(User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True))
    return client


def post(client, path, body):
    return client.post(f"/api/v1/{path}/", body, format="json", headers={"Idempotency-Key": uuid4().hex})


def test_a_card_is_read_as_it_was_written(admin):
    made = post(admin, "skus", CARD)
    assert made.status_code == 201
    shown = admin.get(f"/api/v1/skus/{made.json()['id']}/").json()
    assert shown["barcodes"] == ["691", "692"]
    assert {name: shown[name] for name in ("barcode_units", "packs", "substitutes")} == {
        name: CARD[name] for name in ("barcode_units", "packs", "substitutes")
    }
    assert (shown["style"], shown["variant"]) == (None, {})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("packs", [{"name": "half", "quantity": "0.5"}]),
        ("packs", [{"name": "", "quantity": "2"}]),
        ("barcode_units", {"693": "0"}),
        ("substitutes", ["nothing"]),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(admin, field, value):
    assert post(admin, "skus", {**CARD, field: value}).status_code in (400, 422)
    assert not Sku.objects.filter(code="TEA").exists()


def test_a_list_of_many_takes_no_more_statements_than_of_one(admin, tools, django_assert_num_queries):
    for number in range(10):
        sku = tools.make_sku(f"S{number}")
        Barcode.objects.create(sku=sku, code=f"c{number}")
        Substitute.objects.create(sku=sku, substitute=Sku.objects.get(code="apple"), rank=1)
    with django_assert_num_queries(5):
        admin.get("/api/v1/skus/")


def test_a_refused_sale_names_what_may_be_had_instead(admin, firm, stock):
    Substitute.objects.create(sku=firm.apple, substitute=firm.bread, rank=1)
    stock(firm.bread, firm.shop, 5)
    refusal = post(admin, "sales", {"location": "SHOP", "lines": [{"sku": "apple", "quantity": "2"}]})
    assert refusal.status_code == 409
    assert refusal.json()["errors"][0]["substitutes"] == [{"sku": "bread", "available": "5"}]


SHIRT = {
    "code": "SHIRT", "name": "Shirt",
    "axes": [
        {"name": "Colour", "values": [{"name": "Red"}, {"name": "Blue"}]}, {"name": "Size", "values": [{"name": "M"}]}
    ],
}  # fmt: skip


def test_a_style_its_variants_and_their_stock(admin, firm, stock):
    style = post(admin, "styles", SHIRT).json()
    made = post(admin, f"styles/{style['id']}/variants", {"locations": ["SHOP"]})
    assert made.json() == {"skus": ["SHIRT-RED-M", "SHIRT-BLUE-M"]}
    stock(Sku.objects.get(code="SHIRT-BLUE-M"), firm.shop, 3)
    cells = admin.get(f"/api/v1/styles/{style['id']}/matrix/?location=SHOP").json()["cells"]
    assert [(cell["values"], cell["sku"], cell["available"]) for cell in cells] == [
        (["Red", "M"], "SHIRT-RED-M", "0.000"), (["Blue", "M"], "SHIRT-BLUE-M", "3.000"),
    ]  # fmt: skip


def test_a_variant_names_its_style_and_values(admin, firm):
    style = post(admin, "styles", SHIRT).json()
    post(
        admin,
        f"styles/{style['id']}/variants",
        {"cells": [[v["id"] for v in (axis["values"][0] for axis in style["axes"])]]},
    )
    (row,) = admin.get("/api/v1/skus/?search=SHIRT").json()["results"]
    assert (row["style"], row["variant"]) == ("SHIRT", {"Colour": "Red", "Size": "M"})


def test_another_place_and_a_foreign_cell_are_refused(admin, firm):
    style = post(admin, "styles", SHIRT).json()
    address = f"styles/{style['id']}/variants"
    assert post(admin, address, {"locations": ["NOWHERE"]}).status_code == 400
    assert post(admin, address, {"cells": [[1, 999999]]}).status_code == 422
    assert not Sku.objects.filter(code__startswith="SHIRT").exists()


def test_reasons_are_read(admin):
    rows = admin.get("/api/v1/reasons/").json()["results"]
    assert {"code": "damage", "name": "Damaged", "is_active": True}.items() <= rows[0].items()
