"""Forms of the sign-in, profile and API key pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LONGEST_NAME = User._meta.get_field("username").max_length or 150


class SignInForm(AuthenticationForm):
    """Says the same for a wrong name and a wrong password, so that names cannot be guessed."""

    error_messages = {
        "invalid_login": _(
            "This name and password do not go together. Mind upper and lower case; "
            "after five wrong tries the name is locked for 15 minutes."
        ),
        "inactive": _("This account is switched off. Ask your administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs.update(autocapitalize="none", autocomplete="username")

    def clean_username(self) -> str:
        """Django tells the browser how long a name may be and does not look itself; a longer one is nobody's."""
        name = str(self.cleaned_data["username"])
        if len(name) > LONGEST_NAME:
            raise self.get_invalid_login_error()
        return name


class NewPasswordForm(PasswordChangeForm):
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("That is not your current password. Type it again."),
    }


class ApiKeyForm(forms.Form):
    """A new API key; a key that ends by itself is the default, as forgotten keys are the dangerous ones."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What uses it, for example: till at the harbour shop."),
        error_messages={"required": _("Give the key a name, so that you know later what uses it.")},
    )
    valid_days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[(90, _("90 days")), (365, _("1 year")), (0, _("Until it is revoked"))],
        coerce=int,
        initial=365,
    )
    is_read_only = forms.BooleanField(label=_("May only read"), required=False, initial=True)
