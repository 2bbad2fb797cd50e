"""Forms of the sign-in and profile pages."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _


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


class NewPasswordForm(PasswordChangeForm):
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("That is not your current password. Type it again."),
    }
