"""Lists as files: nothing a spreadsheet would run, numbers as numbers, and what is read back is what was there."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest
from django.db import OperationalError, connection
from django.test import Client
from python_calamine import CalamineWorkbook

from accounts.models import User
from imports.domain.table import open_table
from imports.domain.workbook import convert_workbook
from imports.selectors.exports import EXPORTS
from inventory.domain.sheets import as_text, csv_pieces, guarded, unguarded, write_xlsx
from inventory.models import Location, LostSale, Movement, Sku, StockLevel
from tests.imports.conftest import NOW

TRIGGERS = "=+-@＝＋－＠\t\r\n"
MOVES = (
    "date,kind,sku,location,counterpart,quantity,unit_price,reason,reference\n"
    "2026-02-01,opening,A,MAIN,,10,,,\n"
    "2026-02-02 08:00:01.250000,receipt,R,MAIN,,5.125,1.2345,,GRN-1\n"
    "2026-02-03,sale,A,MAIN,,4,2.50,,T-1\n"
    "2026-02-04,transfer,A,MAIN,SIDE,3,,,\n"
    "2026-02-05,adjustment,A,MAIN,,-2,,damage,\n"
    "2026-02-06,adjustment,A,MAIN,,1,,found,\n"
    "2026-02-07,return,A,MAIN,,1,,,\n"
)


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\nSIDE,Side,America/New_York\n")
    take_in(
        "skus",
        "code,name,category,unit,barcode,cost,price,shelf_life_days\nA,Apple,Fruit,each,4001,1,2.5,9\nR,Rice,,kg,,,,\n",
    )
    take_in("movements", MOVES)
    return Location.objects.get(code="MAIN")


@pytest.fixture
def boss(shop):
    return signed_in(User.objects.create_user("boss", role="administrator", sees_all_locations=True))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def body(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(client, name, query=""):
    text = body(client.get(f"/export/{name}.csv{query}")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("before", ["", "'", "''", " ", "\u3000", "\u00a0'"])
def test_no_text_begins_like_a_formula(trigger, before):
    text = f"{before}{trigger}1+1"
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded(guarded(text))) == guarded(text)


@pytest.mark.parametrize("text", ["Tea", "O'Brien", "'s Hertogenbosch", "1-2", "a=b", "茶＝叶", ""])
def test_harmless_text_stays_as_it_is(text):
    assert guarded(text) == text == unguarded(text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(Decimal("-3.500"), "-3.5"), (Decimal("1E+3"), "1000"), (-7, "-7"), (None, ""), (True, "1"), ("=1", "'=1")],
)
def test_numbers_stay_numbers(cell, text):
    assert as_text(cell) == text


def test_text_that_no_file_can_hold_is_replaced():
    assert guarded("a\x00b\x07c\ud800") == "a\ufffdb\ufffdc\ufffd"


def test_a_workbook_holds_numbers_as_numbers_and_never_a_formula():
    rows = [["=1+1", Decimal("-3.25"), 12345678901234567, "\x00@x", None]]
    with write_xlsx(["a", "=b", "c", "d", "e"], rows) as file:
        cells = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
        file.seek(0)
        sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    assert cells[0][:2] == ["a", "'=b"]
    assert cells[1][:3] == ["'=1+1", -3.25, "12345678901234567"]
    assert b"<f>" not in sheet


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_list_is_free_of_formulas(boss, shop, name, ending):
    Sku.objects.filter(code="A").update(name='=HYPERLINK("http://evil")')
    LostSale.objects.create(
        sku=Sku.objects.get(code="A"), location=shop, quantity=1, unit_price=1, cause="refused", occurred_at=NOW,
        business_date=NOW.date(),
    )  # fmt: skip
    data = body(boss.get(f"/export/{name}.{ending}"))
    if ending == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    else:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    texts = [cell for row in rows for cell in row if isinstance(cell, str) and cell]
    assert texts
    assert [text for text in texts if text[0] in TRIGGERS and not text.lstrip("-").replace(".", "").isdecimal()] == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_skus_come_back_as_they_were(take_in, boss, ending):
    Sku.objects.filter(code="A").update(name="=1+1 'x'", shelf_life_days=None)
    Sku.objects.filter(code="R").update(name="'＝tricky")
    before = list(Sku.objects.order_by("pk").values())
    data = body(boss.get(f"/export/skus.{ending}"))
    assert take_in("skus", data).changed_count == 0
    Sku.objects.update(name="lost", price=0)
    assert take_in("skus", data).changed_count == 2
    assert list(Sku.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_levels_come_back_as_a_count_that_changes_nothing(take_in, boss, ending):
    data = body(boss.get(f"/export/levels.{ending}"))
    assert take_in("counts", data).changed_count == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_levels_that_moved_come_back_as_they_were(take_in, boss, ending):
    data = body(boss.get(f"/export/levels.{ending}"))
    before = list(StockLevel.objects.order_by("pk").values_list("on_hand"))
    take_in("movements", "date,kind,sku,location,quantity\n2026-03-01,receipt,A,MAIN,7\n")
    assert take_in("counts", data).changed_count == 1
    assert list(StockLevel.objects.order_by("pk").values_list("on_hand")) == before


FACTS = ("kind", "sku__code", "source__code", "destination__code", "quantity", "unit_price", "reason__code",
         "occurred_at", "business_date")  # fmt: skip


def facts():
    return list(Movement.objects.order_by("occurred_at", "sku__code").values_list(*FACTS))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_movements_come_back_into_the_same_books_as_nothing_new(take_in, boss, ending):
    data = body(boss.get(f"/export/movements.{ending}"))
    before = facts()
    assert take_in("movements", data).changed_count == 0
    assert facts() == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_movements_come_back_into_empty_books_as_they_were(take_in, boss, empty_ledger, ending):
    data, before = body(boss.get(f"/export/movements.{ending}")), facts()
    empty_ledger()
    assert take_in("movements", data).changed_count == len(before) == 7
    assert facts() == before


def test_filters_are_those_of_the_pages(boss, shop):
    assert {row["location"] for row in table(boss, "levels", f"?location={shop.pk}")} == {"MAIN"}
    assert {row["location"] for row in table(boss, "levels", "?location=SIDE")} == {"SIDE"}
    assert [row["sku"] for row in table(boss, "levels", "?q=ric")] == ["R"]
    assert len(table(boss, "movements", "?kind=adjustment&since=2026-02-06")) == 1
    assert boss.get("/export/movements.csv?since=soon").status_code == 422
    assert boss.get("/export/movements.csv?kind=gift").status_code == 422


@pytest.mark.parametrize("path", ["nothing.csv", "skus.pdf"])
def test_what_there_is_not_is_not_found(boss, path):
    assert boss.get(f"/export/{path}").status_code == 404


def test_people_of_a_store_take_away_only_what_is_theirs(shop):
    staff = User.objects.create_user("s", role="staff")
    staff.location_access.create(location=Location.objects.get(code="SIDE"))
    client = signed_in(staff)
    assert {row["location"] for row in table(client, "levels")} == {"SIDE"}
    assert [row["kind"] for row in table(client, "movements")] == ["transfer"]
    assert table(client, "levels", f"?location={shop.pk}") == []


def test_pages_of_rows_leave_none_out(boss, monkeypatch):
    monkeypatch.setattr("imports.selectors.exports.ROWS_AT_ONCE", 2)
    rows = table(boss, "movements")
    assert [int(row["id"]) for row in rows] == sorted(Movement.objects.values_list("pk", flat=True))
    assert rows[1]["date"] == "2026-02-02 08:00:01.250000+08:00"


def test_a_long_list_is_refused_as_a_workbook_and_not_as_csv(boss, monkeypatch):
    monkeypatch.setattr("imports.views.exports.MOST_XLSX_ROWS", 6)
    monkeypatch.setattr("imports.answers.MOST_XLSX_ROWS", 6)
    answer = boss.get("/export/movements.xlsx")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "more than 6 rows" in text and 'href="/export/movements.csv?"' in text
    assert len(table(boss, "movements")) == 7


def test_csv_leaves_in_pieces(monkeypatch):
    monkeypatch.setattr("inventory.domain.sheets.LINES_AT_ONCE", 2)
    pieces = list(csv_pieces(["a"], ([number] for number in range(5))))
    assert len(pieces) == 3
    assert "".join(pieces) == "\ufeffa\r\n0\r\n1\r\n2\r\n3\r\n4\r\n"


def test_a_file_that_breaks_off_says_so_in_its_last_line_and_is_not_taken_back(boss, monkeypatch, refusals):
    monkeypatch.setattr("imports.selectors.exports.ROWS_AT_ONCE", 2)
    pages, pieces = count(), []

    def third_is_lost(execute, sql, *rest):
        if "inventory_movement" in sql and next(pages) == 2:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *rest)

    answer = boss.get("/export/movements.csv")
    with connection.execute_wrapper(third_is_lost), pytest.raises(OperationalError):
        pieces.extend(answer.streaming_content)
    text = b"".join(pieces).decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + 4 + 1
    assert text.splitlines()[-1].startswith("THIS FILE IS NOT WHOLE")
    assert refusals("movements", text)[0][0] == 6


def test_a_day_of_a_workbook_is_a_day_and_is_read_back_as_it_was(tmp_path):
    days = [date(2026, 12, 8), date(1899, 12, 31), datetime(2026, 12, 8, 9, tzinfo=UTC)]
    path = tmp_path / "days.xlsx"
    with write_xlsx(["day"], [[day] for day in days]) as file:
        path.write_bytes(file.read())
    (written,), *others = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    assert written == days[0]
    assert others == [["1899-12-31"], ["2026-12-08T09:00:00+00:00"]]
    with (tmp_path / "days.csv").open("w+b") as text:
        convert_workbook(path, text)
        assert [cells for _number, cells in open_table(text).records] == [["2026-12-08"], *others]
