"""Forms of the purchaser's pages: filters that can be bookmarked, an edited quantity, a rejection."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inventory.forms_shared import ScopedForm
from inventory.models import Category, Location, TransferState
from inventory.number_fields import NumberField
from orders.models import OrderState
from orders.selectors.inbox import InboxFilter
from orders.selectors.order_pages import OrderFilter
from orders.services.lessons import LESSONS
from suppliers.models import Supplier

SNOOZE_DAYS = (("0", _("Ask again tomorrow")), ("7", _("In 7 days")), ("30", _("In 30 days")), ("90", _("In 90 days")))
_STATES = (("open", _("Open")), ("all", _("All")))


def _question(form: ScopedForm, choices: Sequence[str], **words: str) -> str:
    asked = {**words, "search": form.chosen("search"), **{name: form.chosen_id(name) for name in choices}}
    return urlencode({name: value for name, value in asked.items() if value})


class InboxForm(ScopedForm):
    search = forms.CharField(required=False, label=_("Search"), max_length=100)
    supplier = forms.ModelChoiceField(
        Supplier.objects.order_by("name"), required=False, label=_("Supplier"), empty_label=_("All suppliers")
    )
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label=_("All categories")
    )
    source = forms.ModelChoiceField(Location.objects.none(), required=False, label=_("Moved from"))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        cast("forms.ModelChoiceField[Location]", self.fields["source"]).queryset = Location.objects.all()

    def as_filter(self) -> InboxFilter:
        return InboxFilter(
            location_id=self.chosen_id("location"),
            supplier_id=self.chosen_id("supplier"),
            source_id=self.chosen_id("source"),
            category_id=self.chosen_id("category"),
            search=self.chosen("search") or "",
        )

    def as_export(self) -> str:
        """The same question in the words of the export."""
        return _question(self, ("location", "supplier", "source", "category"), state="open")


class OrderFilterForm(ScopedForm):
    search = forms.CharField(required=False, label=_("Number"), max_length=30)
    state = forms.ChoiceField(choices=(*_STATES, *OrderState.choices), required=False, label=_("State"))
    supplier = forms.ModelChoiceField(
        Supplier.objects.order_by("name"), required=False, label=_("Supplier"), empty_label=_("All suppliers")
    )

    def as_filter(self) -> OrderFilter:
        return OrderFilter(
            state=self.chosen("state") or "open",
            supplier_id=self.chosen_id("supplier"),
            location_id=self.chosen_id("location"),
            search=self.chosen("search") or "",
        )

    def as_export(self) -> str:
        """The same question in the words of the export."""
        return _question(self, ("location", "supplier"), state=self.chosen("state") or "open")


class TransferFilterForm(ScopedForm):
    search = forms.CharField(required=False, label=_("Number or SKU"), max_length=60)
    state = forms.ChoiceField(
        choices=(*_STATES, ("overdue", _("Overdue")), *TransferState.choices), required=False, label=_("State")
    )


class QuantityForm(forms.Form):
    quantity = NumberField(
        label=_("Quantity"),
        max_digits=11,
        decimal_places=3,
        min_value=Decimal("0.001"),
        error_messages={
            "required": _("Type how many units to order. To order none, reject the line."),
            "invalid": _("Type the quantity as a number, for example 24."),
            "min_value": _("The quantity must be more than 0. To order none, reject the line."),
            "max_digits": _("That is more than can be ordered in one line. Type less than 100,000,000."),
            "max_whole_digits": _("That is more than can be ordered in one line. Type less than 100,000,000."),
            "max_decimal_places": _("Type at most three places after the point."),
        },
    )


class RejectForm(forms.Form):
    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        error_messages={"required": _("Say why in a few words: the next person will want to know.")},
    )
    snooze_days = forms.TypedChoiceField(choices=SNOOZE_DAYS, coerce=int, initial="7", label=_("Ask again"))
    lesson = forms.ChoiceField(
        choices=(("", _("Change nothing")), *LESSONS),
        required=False,
        label=_("From now on"),
        help_text=_("Sets the rule of this SKU at this place; it can be changed among the rules at any time."),
    )
