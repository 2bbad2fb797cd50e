"""Ids come as text: what no row can have is none, and never an error."""

import pytest

from accounts.ids import id_of, ids_of


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_an_id(text, number):
    assert id_of(text) == number


@pytest.mark.parametrize("text", ["", " 7", "-7", "+7", "7.0", "1_0", "7\x00", "VII", "７", "²", "9" * 19, "9" * 5000])
def test_what_no_row_can_have_is_none(text):
    assert id_of(text) is None


def test_those_that_can_be_ids_stay_in_their_order():
    assert ids_of(["3", "x", "1", ""]) == [3, 1]
