"""Whatever a spreadsheet program wrote is read; what is no table of text is refused."""

from io import BytesIO

import pytest

from imports.domain.errors import FileRefused
from imports.domain.table import open_table


def read(data):
    table = open_table(BytesIO(data))
    return table.header, [(number, [cell.strip() for cell in cells]) for number, cells in table.records]


ROWS = [(2, ["a", "茶"]), (4, ["b", "x, y"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding, delimiter, ending):
    lines = ["code,name", "a,茶", ",", 'b,"x, y"']
    text = ending.join(line.replace(",", delimiter) if "x, y" not in line else f'b{delimiter}"x, y"' for line in lines)
    assert read(text.encode(encoding)) == (["code", "name"], ROWS)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"\xff\xfea", "not_text"),
        (b"code\n\x81\xff\x8d", "not_text"),
        (b'code\n"' + b"x" * 1_000_000, "line_too_long"),
        (b'code\n"' + b"x\n" * 500_000, "cell_too_long"),
        (b",".join(b"c%d" % i for i in range(101)), "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    with pytest.raises(FileRefused) as refused:
        read(data)
    assert refused.value.errors[0].code == code


TEA = "code,name\nA,有机茶叶礼盒装\nB,{}\nC,绿茶红茶白茶黑茶花茶\n"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_letter_of_another_encoding_is_named_by_its_row(mark):
    """Read as GB 18030, which takes its bytes, every other letter of the file would be another one."""
    data = (mark + TEA.format("Caf")).encode().replace(b"Caf", b"Caf\xe9")
    with pytest.raises(FileRefused) as refused:
        read(data)
    assert [(error.row, error.code) for error in refused.value.errors] == [(3, "mixed_encodings")]


def test_every_letter_of_a_chinese_file_is_read_as_written():
    letters = [bytes([lead, trail]).decode("gb2312", "ignore") for lead in range(176, 248) for trail in range(161, 255)]
    lines = ["".join(letters[at : at + 94]) for at in range(0, len(letters), 94)]
    _header, rows = read("\n".join(["code", *lines]).encode("gb18030"))
    assert [cells for _number, cells in rows] == [[line] for line in lines]


def test_blank_lines_before_the_header_count_as_rows():
    assert read(b"\n\ncode\nA\n") == (["code"], [(4, ["A"])])


TITLES = "人民路店 销售明细表,,\n导出时间：2026-11-27,,\n\n日期,货号,数量\n2026-11-01,A,2\n"


@pytest.mark.parametrize("text", [TITLES, TITLES.replace(",", "\t"), TITLES.replace(",,\n", "\n")])
def test_titles_above_the_headings_are_passed_over_and_counted(text):
    assert read(text.encode("gb18030")) == (["日期", "货号", "数量"], [(5, ["2026-11-01", "A", "2"])])


def test_a_title_far_above_the_headings_is_the_heading():
    text = "title\n" + "note\n" * 10 + "code,name\nA,B\n"
    assert read(text.encode())[0] == ["title"]
