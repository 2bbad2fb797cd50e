"""Forms of the planner's pages."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import DayInput
from forecasting.domain.scores import WINDOWS
from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change
from forecasting.services.predecessors import MOST_SHARE
from inventory.forms_shared import ScopedForm
from inventory.models import Category, Location, Sku
from inventory.number_fields import NumberField
from inventory.selectors.scope import locations_for

PERCENT, UNITS = "percent", "units"
KINDS = ((PERCENT, _("Per cent more or less")), (UNITS, _("Units over the period")))
STATES = (
    ("open", _("Not over")), ("now", _("In force")), ("coming", _("Not begun")),
    ("over", pgettext_lazy("override", "Over")), ("all", _("All")),
)  # fmt: skip
SUMS_OVER = tuple((days, format_lazy(_("{days} days"), days=days)) for days in WINDOWS)
# The name of a field of the service and of the field of the form that shows its error.
FIELDS = {"starts_on": "first", "ends_on": "last", "percent": "amount", "quantity": "amount"}


def sku_of_code(typed: str) -> Sku | None:
    """The SKU of a typed code; None for nothing. Raises ValidationError for a code that there is not."""
    code = typed.strip()
    if not code:
        return None
    sku = Sku.objects.filter(code=code).first()
    if sku is None:
        raise forms.ValidationError(gettext("No SKU has the code %(code)s. Stock lists them all.") % {"code": code})
    return sku


class PredecessorForm(forms.Form):
    """Whose place a SKU takes. Whether it can is checked by the service."""

    predecessor = forms.CharField(
        max_length=60, label=_("Code of the predecessor"),
        error_messages={"required": _("Type the code of the SKU whose place it takes.")},
    )  # fmt: skip
    percent = NumberField(
        max_digits=5, decimal_places=1, initial=100, label=_("Expected of its demand, in per cent"),
        help_text=_("100 for as much as the predecessor, 120 for a fifth more."),
        error_messages={"invalid": _("Type a number, for example 100 or 80.")},
    )  # fmt: skip

    def clean_percent(self) -> Decimal:
        percent: Decimal = self.cleaned_data["percent"]
        if not 0 < percent <= 100 * MOST_SHARE:
            most = {"most": 100 * MOST_SHARE}
            raise forms.ValidationError(gettext("Type more than 0 and at most %(most)d per cent.") % most)
        return percent

    def clean_predecessor(self) -> Sku | None:
        return sku_of_code(self.cleaned_data["predecessor"])


class OverrideFilterForm(ScopedForm):
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))
    search = forms.CharField(required=False, label=_("SKU, category or reason"), max_length=100)


class AccuracyForm(ScopedForm):
    """Whose accuracy is looked at. A SKU leaves no room for a category."""

    window = forms.TypedChoiceField(choices=SUMS_OVER, coerce=int, required=False, label=_("Sum over"))
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label=_("All categories")
    )
    sku = forms.CharField(max_length=60, required=False, label=_("SKU code"))

    def clean_sku(self) -> Sku | None:
        return sku_of_code(self.cleaned_data["sku"])


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = DayInput()
        super().__init__(widget=widget, error_messages={"invalid": _("Type a day, for example 2026-11-11.")}, **options)


class OverrideForm(forms.Form):
    """A new override. Whether it makes sense is checked by the service."""

    sku = forms.CharField(max_length=60, required=False, label=_("SKU code"))
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label=_("All categories")
    )
    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=_("Store"), empty_label=_("All stores")
    )
    kind = forms.ChoiceField(choices=KINDS, label=_("What you know better"), initial=PERCENT)
    amount = NumberField(
        max_digits=12, decimal_places=3, label=_("How much"), is_signed=True,
        help_text=_("For example 30 for 30% more, -20 for a fifth less."),
        error_messages={"invalid": _("Type a number, for example 30 or -20.")},
    )  # fmt: skip
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    expires_on = DayField(
        required=False, label=_("Expires on"),
        help_text=_("The last day on which it counts, if that is before the last day of the period."),
    )  # fmt: skip
    reason = forms.CharField(
        max_length=300, label=_("Why"),
        error_messages={"required": _("Say why in a few words: the next planner will want to know.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.user = user
        places = cast("forms.ModelChoiceField[Location]", self.fields["location"])
        places.queryset = locations_for(user)
        if not user.sees_all_locations:
            places.required, places.empty_label = True, None

    def clean_sku(self) -> Sku | None:
        return sku_of_code(self.cleaned_data["sku"])

    def level(self) -> Level:
        """What was chosen; call it after `is_valid`."""
        rows = {name: self.cleaned_data.get(name) for name in ("sku", "category", "location")}
        return Level(**{f"{name}_id": row.pk if row else None for name, row in rows.items()})

    def change(self) -> Change:
        """What was typed; call it after `is_valid`."""
        values = self.cleaned_data
        amount: Decimal = values["amount"]
        is_percent = values["kind"] == PERCENT
        return Change(
            first=values["first"], last=values["last"], expires_on=values["expires_on"],
            percent=amount if is_percent else None, quantity=None if is_percent else amount,
        )  # fmt: skip

    def is_told(self) -> bool:
        """Whether enough was typed and understood to say what it does; the reason may still be missing. Call it after
        `is_valid`."""
        return not set(self.errors) - {"reason"} and any(vars(self.level()).values())
