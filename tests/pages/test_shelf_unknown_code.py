"""A barcode that no SKU has: those who may, attach it without leaving the entry."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from inventory.models import Barcode


def send(client, shop, do="add", **fields):
    data = {"location": shop.here.pk, "key": "0" * 32, "line_code": "R1", "line_quantity": "2", "line_pack": ""}
    return client.post(reverse("inventory:receive"), {**data, "do": do, **fields})


def test_the_code_is_named_and_the_entry_stays(manager, shop):
    page = send(manager, shop, code="777888")
    assert page.status_code == 422
    assert "Which SKU is 777888?" in page.content.decode()
    assert [line.code for line in page.context["entry"].lines] == ["R1"]


def test_attaching_it_goes_on_with_the_entry(manager, shop):
    page = send(manager, shop, "attach", unknown_code="777888", attach_sku="B1", attach_quantity="6")
    assert Barcode.objects.get(code="777888").pack_quantity == 6
    assert [(line.code, line.typed) for line in page.context["entry"].lines] == [("B1", "6"), ("R1", "2")]
    assert AuditEvent.objects.filter(action="attach_barcode").exists()


def test_a_name_that_fits_several_offers_a_choice(manager, shop):
    page = send(manager, shop, "attach", unknown_code="777888", attach_sku="r")
    assert page.status_code == 422
    assert 'value="attach:B1"' in page.content.decode()
    assert send(manager, shop, "attach:B1", unknown_code="777888").status_code == 200


@pytest.mark.parametrize("quantity", ["0", "x", "1.5", "-1"])
def test_units_that_cannot_be_are_refused(manager, shop, quantity):
    page = send(manager, shop, "attach", unknown_code="777888", attach_sku="B1", attach_quantity=quantity)
    assert page.status_code == 422
    assert not Barcode.objects.filter(code="777888").exists()


def test_a_code_that_somebody_else_attached_meanwhile_is_refused(manager, shop):
    Barcode.objects.create(sku=shop.rice, code="777888")
    page = send(manager, shop, "attach", unknown_code="777888", attach_sku="B1")
    assert "belongs to R1 already" in page.content.decode()
    assert Barcode.objects.get(code="777888").sku == shop.rice


def test_staff_are_told_whom_to_ask_and_cannot(staff, shop):
    assert "A manager or an administrator" in send(staff, shop, code="777888").content.decode()
    page = send(staff, shop, "attach", unknown_code="777888", attach_sku="B1")
    assert page.status_code == 422
    assert not Barcode.objects.filter(code="777888").exists()
