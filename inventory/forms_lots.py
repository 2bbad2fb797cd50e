"""What a person asks about lots: filters of the list."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from inventory.models import Location
from inventory.selectors.lots import EXPIRED, GOOD, QUARANTINED
from inventory.selectors.scope import locations_for

SOON_DAYS = 30


class LotFilterForm(forms.Form):
    """What to list. A value that means nothing is ignored, so an old bookmark still opens."""

    search = forms.CharField(label=gettext_lazy("Lot or SKU"), max_length=100, required=False)
    within = forms.ChoiceField(
        label=gettext_lazy("Expires"),
        required=False,
        choices=[
            ("", gettext_lazy("Any day, or never")),
            ("0", gettext_lazy("Today or before")),
            ("3", gettext_lazy("Within 3 days")),
            ("7", gettext_lazy("Within a week")),
            (str(SOON_DAYS), gettext_lazy("Within a month")),
            ("90", gettext_lazy("Within three months")),
        ],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (GOOD, gettext_lazy("May be sold")),
            (QUARANTINED, gettext_lazy("In quarantine")),
            (EXPIRED, gettext_lazy("Expired")),
        ],
    )
    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=gettext_lazy("Store"), empty_label=gettext_lazy("All stores")
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Location]", self.fields["location"]).queryset = locations_for(user)

    def chosen(self, name: str) -> Any:
        """The cleaned value, or None for what was not chosen or not understood."""
        self.is_valid()
        return self.cleaned_data.get(name) or None
