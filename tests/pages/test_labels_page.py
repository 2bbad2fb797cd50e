"""Printed labels: a scanner reads from the paper what the system expects."""

from datetime import date

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse

from accounts.models import Role
from inventory.domain.label_pdf import Label, has_check_digit, render_labels, symbology_of
from inventory.domain.label_sheets import SHEETS, spots
from inventory.models import Location, Posting, Sku
from inventory.models.lot import Lot
from tests.pages.conftest import make_user, signed_in

PAGE = reverse("inventory:labels")
# What an ordinary label printer puts on paper: 203 dots an inch.
PRINTED = 203 / 72


def read_back(pdf):
    """[(page, kind, text)] of every code that a reader finds on the printed pages."""
    pages = pypdfium2.PdfDocument(pdf)
    images = [page.render(scale=PRINTED, grayscale=True).to_pil() for page in pages]
    return [
        (number, code.format.name, code.text)
        for number, image in enumerate(images)
        for code in zxingcpp.read_barcodes(image)
    ]


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("4006381333931", "EAN13"),
        ("96385074", "EAN8"),
        ("4006381333932", "Code128"),
        ("B1", "Code128"),
        ("A-01-03", "Code128"),
        ("红茶-01", "QRCode"),
        ("SHIRT-DARKRED-XXL-LONG-SLEEVE-2026-SPRING-COLLECTION-0001", "QRCode"),
    ],
)
def test_what_is_printed_can_be_read(name, value, kind):
    pdf = render_labels([Label("Brown bread 全麦面包 with a rather long name", value, "€2.50")], SHEETS[name])
    assert read_back(pdf) == [(0, kind, value)]


def test_every_label_of_a_full_sheet_can_be_read():
    codes = [f"SKU-{number:03d}" for number in range(30)]
    pdf = render_labels([Label("Tea", code) for code in codes], SHEETS["a4-3x8"], start=5)
    found = read_back(pdf)
    assert {text for _page, _kind, text in found} == set(codes)
    assert sum(page == 0 for page, _kind, _text in found) == 20


def test_positions_go_row_by_row_and_stay_on_the_page():
    sheet = SHEETS["a4-2x7"]
    first, second, third = list(spots(sheet, 3))
    assert (first.y, second.y) == (second.y, first.y)
    assert (second.x > first.x, third.y < first.y) == (True, True)
    last = next(iter(spots(sheet, 1, start=14)))
    assert last.y > 0
    assert last.x + sheet.width < sheet.page_width


@pytest.mark.parametrize(
    ("digits", "is_right"), [("4006381333931", True), ("4006381333932", False), ("96385074", True)]
)
def test_the_check_digit_decides_about_ean(digits, is_right):
    assert has_check_digit(digits) is is_right
    assert symbology_of(digits, width=200).startswith("EAN") is is_right


def make_pdf(client, **fields):
    return client.post(PAGE, {"sheet": "roll-60x40", "start": "1", **fields})


def test_a_sku_is_printed_with_its_own_barcode_as_often_as_wanted(staff, shop):
    answer = make_pdf(staff, item=f"sku-{shop.bread.pk}", copies="3")
    assert answer["Content-Type"] == "application/pdf"
    assert [text for _page, _kind, text in read_back(answer.content)] == ["4001"] * 3


def test_on_a_roll_there_is_nowhere_else_to_begin(staff, shop):
    answer = make_pdf(staff, item=f"sku-{shop.bread.pk}", copies="1", start="7")
    assert len(read_back(answer.content)) == 1


def test_a_case_has_a_label_of_its_own(staff, shop):
    case = shop.bread.barcodes.get(pack_quantity=12)
    assert [row[2] for row in read_back(make_pdf(staff, item=f"case-{case.pk}", copies="1").content)] == ["4012"]


def test_without_a_barcode_the_code_is_printed(staff, shop):
    assert [row[2] for row in read_back(make_pdf(staff, item=f"sku-{shop.rice.pk}", copies="1").content)] == ["R1"]


@pytest.mark.parametrize(
    "fields",
    [
        {"copies": "0"},
        {"copies": "x"},
        {"copies": "501"},
        {"sheet": "a3"},
        {"sheet": "a4-3x8", "start": "25"},
        {"sheet": "a4-3x8", "start": "0"},
        {"item": "sku-x"},
    ],
)
def test_what_cannot_be_printed_is_said_and_the_choice_stays(staff, shop, fields):
    page = make_pdf(staff, **{"item": f"sku-{shop.bread.pk}", "copies": "1", **fields})
    assert page.status_code == 422
    assert page.context["problem"].message


def test_a_receipt_proposes_a_label_for_each_unit(staff, shop):
    page = staff.get(PAGE, {"posting": Posting.objects.get().pk})
    assert {(row.label.value, copies) for row, copies in page.context["rows"]} == {
        ("4001", "10"), ("4012", "0"), ("R1", "4"),
    }  # fmt: skip


def test_a_receipt_of_another_store_is_not_there(shop):
    stranger = signed_in(make_user("tom", Role.STAFF, shop.there))
    assert stranger.get(PAGE, {"posting": Posting.objects.get().pk}).status_code == 404


def test_bins_are_printed_by_those_of_the_store_only(staff, shop):
    bins = [Location.objects.create(code=f"A-0{n}", name=f"A-0{n}", kind="bin", parent=shop.here) for n in (1, 2)]
    page = staff.get(PAGE, {"bins_of": shop.here.pk})
    assert [row.label.value for row, _copies in page.context["rows"]] == ["A-01", "A-02"]
    assert read_back(make_pdf(staff, item=f"bin-{bins[0].pk}", copies="1").content)[0][2] == "A-01"
    stranger = signed_in(make_user("tom", Role.STAFF, shop.there))
    assert stranger.get(PAGE, {"bins_of": shop.here.pk}).status_code == 404
    assert make_pdf(stranger, item=f"bin-{bins[0].pk}", copies="1").status_code == 422


def test_a_search_adds_to_what_is_picked(staff, shop):
    page = staff.get(PAGE, {"q": "rice", "item": f"sku-{shop.bread.pk}"})
    assert [row.key for row, _copies in page.context["rows"]] == [f"sku-{shop.bread.pk}", f"sku-{shop.rice.pk}"]


def test_after_receiving_labels_are_one_tap_away_once(staff, shop):
    entry = {"location": shop.here.pk, "key": "0" * 32, "do": "post", "line_code": "B1", "line_quantity": "5"}
    page = staff.post(reverse("inventory:receive"), entry, follow=True)
    link = f"{PAGE}?posting={Posting.objects.order_by('-pk').first().pk}"
    assert link in page.content.decode()
    assert ("4001", "5") in [(row.label.value, copies) for row, copies in staff.get(link).context["rows"]]
    assert link not in staff.get(reverse("inventory:receive")).content.decode()


def test_a_lot_is_printed_with_its_last_day_by_those_of_the_store_only(manager, shop):
    sku = Sku.objects.create(code="MILK", name="Milk", price=1, created_at=shop.bread.created_at)
    lot = Lot.objects.create(sku=sku, code="L-77", expires_on=date(2027, 1, 31), received_at=sku.created_at)
    ((row, _copies),) = manager.get(PAGE, {"lot": lot.pk}).context["rows"]
    assert (row.label.value, row.label.note) == ("L-77", "use by 2027-01-31")
    assert read_back(make_pdf(manager, item=f"lot-{lot.pk}", copies="1").content)[0][2] == "L-77"
    stranger = signed_in(make_user("tom", Role.STAFF, shop.there))
    assert stranger.get(PAGE, {"lot": lot.pk}).context["rows"] == []
