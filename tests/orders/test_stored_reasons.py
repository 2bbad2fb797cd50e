"""Why a number: what is stored of it is short, and reads back as it was said, also where it was stored in full."""

from decimal import Decimal

import pytest

from orders.domain.reasons import Line, pack_lines, unpack_lines


def test_what_a_code_always_says_is_left_out():
    lines = [Line("on_hand", Decimal("5.000"), "units", "ledger"), Line("supplier", "Acme", "text", "terms", "nobody")]
    assert pack_lines(lines) == [["on_hand", "5.000"], ["supplier", "Acme", "nobody"]]
    assert unpack_lines(pack_lines(lines)) == lines


def test_what_is_not_usual_is_kept():
    lines = [Line("lead_time", Decimal(3), "days", "promise"), Line("saving", Decimal("1.20"), "money", "sum")]
    assert unpack_lines(pack_lines(lines)) == lines


def test_rows_stored_in_full_are_still_read():
    full = [["reorder_point", "10.000", "units", "forecast", ""], ["lead_time", "2.0", "days", "deliveries", "7"]]
    assert unpack_lines(full) == [
        Line("reorder_point", Decimal("10.000"), "units", "forecast"),
        Line("lead_time", Decimal("2.0"), "days", "deliveries", "7"),
    ]


@pytest.mark.django_db
def test_an_odd_name_survives_the_stream(firm, plan):
    firm.acme.name = 'A\\b "c"\n\t有货'
    firm.acme.save()
    plan()
    lines = unpack_lines(firm.acme.proposals.get(sku=firm.tea).reason["lines"])
    assert next(line.value for line in lines if line.code == "supplier") == firm.acme.name
