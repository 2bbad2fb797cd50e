"""Numbers as people type them: a comma is a point, thousands are told apart by the other sign, and what can mean two
numbers is refused with both. No field of a form is one for numbers, from which a browser drops the comma."""

from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError

from inventory.domain.typed_numbers import NotANumber, TwoNumbers, read_number
from inventory.forms_entry import read_quantity
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField, WholeField, two_meanings
from orders.views import order_changes, supplier_returns

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7,5", "7.5"), ("7.5", "7.5"), (" 7 ", "7"), ("７．５", "7.5"), ("-20", "-20"), ("\u221220", "-20"),
        ("0,125", "0.125"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1 250", "1250"),
        ("1\u202f250,5", "1250.5"), (".5", "0.5"), (",5", "0.5"), ("3.", "3"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_meant(typed, number):
    assert NumberField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["seven", "7,5,1", "1..2", ".", "-,", "1e5", "NaN", "1_000", "", "7 kg", "12,34.5"])
def test_what_is_no_number_is_none(typed):
    with pytest.raises(NotANumber):
        read_number(typed)


def test_what_can_mean_two_numbers_is_refused_with_both():
    with pytest.raises(TwoNumbers):
        read_number("1,250")
    with pytest.raises(ValidationError, match=r"1,250 can mean two numbers\. Write 1250 or 1\.250"):
        NumberField().clean("1,250")


def test_limits_and_words_of_a_field_stay_its_own():
    field = NumberField(max_digits=4, decimal_places=1, min_value=0, error_messages={"invalid": "Say how much."})
    refused = {"7,55": "at most 1 place", "-1": "0 or more", "12345": "at most 4", "x": "Say how much"}
    for typed, said in refused.items():
        with pytest.raises(ValidationError, match=said):
            field.clean(typed)


@pytest.mark.parametrize("typed", ["2,5", "2.5", "two", "1,000"])
def test_whole_numbers_are_whole(typed):
    with pytest.raises(ValidationError, match="Type a whole number"):
        WholeField().clean(typed)
    assert WholeField().clean("１２") == 12


def test_an_amount_carries_its_sign_and_a_comma(settings):
    settings.DEFAULT_CURRENCY = "EUR"
    assert MoneyField().clean("12,50 €") == Decimal("12.50")


def test_a_field_for_more_and_less_keeps_a_keyboard_with_a_minus():
    assert "inputmode" not in NumberField(is_signed=True).widget.attrs
    assert NumberField().widget.attrs["inputmode"] == "decimal"


def every_form():
    for path in sorted(ROOT.glob("*/forms*.py")):
        module = import_module(f"{path.parent.name}.{path.stem}")
        found = (value for value in vars(module).values() if isinstance(value, type))
        yield from (value for value in found if issubclass(value, forms.BaseForm) and hasattr(value, "base_fields"))


def test_no_field_is_one_for_numbers():
    shown = {f"{form.__name__}.{name}" for form in every_form() for name, field in form.base_fields.items()
             if isinstance(field.widget, forms.NumberInput)}  # fmt: skip
    # Nobody types it: it repeats what stood on the page.
    assert shown <= {"WayForm.seen"}


BOTH = "1,250 can mean two numbers. Write 1250 or 1.250."


def test_at_the_shelf_and_in_orders_it_is_refused_too():
    assert (read_quantity("1,250"), read_quantity("1,25"), read_quantity(".5")) == (
        None,
        Decimal("1.25"),
        Decimal("0.5"),
    )
    change, back = order_changes.Row(None, "1,250", ""), supplier_returns.Row(None, "1,250")
    assert (change.change(), change.error) == (None, BOTH)
    assert (back.units(), back.error) == (0, BOTH)


@pytest.mark.parametrize(("typed", "words"), [("1,250", BOTH), ("1,25", ""), ("seven", ""), ("", "")])
def test_only_what_can_mean_two_is_told_both(typed, words):
    assert two_meanings(typed) == words
