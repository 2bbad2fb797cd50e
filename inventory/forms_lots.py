"""What a person asks about lots: filters of the list."""

from django import forms
from django.utils.translation import gettext_lazy

from inventory.forms_shared import ScopedForm
from inventory.selectors.lots import EXPIRED, GOOD, QUARANTINED

SOON_DAYS = 30


class LotFilterForm(ScopedForm):
    """What to list."""

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
    field_order = ("search", "within", "status", "location")
