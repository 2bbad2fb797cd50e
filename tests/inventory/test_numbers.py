"""Documents are numbered by kind and year: ascending, with gaps perhaps, never twice."""

from datetime import date

import pytest
from django.db import transaction

from inventory.services.numbers import COUNTS, TRANSFERS, draw_number, draw_numbers

OLD_YEAR, NEW_YEAR = date(2025, 12, 31), date(2026, 1, 1)


def counted(numbers):
    return [int(number.rsplit("-", 1)[1]) for number in numbers]


def test_each_document_has_the_year_of_its_day(db):
    old, new = draw_numbers(TRANSFERS, [OLD_YEAR, NEW_YEAR])
    assert (old[:8], new[:8]) == ("TR-2025-", "TR-2026-")
    assert len(old) == len("TR-2025-000001")


def test_a_number_is_one_more_than_the_last_whatever_the_year(db):
    first = counted([draw_number(TRANSFERS, NEW_YEAR)])[0]
    assert counted(draw_numbers(TRANSFERS, [OLD_YEAR, NEW_YEAR])) == [first + 1, first + 2]


def test_no_documents_draw_no_numbers(db):
    assert draw_numbers(COUNTS, []) == []


def test_each_kind_counts_for_itself(db):
    before = counted([draw_number(COUNTS, NEW_YEAR)])[0]
    draw_number(TRANSFERS, NEW_YEAR)
    assert counted([draw_number(COUNTS, NEW_YEAR)]) == [before + 1]


def test_what_was_undone_leaves_a_gap(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        drawn = counted([draw_number(COUNTS, NEW_YEAR)])[0]
        raise RuntimeError
    assert counted([draw_number(COUNTS, NEW_YEAR)]) == [drawn + 1]
