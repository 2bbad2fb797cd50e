"""What a person asks a replay to try."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import own_money
from inventory.models import Category, Location
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField, WholeField
from inventory.selectors.scope import locations_for
from orders.domain.quantity import to_number
from orders.domain.replay_settings import LEAST_DAYS, MOST_DAYS, MOST_SERIES, ReplaySettings

TRIED = ReplaySettings()
A_TENTH = Decimal("0.1")


class ReplayForm(forms.Form):
    """All fields have a default, so that the first replay is one press away."""

    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=_("Store"), empty_label=_("All stores")
    )
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label=_("All categories")
    )
    days = WholeField(label=_("Days of the past"), min_value=LEAST_DAYS, max_value=MOST_DAYS, initial=TRIED.days)
    series = WholeField(
        label=_("At most so many SKUs"), min_value=1, max_value=MOST_SERIES, initial=TRIED.series,
        help_text=_("Drawn by chance, a SKU counted once for each store. 2,000 over a year take a few minutes."),
    )  # fmt: skip
    lot_days = WholeField(label=_("Days that one order covers"), min_value=1, max_value=60, initial=TRIED.lot_days)
    ordering_cost = MoneyField(
        label=own_money(_("Cost of an order line")), min_value=0, max_value=999_999, initial=f"{TRIED.ordering_cost:g}",
        help_text=_("Above 0, each SKU gets the lot that balances it against holding; the days do not count then."),
    )  # fmt: skip
    holding_rate = NumberField(
        label=_("Holding cost a year, as a share of the goods"), min_value=Decimal("0.001"), max_value=5,
        initial=f"{TRIED.holding_rate:g}", help_text=_("0.25 stands for a quarter of what the goods cost."),
    )  # fmt: skip
    review_days = WholeField(label=_("Days between two looks"), min_value=1, max_value=60, initial=TRIED.review_days)
    min_days = NumberField(
        label=_("Orders when the stock lasts, in days"),
        min_value=A_TENTH,
        max_value=365,
        initial=f"{TRIED.min_days:g}",
    )
    max_days = NumberField(
        label=_("Orders up to, in days of sales"),
        min_value=A_TENTH,
        max_value=365,
        initial=f"{TRIED.max_days:g}",
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Location]", self.fields["location"]).queryset = locations_for(user)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        low, high = data.get("min_days"), data.get("max_days")
        if low is not None and high is not None and high < low:
            self.add_error("max_days", _("The plain rule cannot order up to less than it orders at."))
        return data

    def chosen_id(self, name: str) -> int | None:
        row = self.cleaned_data.get(name)
        return row.pk if row else None

    def settings(self) -> ReplaySettings:
        """Call it on a valid form."""
        names = set(TRIED.as_json()) & set(self.cleaned_data)
        values = {name: self.cleaned_data[name] for name in names}
        plain: dict[str, Any] = {
            name: to_number(value) if isinstance(value, Decimal) else value for name, value in values.items()
        }
        return ReplaySettings(**plain)
