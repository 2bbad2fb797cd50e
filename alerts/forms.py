"""Forms of the alerts page."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from alerts.models import AlertKind, Severity
from alerts.selectors.alert_pages import AlertFilter
from inventory.models import Location
from inventory.selectors.scope import locations_for


class AlertFilterForm(forms.Form):
    """A filter over the user's own places. A value that means nothing is ignored, so an old bookmark still opens."""

    search = forms.CharField(required=False, label=_("Search"), max_length=100)
    state = forms.ChoiceField(
        choices=[
            ("open", _("Open")),
            ("answered", _("Answered by a proposal")),
            ("snoozed", _("Hidden for now")),
            ("closed", _("Over")),
        ],
        required=False,
        label=_("State"),
    )
    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=_("Store"), empty_label=_("All stores")
    )
    severity = forms.ChoiceField(choices=[("", _("All")), *Severity.choices], required=False, label=_("Severity"))
    kind = forms.ChoiceField(choices=[("", _("All")), *AlertKind.choices], required=False, label=_("Kind"))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Location]", self.fields["location"]).queryset = locations_for(user)

    def as_filter(self) -> AlertFilter:
        self.is_valid()
        chosen = self.cleaned_data
        location = chosen.get("location")
        return AlertFilter(
            state=chosen.get("state") or "open",
            location_id=location.pk if location else None,
            severity=chosen.get("severity") or "",
            kind=chosen.get("kind") or "",
            search=chosen.get("search") or "",
        )


class SnoozeForm(forms.Form):
    days = forms.IntegerField(min_value=1, max_value=90)
