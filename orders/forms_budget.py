"""The form of a budget."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import DayInput
from inventory.models import Location
from inventory.money_field import MoneyField
from inventory.selectors.scope import locations_for
from orders.models import Budget, BudgetPeriod
from orders.services.budgets import BudgetTerms
from suppliers.models import Supplier


class BudgetForm(forms.Form):
    """What may be spent, on whom, where and when. The service checks what belongs together."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Stands on every proposal that it cuts."))
    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)
    period = forms.ChoiceField(label=_("For each"), choices=BudgetPeriod.choices, initial=BudgetPeriod.MONTH)
    starts_on = forms.DateField(
        label=_("From"), widget=DayInput(),
        help_text=_("The first day of the first period; a week or a month begins on this day again."),
    )  # fmt: skip
    location = forms.ModelChoiceField(Location.objects.none(), required=False, label=_("Store"), empty_label=_("All"))
    suppliers = forms.ModelMultipleChoiceField(
        Supplier.objects.order_by("name"), required=False, label=_("Suppliers"), widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User, budget: Budget | None = None, today: Any = None) -> None:
        super().__init__(data, initial=_initial(budget) if budget else {"starts_on": today})
        location = cast("forms.ModelChoiceField[Location]", self.fields["location"])
        location.queryset = locations_for(user)
        if not user.sees_all_locations:
            location.required, location.empty_label = True, None

    def terms(self) -> BudgetTerms:
        data, location = self.cleaned_data, self.cleaned_data["location"]
        return BudgetTerms(
            name=data["name"], period=data["period"], starts_on=data["starts_on"], amount=data["amount"],
            supplier_ids=[row.pk for row in data["suppliers"]], location_id=location.pk if location else None,
        )  # fmt: skip


def _initial(budget: Budget) -> dict[str, Any]:
    names = ("name", "amount", "period", "starts_on", "location")
    return {**{name: getattr(budget, name) for name in names}, "suppliers": list(budget.suppliers.all())}
