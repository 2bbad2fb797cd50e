"""Workbooks that mean harm are refused before anything opens them, at once and in little memory."""

import io
import resource
import struct
import time
import zipfile
import zlib

import pytest

from imports.domain import workbook
from imports.domain.errors import FileRefused
from imports.services.files import as_text
from inventory.domain.sheets import write_xlsx

TYPES = b"<Types/>"
SHEET = "xl/worksheets/sheet1.xml"


def packed(*entries, level=9):
    """A zip of (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def bomb(mega_bytes):
    """A sheet of so many megabytes of nothing, made without having them in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open(SHEET, "w") as entry:
            for _piece in range(mega_bytes):
                entry.write(b" " * 1024 * 1024)
    return out.getvalue()


def lying():
    """Its directory says 100 kB; it unpacks to 100 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(packer.compress(b" " * 1024 * 1024) for _piece in range(100)) + packer.flush()
    name, said = SHEET.encode(), 100_000
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(data), said, len(name), 0) + name + data
    types = b"[Content_Types].xml"
    first = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 8, 8, len(types), 0) + types + TYPES
    places = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 8, 8, len(types), 0, 0, 0, 0, 0, 0) + types,
        struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(data), said, len(name), 0, 0, 0, 0, 0, len(first)
        )
        + name,
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, sum(map(len, places)), len(first) + len(head), 0)
    return first + head + b"".join(places) + end


def overlapping():
    """Three entries of the directory share the bytes of one."""
    whole = packed(("a.xml", b"x" * 500_000))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start = archive.start_dir
    directory, end = whole[start:-22], whole[-22:]
    count = 2 * 3
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory) * 3, start, 0)
    assert len(end) == len(tail)
    return whole[:start] + directory * 3 + tail


def long_directory(claimed, real, *, beside_locator=True):
    """An end that tells of one entry before one in 64 bits that tells of `claimed`; `real` ones are there."""
    name = b"a.xml"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 45, 45, *[0] * 7, len(name), *[0] * 6) + name
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, claimed, claimed, len(entry) * claimed, 4)
    start = b"PK\x03\x04" + entry * real
    tail = record if beside_locator else record + b" " * 8
    return (
        start
        + tail
        + struct.pack("<4sLQL", b"PK\x06\x07", 0, len(start), 1)
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), 4, 0)
    )


def in_64_bits():
    """The same workbook with an end in 64 bits, as streaming programs write it for small files too."""
    whole = packed((SHEET, b"<worksheet/>"))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start, count = archive.start_dir, len(archive.infolist())
    end = len(whole) - 22
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, end - start, start)
    return whole[:end] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1) + whole[end:]


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><worksheet>&xxe;</worksheet>'
FAR = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
HARMFUL = [
    ("bomb of 1 GB", lambda: bomb(1024), "workbook_bomb"),
    ("bomb below the sum", lambda: bomb(200), "workbook_bomb"),
    ("lying sizes", lying, "workbook_bomb"),
    ("shared bytes", overlapping, "workbook_bomb"),
    ("10,000 entries", lambda: packed(*((f"x{n}.xml", b"") for n in range(10_000))), "workbook_bomb"),
    ("entries in 64 bits", lambda: long_directory(200_000, 200_000), "workbook_bomb"),
    ("bytes in 64 bits", lambda: long_directory(6_000, 6_000, beside_locator=False), "workbook_bomb"),
    ("more in 64 bits than there are", lambda: long_directory(2**40, 1), "workbook_bomb"),
    ("nested", lambda: packed(("inner.zip", bomb(10))), "workbook_nested"),
    ("embedded workbook", lambda: packed(("xl/embeddings/a.xlsx", b"PK")), "workbook_nested"),
    ("macros", lambda: packed(("xl/vbaProject.bin", b"x")), "workbook_macros"),
    ("billion laughs", lambda: packed((SHEET, ENTITIES)), "workbook_entities"),
    ("entity of a file", lambda: packed((SHEET, OUTSIDE)), "workbook_entities"),
    ("entities in UTF-16", lambda: packed((SHEET, ENTITIES.decode().encode("utf-16"))), "bad_workbook"),
    ("one cell far away", lambda: packed((SHEET, FAR)), "workbook_too_large"),
    ("no workbook", lambda: packed(), "bad_workbook"),
    ("cut off", lambda: packed((SHEET, b"<worksheet/>"))[:-30], "bad_workbook"),
    ("only its first bytes", lambda: b"PK\x03\x04", "bad_workbook"),
    ("a web page", lambda: "\n<HTML><meta charset=gb2312><table><tr><td>商品编码".encode("gbk"), "markup"),
    ("a web page with a mark", lambda: b"\xef\xbb\xbf<table border=1><tr><td>code", "markup"),
    ("an old one", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_workbook"),
]


@pytest.mark.parametrize(("make", "code"), [row[1:] for row in HARMFUL], ids=[row[0] for row in HARMFUL])
def test_it_is_refused_within_a_second_and_fifty_megabytes(make, code):
    data = make()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(FileRefused) as refused, as_text(io.BytesIO(data)):
        pass
    assert refused.value.errors[0].code == code
    assert time.process_time() - began <= 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before <= 50 * 1024


def test_without_the_count_of_bytes_a_lie_would_pass(monkeypatch):
    """Shows that the guard is what refuses it."""
    monkeypatch.setattr(workbook, "_check_content", lambda file, entry: None)
    workbook.check_workbook(io.BytesIO(lying()))


def test_an_honest_workbook_is_read_with_the_numbers_of_its_rows():
    rows = [["A", 1], [None, None], ["=B", 2]]
    with write_xlsx(["sku", "quantity"], rows) as file, as_text(file) as (text, encoding):
        text.seek(0)
        assert text.read().decode(encoding).splitlines() == ["sku,quantity", "A,1", "", "'=B,2"]


def test_an_end_in_64_bits_alone_is_no_fault():
    workbook.check_workbook(io.BytesIO(in_64_bits()))


def test_a_parser_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(workbook, "CHILD", workbook.CHILD.with_name("no_such_program.py"))
    with write_xlsx(["a"], []) as file, pytest.raises(FileRefused) as refused, as_text(file):
        pass
    assert refused.value.errors[0].code == "bad_workbook"
