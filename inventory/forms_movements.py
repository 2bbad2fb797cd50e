"""What a person asks of the ledger: filters of the list of movements."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import DayInput
from inventory.forms_shared import ScopedForm
from inventory.models import MovementKind, Reason


class MovementFilterForm(ScopedForm):
    """Which movements to list; both days are included."""

    sku = forms.CharField(label=_("SKU: code or barcode"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *MovementKind.choices])
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    since = forms.DateField(required=False, label=_("From"), widget=DayInput())
    until = forms.DateField(required=False, label=_("To"), widget=DayInput())
    field_order = ("sku", "kind", "reason", "location", "since", "until")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        reasons = [(reason.code, reason.title) for reason in Reason.objects.order_by("name")]
        cast("forms.ChoiceField", self.fields["reason"]).choices = [("", _("All")), *reasons]
