"""Whatever bytes come: read or refused with row and column, never an error of ours, never a part of it written."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from imports.domain.errors import FileRefused
from imports.domain.kinds import KINDS
from imports.messages import message_of
from imports.services.run_import import import_file
from inventory.models import Location, Movement, Sku, StockLevel
from tests.imports.conftest import NOW
from tests.sizes import report, size

CELLS = [
    "", " ", "A", "B", "MAIN", "SIDE", "NOWHERE", "receipt", "sale", "transfer", "gift", "each", "kg", "5", "0", "-3",
    "1,5", "1.5", "1,234", "1 000", "١٢٣", "１２", "NaN", "Infinity", "-0", "1e9", "9" * 30, "0.0000001", "2026-02-01",
    "2026-02-30", "2026/2/1 9:05", "01.02.2026", "2026-02-01T10:00:00+99:99", "0000-00-00", "9999-12-31", "=1+1", "+1",
    "@x", "＝cmd", "'=1", "''", "'", '"', 'a"b', "a,b", "a;b", "a\tb", "a\nb", "a\r\nb", "\x00", "a\x00b", "\x07",
    "\u202eabc", "שלום", "茶", "🍵", "é", "\ufeff", "\ufffe", "x" * 2_001, "x" * 61, "damage", "T-1", "\\N",
    "\\.", "{}", "%s", "'; DROP TABLE x; --",
]  # fmt: skip
HEADINGS = sorted(
    {column.name for kind in KINDS.values() for column in kind.columns} | {"", "x", "sku ", "SKU", "数量"}
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "cp1252", "latin-1"]


@st.composite
def tables(draw):
    """A kind, and bytes that are nearly a file of it."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    header = draw(
        st.one_of(
            st.just(KINDS[kind].headings),
            st.permutations(KINDS[kind].headings),
            st.lists(st.sampled_from(HEADINGS), max_size=12),
        )
    )
    cell = st.one_of(st.sampled_from(CELLS), st.text(max_size=8))
    rows = draw(st.lists(st.lists(cell, min_size=0, max_size=len(header) + 1), max_size=8))
    rows += draw(st.lists(st.sampled_from(KINDS[kind].examples), max_size=2))
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerows([header, *rows])
    data = text.getvalue().encode(draw(st.sampled_from(ENCODINGS)), errors="ignore")
    return kind, _spoiled(draw, data)


def _spoiled(draw, data):
    """Half of the files lose, gain or change a few bytes."""
    for _spot in range(draw(st.integers(0, 3)) if draw(st.booleans()) else 0):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        data = data[:at] + draw(st.binary(max_size=4)) + data[at + draw(st.integers(0, 4)) :]
    return data


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\nSIDE,Side,Europe/Paris\n")
    take_in("skus", "code,name,unit\nA,Apple,each\nB,Bread,kg\n")
    take_in("movements", "date,kind,sku,location,quantity\n2026-01-01,receipt,A,MAIN,100\n")
    return Location.objects.get(code="MAIN")


def state():
    levels = dict(StockLevel.objects.values_list("pk", "on_hand"))
    return Movement.objects.count(), Sku.objects.count(), Location.objects.count(), levels


def ledger_agrees():
    real = StockLevel.objects.aggregate(total=Sum("on_hand"))["total"] or Decimal(0)
    places = list(StockLevel.objects.values_list("location_id", flat=True).distinct())
    came = Movement.objects.filter(destination__in=places).aggregate(total=Sum("quantity"))["total"] or Decimal(0)
    went = Movement.objects.filter(source__in=places).aggregate(total=Sum("quantity"))["total"] or Decimal(0)
    return real == came - went


BIG = b"sku,location,quantity\nA,MAIN,5\n"


@settings(
    max_examples=size("fuzz_files"), deadline=None, derandomize=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(tables())
@example(("stock", BIG + b'"' + b"x" * 1_000_000 + b'",MAIN,5\n'))
@example(("stock", b",".join(b"c%d" % number for number in range(10_000)) + b"\n"))
@example(("stock", b"sku,sku,location,quantity\nA,A,MAIN,5\n"))
@example(("stock", BIG.replace(b"\n", b"\r")))
@example(("stock", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40))
@example(("movements", b"\\.\n"))
def test_any_bytes_are_read_or_refused_and_nothing_is_half_written(shop, made):
    kind, data = made
    before = state()
    with transaction.atomic():
        try:
            import_file(kind_name=kind, data=data, file_name="f.csv", user=None, now=NOW, time_zone="UTC")
        except FileRefused as refused:
            assert refused.total >= len(refused.errors) >= 1
            assert all(error.row >= 1 and message_of(error) for error in refused.errors)
            assert state() == before
        assert ledger_agrees()
        transaction.set_rollback(True)
    assert state() == before


def test_the_number_of_files_is_told():
    report("I1", "files of nonsense read or refused", size("fuzz_files"), "0 errors of ours, 0 half written")
