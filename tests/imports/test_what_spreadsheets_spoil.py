"""What spreadsheet programs do to tables: hidden sheets, cut off codes, failed formulas, line ends inside cells."""

import csv
import io
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from accounts.models import User
from imports.domain.errors import FileRefused
from imports.services.files import as_text
from inventory.models import Barcode, Category, Location, Sku, StockLevel
from inventory.services.count_entries import keep_entries
from inventory.services.count_results import submit_count
from inventory.services.stock_counts import Wanted, create_count
from tests.imports.conftest import NOW
from tests.imports.test_exports import body, boss, shop
from tests.inventory.counting import given

__all__ = ["boss", "shop"]
NASTY = (
    "=1+1", "＠x", "'=x", "'plain", "007", "1E5", "12345678901234567890", "TRUE", "2026-01-01", "1,234", "a;b", '"',
    '"a"', "a\nb", "a\r\nb", "a\rb", "a\tb", "日本語", "NULL", "nan", "_x000D_", "\u202ertl", "- 5",
)  # fmt: skip


def workbook(*sheets):
    """The bytes of a workbook; each sheet is (rows, whether it is hidden)."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    made = [book.add_worksheet() for _sheet in sheets]
    next(sheet for sheet, (_rows, is_hidden) in zip(made, sheets, strict=True) if not is_hidden).activate()
    for sheet, (rows, is_hidden) in zip(made, sheets, strict=True):
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if is_hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


def test_the_sheet_that_one_sees_is_read(take_in):
    seen, hidden = [["code", "name"], ["A", "Apple"]], [["code", "name"], ["X", "Draft"]]
    take_in("skus", workbook((hidden, True), (seen, False)))
    assert list(Sku.objects.values_list("code", "name")) == [("A", "Apple")]


def test_a_long_code_that_became_a_number_is_refused(refusals):
    rows = [["code", "name", "barcode"], ["A", "Apple", 12345678901234567890]]
    assert refusals("skus", workbook((rows, False))) == [(2, "barcode", "shortened_number")]


@pytest.mark.parametrize("code", ["4.00638E+12", "1,23457E+19", "1E+15"])
def test_a_code_that_was_saved_as_a_power_of_ten_is_refused(refusals, code):
    assert refusals("skus", f'code,name,barcode\nA,Apple,"{code}"\n') == [(2, "barcode", "shortened_number")]


def test_digits_that_a_spreadsheet_keeps_are_kept(take_in):
    rows = [["code", "name", "barcode"], ["A", "Apple", 4006381333931], ["B", "Bread", 1234567890123456]]
    take_in("skus", workbook(([*rows, ["C", "Corn", "00123456789012345678"], ["1E5", "Code", ""]], False)))
    codes = set(Barcode.objects.values_list("code", flat=True))
    assert codes == {"4006381333931", "1234567890123456", "00123456789012345678"}


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!"])
def test_the_error_of_a_formula_is_no_value(refusals, text):
    assert refusals("skus", f"code,name,barcode,cost\nA,Apple,{text},{text}\n") == [
        (2, "barcode", "formula_error"),
        (2, "cost", "formula_error"),
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_any_text_comes_back_as_it_was(take_in, boss, ending):
    for number, text in enumerate(NASTY):
        group = Category.objects.create(code=f"c{number}", name=text)
        sku = Sku.objects.create(code=text, name=text, category=group, cost=Decimal("0.1"), created_at=NOW)
        Barcode.objects.create(sku=sku, code=f"B{text}")
    before = list(Sku.objects.order_by("pk").values()), list(Barcode.objects.order_by("pk").values())
    assert take_in("skus", body(boss.get(f"/export/skus.{ending}"))).changed_count == 0
    assert (list(Sku.objects.order_by("pk").values()), list(Barcode.objects.order_by("pk").values())) == before


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gb18030", ","), ("utf-16", ","), ("utf-16-le", "\t"), ("utf-8", ";")]
)
def test_an_export_that_was_saved_anew_elsewhere_is_the_same(take_in, boss, encoding, delimiter):
    Sku.objects.filter(code="A").update(name='=苹果 "x";\t,\nz')
    rows = csv.reader(io.StringIO(body(boss.get("/export/skus.csv")).decode("utf-8-sig"), newline=""))
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=delimiter).writerows(rows)
    assert take_in("skus", saved.getvalue().encode(encoding)).changed_count == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_counts_come_back_and_change_nothing(take_in, boss, ending):
    person = User.objects.get(username="boss")
    count = create_count(location=Location.objects.get(code="MAIN"), wanted=Wanted("all"), user=None, now=NOW)
    found = [given("A", 3, told_at=NOW), given("R", "5.5", told_at=NOW)]
    keep_entries(count_id=count.pk, entries=found, user=person, now=NOW)
    submit_count(count_id=count.pk, user=None, now=datetime(2026, 3, 10, 12, 0, tzinfo=UTC))
    before = list(StockLevel.objects.order_by("pk").values_list("on_hand"))
    assert take_in("counts", body(boss.get(f"/export/counts.{ending}"))).changed_count == 0
    assert list(StockLevel.objects.order_by("pk").values_list("on_hand")) == before


def test_a_text_that_many_cells_share_does_not_fill_the_memory():
    """A megabyte that would unpack to three thousand."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shared.xlsx"
        book = Workbook(path)
        sheet = book.add_worksheet()
        for number in range(100_000):
            sheet.write_string(number, 0, "x" * 30_000)
        book.close()
        with path.open("rb") as file, pytest.raises(FileRefused) as refused, as_text(file):
            pass
    assert refused.value.errors[0].code == "workbook_too_large"
