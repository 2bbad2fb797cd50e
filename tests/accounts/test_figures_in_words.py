"""Figures as people read them, and as they are remembered from one page to the next."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import date_format

from accounts.text import format_date, format_quantity, format_share

ZEROS = (-0.0, Decimal("-0.000"), 0, Decimal(0))


@pytest.mark.parametrize("first", ZEROS)
def test_a_zero_has_no_sign_whichever_was_written_first(first):
    with translation.override("en"):
        assert [format_quantity(value) for value in (first, *ZEROS)] == ["0"] * 5
        assert [format_share(value) for value in (first, *ZEROS)] == ["0%"] * 5


def test_what_is_remembered_in_one_language_is_not_written_in_another():
    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append((format_quantity(Decimal("1234.5")), format_share(0.125)))
    assert said == [("1,234.5", "12.5%"), ("1.234,5", "12,5%"), ("1,234.5", "12.5%")]


def test_a_day_of_a_page_and_a_day_of_a_sentence_are_written_alike():
    day = date(2026, 11, 12)
    with translation.override("en"):
        assert date_format(day) == date_format(day, "SHORT_DATE_FORMAT") == format_date(day) == "Nov 12, 2026"
    with translation.override("zh-hans"):
        assert date_format(day) == date_format(day, "SHORT_DATE_FORMAT") == format_date(day) == "2026年11月12日"
