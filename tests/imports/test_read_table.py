"""Whatever a spreadsheet program wrote is read; what is no table of text is refused."""

import pytest

from imports.domain.errors import FileRefused
from imports.domain.table import read_table

ROWS = [(2, ["a", "茶"]), (4, ["b", "x, y"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding, delimiter, ending):
    lines = ["code,name", "a,茶", ",", 'b,"x, y"']
    text = ending.join(line.replace(",", delimiter) if "x, y" not in line else f'b{delimiter}"x, y"' for line in lines)
    table = read_table(text.encode(encoding))
    assert table.header == ["code", "name"]
    assert table.rows == ROWS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"PK\x03\x04rest", "workbook"),
        (b"code,name\n\0,b", "not_text"),
        (b"\xff\xfea", "not_text"),
        (b"code,code\n1,2", "doubled_column"),
        (b"code,name\n1,2,3", "too_many_cells"),
        (b"code\n" + b"x" * 2001, "cell_too_long"),
        (b",".join(b"c%d" % i for i in range(101)), "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    with pytest.raises(FileRefused) as refused:
        read_table(data)
    assert refused.value.errors[0].code == code


def test_short_rows_are_filled_with_empty_cells():
    assert read_table(b"a,b,c\n1").rows == [(2, ["1", "", ""])]
