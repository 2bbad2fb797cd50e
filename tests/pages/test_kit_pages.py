"""Kits: made of parts by a manager, sold as their parts at the till."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import KitPart, LostSale, Movement, Sku
from inventory.services.kits import PartLine, set_kit_parts


@pytest.fixture
def basket(shop):
    """Two breads and half a kilo of rice for 6.00: five of them stand at `here`."""
    kit = Sku.objects.create(code="K1", name="Basket", price=Decimal(6), cost=3, created_at=timezone.now())
    parts = [PartLine(shop.bread.pk, Decimal(2)), PartLine(shop.rice.pk, Decimal("0.5"))]
    return set_kit_parts(kit_id=kit.pk, parts=parts, user=None, now=timezone.now())


def sell_form(shop, quantity, do="post"):
    line = {"line_code": ["K1"], "line_quantity": [quantity]}
    return {"location": shop.here.pk, "key": "a" * 32, "do": do, **line}


def test_a_sale_takes_its_parts_at_the_price_of_the_kit(staff, shop, basket):
    staff.post(reverse("inventory:sell"), sell_form(shop, "2"))
    sold = Movement.objects.filter(kind="sale").order_by("line")
    assert [(row.sku.code, row.quantity) for row in sold] == [("B1", 4), ("R1", 1)]
    assert sum(row.quantity * row.unit_price for row in sold) == 12
    assert sold[0].posting.note == "Kit K1"


def test_too_many_are_refused_by_the_part_that_is_short_and_can_be_cut(staff, shop, basket):
    answer = staff.post(reverse("inventory:sell"), sell_form(shop, "6"))
    assert "Its part B1: only 10 there, 12 asked." in answer.content.decode()
    staff.post(reverse("inventory:sell"), {**sell_form(shop, "6", do="cut"), "key": "b" * 32})
    assert Movement.objects.get(kind="sale", sku=shop.bread).quantity == 10
    lost = LostSale.objects.filter(cause="cut").order_by("sku__code").values_list("sku__code", "quantity")
    assert list(lost) == [("B1", 2), ("R1", Decimal("0.5"))]


def test_its_page_shows_the_parts_and_how_many_they_make_up(staff, shop, basket):
    page = staff.get(reverse("dashboards:sku", args=[basket.pk])).content.decode()
    assert "Brown bread" in page
    assert "5 can be made up" in page
    assert "Basket" in staff.get(reverse("dashboards:sku", args=[shop.bread.pk])).content.decode()
    assert "Basket" in staff.get(reverse("inventory:kits")).content.decode()


def test_a_manager_changes_the_parts(manager, basket, shop):
    address = reverse("inventory:kit_edit", args=[basket.pk])
    assert "Long rice" in manager.get(address).content.decode()
    manager.post(address, {"code": ["4012", ""], "quantity": ["1", ""]})
    assert list(KitPart.objects.values_list("part__code", "quantity")) == [("B1", 12)]
    manager.post(address, {"code": [""], "quantity": [""]})
    assert not Sku.objects.get(pk=basket.pk).is_kit


@pytest.mark.parametrize(
    ("code", "quantity", "message"),
    [("NOPE", "1", "There is no SKU NOPE."), ("K1", "1", "K1 is a kit."), ("B1", "x", "is not a number")],
)
def test_a_part_that_is_none_is_named(manager, basket, code, quantity, message):
    address = reverse("inventory:kit_edit", args=[basket.pk])
    answer = manager.post(address, {"code": ["R1", code], "quantity": ["1", quantity]})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert KitPart.objects.filter(kit=basket).count() == 2


def test_each_line_that_is_wrong_says_what_beside_itself_and_is_kept(manager, basket):
    address = reverse("inventory:kit_edit", args=[basket.pk])
    answer = manager.post(address, {"code": ["R1", "", "B1"], "quantity": ["1e30", "7", "-1"]})
    told = [(entry.code, entry.quantity, entry.error) for entry in answer.context["entries"][:3]]
    assert told == [
        ("R1", "1e30", "“1e30” is not a number. Write it like 3 or 1.5."),
        ("", "7", "Write which SKU it is, or empty the line."),
        ("B1", "-1", ""),
    ]
    answer = manager.post(address, {"code": ["R1", "B1"], "quantity": ["1", "-1"]})
    assert [entry.error for entry in answer.context["entries"][:2]] == [
        "",
        "B1 is counted in whole pieces. Write a whole number above zero.",
    ]
    assert 'aria-describedby="part-2-error"' in answer.content.decode()
