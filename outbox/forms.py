"""Forms of the webhook pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EndpointForm(forms.Form):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where events are posted, for example https://example.com/hooks/stock"),
        error_messages={
            "required": _("Type the address that is to receive the events."),
            "invalid": _("This is no web address. It begins with https:// and names a host."),
        },
    )
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    event_types = forms.CharField(
        label=_("Event types"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example alert.opened. Empty: all of them."),
    )

    def clean_event_types(self) -> list[str]:
        """The types that were typed, each once, in their order."""
        return list(dict.fromkeys(self.cleaned_data["event_types"].replace(",", " ").split()))
