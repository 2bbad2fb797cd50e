"""Forms of the webhook pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from outbox.domain.chat.services import SERVICES
from outbox.models import EndpointFormat


class EndpointForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Who is told"),
        choices=EndpointFormat.choices,
        initial=EndpointFormat.JSON,
        help_text=_("Chats are written to in sentences; another program gets signed JSON."),
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Of a chat: the webhook address that its robot, app or workflow shows."),
        error_messages={
            "required": _("Type the address that is to receive the events."),
            "invalid": _("This is no web address. It begins with https:// and names a host."),
        },
    )
    secret = forms.CharField(
        label=_("Secret of the robot"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only DingTalk and Feishu, where the robot checks signatures."),
    )
    language = forms.ChoiceField(label=_("Language of the chat"), choices=settings.LANGUAGES)
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    event_types = forms.CharField(
        label=_("Event types"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example alert.opened. Empty: all of them, for a chat warnings only."),
    )

    def clean_event_types(self) -> list[str]:
        """The types that were typed, each once, in their order."""
        return list(dict.fromkeys(self.cleaned_data["event_types"].replace(",", " ").split()))


class ChatForm(forms.Form):
    """What may be mended of a chat: what is left empty stays. Where nothing is signed, no secret is asked for."""

    url = forms.URLField(
        label=_("New address"),
        max_length=500,
        assume_scheme="https",
        required=False,
        error_messages={"invalid": _("This is no web address. It begins with https:// and names a host.")},
    )
    secret = forms.CharField(
        label=_("New secret of the robot"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Language of the chat"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, endpoint_format: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not SERVICES[endpoint_format].takes_secret:
            del self.fields["secret"]

    def value_of(self, name: str) -> str | None:
        """What was filled in there."""
        return self.cleaned_data.get(name) or None
