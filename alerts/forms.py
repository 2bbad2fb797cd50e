"""Forms of the alerts page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.models import AlertKind, Severity
from alerts.selectors.alert_pages import AlertFilter
from inventory.forms_shared import ScopedForm
from inventory.number_fields import WholeField


class AlertFilterForm(ScopedForm):
    """Which alerts are shown."""

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
    severity = forms.ChoiceField(choices=[("", _("All")), *Severity.choices], required=False, label=_("Severity"))
    kind = forms.ChoiceField(choices=[("", _("All")), *AlertKind.choices], required=False, label=_("Kind"))

    def as_filter(self) -> AlertFilter:
        return AlertFilter(
            state=self.chosen("state") or "open",
            location_id=self.chosen_id("location"),
            severity=self.chosen("severity") or "",
            kind=self.chosen("kind") or "",
            search=self.chosen("search") or "",
        )


class SnoozeForm(forms.Form):
    days = WholeField(min_value=1, max_value=90)
