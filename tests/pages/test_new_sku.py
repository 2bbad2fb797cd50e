"""A new SKU with everything that hangs on it, and what of it is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from inventory.models import Barcode, Listing, Pack, Sku, Substitute
from tests.pages.conftest import make_user, signed_in

CARD = {
    "code": "T1", "name": "Green tea", "unit": "each", "price": "4", "cost": "2", "is_active": "on", "parts": "1",
    "barcode_code": ["6901", "6902"], "barcode_units": ["1", "24"],
    "pack_name": ["case", ""], "pack_units": ["24", ""],
    "substitute_code": ["R1", "B1"], "substitute_rank": ["2", "1"],
}  # fmt: skip


def make(client, shop, **fields):
    return client.post(reverse("inventory:sku_new"), {**CARD, "on_sale": [shop.here.pk], **fields})


def test_everything_is_written_at_once(manager, shop):
    assert make(manager, shop).status_code == 302
    sku = Sku.objects.get(code="T1")
    assert dict(Barcode.objects.filter(sku=sku).values_list("code", "pack_quantity")) == {"6901": 1, "6902": 24}
    assert list(Pack.objects.filter(sku=sku).values_list("name", "quantity")) == [("case", Decimal(24))]
    assert [row.substitute.code for row in Substitute.objects.filter(sku=sku)] == ["B1", "R1"]
    assert [row.location for row in Listing.objects.filter(sku=sku)] == [shop.here]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "B1"}, "belongs to another SKU"),
        ({"barcode_code": ["4001"], "barcode_units": ["1"]}, "belongs to B1"),
        ({"barcode_units": ["1", "x"]}, "“x” is no number of units"),
        ({"pack_units": ["2.5", ""]}, "cannot hold 2.5"),
        ({"pack_name": ["Case", "case"], "pack_units": ["6", "12"]}, "same name"),
        ({"substitute_code": ["X9"], "substitute_rank": ["1"]}, "No SKU has the code “X9”"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(manager, shop, fields, words):
    page = make(manager, shop, **fields)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Sku.objects.filter(code="T1").exists()


def test_a_barcode_from_a_scan_is_filled_in(manager, shop):
    assert 'value="69012345"' in manager.get(reverse("inventory:sku_new"), {"barcode": "69012345"}).content.decode()


@pytest.mark.parametrize("role", [Role.STAFF, Role.PURCHASER])
def test_others_may_not(as_role, shop, role):
    client = as_role(role)
    assert client.get(reverse("inventory:sku_new")).status_code == make(client, shop).status_code == 403


def change(client, shop, **fields):
    data = {"name": "Brown bread", "unit": "each", "price": "2.5", "cost": "1.2", "is_active": "on", "parts": "1"}
    return client.post(reverse("inventory:sku_edit", args=[shop.bread.pk]), {**data, **fields})


def test_a_row_that_is_left_out_is_taken_off(manager, shop):
    answer = change(manager, shop, barcode_code=["4001"], barcode_units=["1"], on_sale=[shop.here.pk])
    assert answer.status_code == 302
    assert [row.code for row in shop.bread.barcodes.all()] == ["4001"]
    open_at = Listing.objects.filter(sku=shop.bread, delisted_on=None)
    assert [row.location for row in open_at] == [shop.here]


def test_a_sku_is_no_substitute_of_itself(manager, shop):
    page = change(manager, shop, substitute_code=["B1"], substitute_rank=["1"])
    assert page.status_code == 422
    assert "its own substitute" in page.content.decode()


def test_places_of_others_keep_their_listing(shop):
    change(signed_in(make_user("max", Role.MANAGER, shop.here)), shop)
    assert list(Listing.objects.filter(sku=shop.bread, delisted_on=None).values_list("location", flat=True)) == [
        shop.there.pk
    ]
