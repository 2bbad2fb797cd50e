"""A fault is told under the heading of the file, for that is where its owner looks."""

import pytest

from accounts.models import User
from imports.domain.errors import CellError, FileRefused
from imports.error_file import error_answer
from imports.models import FileImport
from imports.selectors.files import error_rows, errors_of

SALES = "日期,货号,门店,销量\n2026-03-05,A,MAIN,many\n2026-03-06,NONE,MAIN,3\n"


@pytest.fixture
def places(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n")
    take_in("skus", "code,name\nA,Apple\n")


def faults(take_in, kind, text):
    with pytest.raises(FileRefused) as refused:
        take_in(kind, text)
    return [(error.row, error.column, error.shown_column) for error in refused.value.errors]


def test_cells_and_rows_are_told_under_the_heading_of_the_file(take_in, places):
    assert faults(take_in, "sales", SALES) == [(2, "quantity", "销量"), (3, "sku", "货号")]
    assert faults(take_in, "skus", "货号,品名,进价\nB,Bread,dear\n") == [(2, "cost", "进价")]


def test_what_belongs_to_no_column_of_the_file_keeps_our_name(take_in, places):
    assert faults(take_in, "sales", "日期,货号\n2026-03-05,A\n") == [
        (1, "location", "location"),
        (1, "quantity", "quantity"),
    ]


def test_doubles_are_told_with_all_else_that_is_wrong(take_in, db):
    text = "code,name,cost\nA,Apple,1\nA,Apple,1\nB,Bread,dear\nB,Bread,2\n"
    assert [row[:2] for row in faults(take_in, "products", text)] == [(3, "code"), (4, "cost")]


def test_the_list_and_the_file_of_faults_show_it():
    known = CellError(2, "quantity", "not_a_number", "many", "", "销量")
    before = [2, "quantity", "not_a_number", "many", ""]
    record = FileImport(kind="sales", error_count=1, errors=[[*before, "销量"]])
    assert errors_of(record) == [known]
    assert error_rows([known], ["wrong"]) == [(2, "销量", "many", "wrong")]
    assert "2,销量,many," in error_answer(record, "csv").content.decode()
    assert errors_of(FileImport(errors=[before]))[0].shown_column == "quantity"


def test_the_api_tells_both(client, db):
    client.force_login(User.objects.create_user("boss", role="administrator", sees_all_locations=True))
    record = FileImport.objects.create(
        kind="sales", state="refused", file_name="s.csv", sha256="0" * 64, byte_count=1, error_count=1,
        errors=[[2, "quantity", "not_a_number", "many", "", "销量"]], uploaded_at="2026-03-10T12:00Z",
        imported_by=User.objects.get(),
    )  # fmt: skip
    (row,) = client.get(f"/api/v1/imports/{record.pk}/errors/").json()
    assert (row["column"], row["heading"]) == ("quantity", "销量")


def test_a_fault_of_the_headings_below_a_title_is_told_in_their_row(take_in, places):
    assert faults(take_in, "sales", "销售明细表,,\n\n日期,货号,颜色\n2026-03-05,A,red\n") == [
        (3, "location", "location"),
        (3, "quantity", "quantity"),
        (3, "颜色", "颜色"),
    ]
    assert faults(take_in, "skus", "目录,\n货号,货号\nB,C\n") == [(2, "货号", "货号")]
