"""Quantities in packs at the shelf, and what a scan of a case does to a line."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Movement, Pack


@pytest.fixture
def packs(shop):
    Pack.objects.create(sku=shop.bread, name="case", quantity=12)
    Pack.objects.create(sku=shop.rice, name="bag", quantity=Decimal("0.5"))


def post(client, shop, act="receive", do="post", **fields):
    data = {"location": shop.here.pk, "key": "0" * 32, "do": do}
    return client.post(reverse(f"inventory:{act}"), {**data, **fields})


def one(code, typed, pack):
    return {"line_code": code, "line_quantity": typed, "line_pack": pack}


@pytest.mark.parametrize(
    ("line", "units"), [(one("B1", "2", "case"), 24), (one("R1", "9", "bag"), Decimal("4.5")), (one("B1", "3", ""), 3)]
)
def test_packs_are_stored_as_units(staff, shop, packs, line, units):
    assert post(staff, shop, **line).status_code == 302
    assert Movement.objects.order_by("-pk").first().quantity == units


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (one("B1", "0.3", "case"), "0.3 × case are 3.6, but it is counted in whole pieces"),
        (one("R1", "0.001", "bag"), "finer than three decimals"),
        (one("B1", "2", "pallet"), "no pack “pallet” any more"),
    ],
)
def test_what_cannot_be_counted_so_is_refused(staff, shop, packs, line, words):
    before = Movement.objects.count()
    page = post(staff, shop, **line)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Movement.objects.count() == before


def typed(page):
    return [(line.typed, line.pack) for line in page.context["entry"].lines]


@pytest.mark.parametrize(
    ("line", "scanned", "then"),
    [
        (one("B1", "2", "case"), "4012", ("3", "case")),
        (one("B1", "2", "case"), "4001", ("25", "")),
        (one("B1", "2", ""), "4012", ("14", "")),
    ],
)
def test_a_scan_adds_exactly_what_it_stands_for(staff, shop, packs, line, scanned, then):
    page = post(staff, shop, do="add", code=scanned, **line)
    assert typed(page) == [then]


def test_units_are_shown_in_packs_and_packs_in_units(staff, shop, packs):
    line = {"line_code": ["B1", "R1"], "line_quantity": ["27", "3"], "line_pack": ["", "bag"]}
    page = post(staff, shop, do="add", code="", **line).content.decode()
    assert "= 2 × case + 3" in page
    assert "= 1.5" in page


def test_each_line_keeps_its_own_pack(staff, shop, packs):
    line = {"line_code": ["R1", "B1"], "line_quantity": ["2", "1"], "line_pack": ["bag", "case"]}
    assert post(staff, shop, **line).status_code == 302
    last = Movement.objects.order_by("-posting", "line")[:2]
    assert [row.quantity for row in last] == [1, 12]


def test_the_stock_list_and_the_card_show_packs(staff, shop, packs):
    receive = one("B1", "2", "case")
    post(staff, shop, **receive)
    assert "= 2 × case + 10" in staff.get(reverse("dashboards:stock")).content.decode()
    assert "= 2 × case + 10" in staff.get(reverse("dashboards:sku", args=[shop.bread.pk])).content.decode()
