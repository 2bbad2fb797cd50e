"""The form of a rule that approves by itself."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inventory.models import Category, Location
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField
from inventory.selectors.scope import locations_for
from orders.domain.money import CENT
from orders.models import AutoApprovalRule
from orders.models.policy import Steadiness, ValueClass
from orders.services.auto_approval import MOST_PERCENT, AutoConditions
from suppliers.models import Supplier

ALL = ("", _("All"))
ROWS = ("supplier", "category", "location")


def _money(label: Any, help_text: Any) -> MoneyField:
    return MoneyField(label=label, min_value=CENT, max_digits=14, decimal_places=2, help_text=help_text)


class AutoRuleForm(forms.Form):
    """What a proposal has to fit; an empty condition fits everything. The service checks what belongs together."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Stands on every order that the rule approves."))
    supplier = forms.ModelChoiceField(
        Supplier.objects.order_by("name"), required=False, label=_("Supplier"), empty_label=_("All")
    )
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label=_("All"),
        help_text=_("With the categories below it."),
    )  # fmt: skip
    value_class = forms.ChoiceField(label=_("Class by value"), required=False, choices=(ALL, *ValueClass.choices))
    steadiness = forms.ChoiceField(label=_("Class by steadiness"), required=False, choices=(ALL, *Steadiness.choices))
    location = forms.ModelChoiceField(Location.objects.none(), required=False, label=_("Store"), empty_label=_("All"))
    order_up_to = _money(_("One order up to"), _("An order that costs more is left whole to a person."))
    daily_cap = _money(_("All orders of a day up to"), _("Of the rule, cancelled orders included."))
    within_percent = NumberField(
        label=_("Quantity within percent of the usual"), required=False, min_value=0, max_value=MOST_PERCENT,
        max_digits=5, decimal_places=2,
        help_text=_("Usual is the mean of the last five orders. Empty: any quantity, also of what was never ordered."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User, rule: AutoApprovalRule | None = None) -> None:
        super().__init__(data, initial=_initial(rule))
        location = cast("forms.ModelChoiceField[Location]", self.fields["location"])
        location.queryset = locations_for(user)
        if not user.sees_all_locations:
            location.required, location.empty_label = True, None

    def conditions(self) -> AutoConditions:
        data: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name not in ROWS}
        rows: dict[str, Any] = {f"{name}_id": getattr(self.cleaned_data[name], "pk", None) for name in ROWS}
        return AutoConditions(**data, **rows)


def _initial(rule: AutoApprovalRule | None) -> dict[str, Any]:
    return {} if rule is None else {name: getattr(rule, name) for name in AutoRuleForm.base_fields}
