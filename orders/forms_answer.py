"""What a supplier says of one line of an order, as a form without script."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.text import format_quantity
from accounts.widgets import DayInput
from inventory.domain.movements import plain
from inventory.number_fields import NumberField
from orders.models import PurchaseOrderLine
from orders.services.supplier_answers import LineAnswer, fault_of

ALL, PART, NONE = "all", "part", "none"
HIDDEN = {ALL: ("quantity",), NONE: ("quantity", "day")}
HOW = ((ALL, lazy("All")), (PART, lazy("A part")), (NONE, lazy("None")))


class AnswerForm(forms.Form):
    """One line. Begins with what was answered before, else with all of it on the day that it is expected."""

    how = forms.ChoiceField(choices=HOW, widget=forms.RadioSelect, label=lazy("How much comes"))
    quantity = NumberField(
        required=False,
        max_digits=14,
        decimal_places=3,
        min_value=Decimal(0),
        label=lazy("How many in all"),
        error_messages={
            "invalid": lazy("Type the quantity as a number, for example 24."),
            "min_value": lazy("A quantity cannot be negative."),
        },
    )
    day = forms.DateField(
        required=False,
        label=lazy("Comes on"),
        widget=DayInput(),
        error_messages={"invalid": lazy("Write the day like 2027-03-31.")},
    )

    def __init__(self, data: Any, *, line: PurchaseOrderLine, expected_on: date, today: date) -> None:
        super().__init__(data, prefix=f"line-{line.pk}", initial=_initial(line, max(expected_on, today)))
        self.line, self.expected_on, self.today = line, expected_on, today
        self.fields["day"].widget.attrs["min"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        how = cleaned.get("how")
        # What was typed under another choice is hidden by this one: it could neither be seen nor mended.
        for name in HIDDEN.get(str(how), ()):
            self.errors.pop(name, None)
        if how == PART and cleaned.get("quantity") is None and not self.has_error("quantity"):
            self.add_error("quantity", _("Say how many come, of %(ordered)s.") % {"ordered": self.ordered})
        if how in (ALL, PART) and cleaned.get("day") is None and not self.has_error("day"):
            self.add_error("day", _("Say on which day it comes."))
        if not self.errors and (fault := fault_of(self.line, self.answer(), self.today)):
            self.refuse(fault)
        return cleaned

    @property
    def ordered(self) -> str:
        return format_quantity(self.line.quantity)

    def answer(self) -> LineAnswer:
        """Call it when the form is valid."""
        how = self.cleaned_data["how"]
        hidden = {ALL: self.line.quantity, NONE: self.line.received}
        units = hidden[how] if how in hidden else self.cleaned_data["quantity"]
        return LineAnswer(units, self.cleaned_data["day"] if how != NONE else None)

    def refuse(self, message: str) -> None:
        """Says what is wrong with this line as a whole."""
        self.add_error(None, message)


def _initial(line: PurchaseOrderLine, day: date) -> dict[str, Any]:
    word = line.confirmed_quantity
    if word is None or word >= line.quantity:
        how, quantity = ALL, None
    else:
        how, quantity = (PART, word) if word > line.received else (NONE, None)
    shown = None if quantity is None else plain(quantity)
    return {"how": how, "quantity": shown, "day": line.promised_on or day}
