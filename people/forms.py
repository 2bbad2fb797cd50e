"""Forms of the pages of people."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.roles import roles_given_by
from inventory.models import Location
from inventory.selectors.scope import locations_for
from people.selectors.people import places_of

ACTIVE, OFF, ALL = "active", "off", "all"
NOT_YOURS = _("A chosen location is closed, or not yours. Choose it again from the list.")
STATES = {ACTIVE: True, OFF: False, ALL: None}


class PeopleFilter(forms.Form):
    """What the list shows; a value that means nothing is ignored."""

    search = forms.CharField(
        label=_("Search"), required=False, max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name, user name or e-mail")}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("Shown"), required=False,
        choices=[(ACTIVE, _("Those who may sign in")), (OFF, _("Switched off")), (ALL, _("Everybody"))],
    )  # fmt: skip

    def chosen(self) -> tuple[str, bool | None]:
        """What is searched for, and whether those shown are active (None for both)."""
        self.is_valid()
        return self.cleaned_data.get("search", ""), STATES[self.cleaned_data.get("state") or ACTIVE]


class PersonForm(forms.Form):
    """What one may change about a person. Role and places are left out where they may not be changed."""

    display_name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=150,
        error_messages={"required": _("Write the name by which colleagues know them.")},
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Alerts and links to set a password go there.")
    )
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(
        label=_("Language"), required=False,
        choices=[("", _("As their browser says")), *settings.LANGUAGES],
    )  # fmt: skip
    sees_all_locations = forms.BooleanField(
        label=_("Works for the whole firm, and at locations that open later"), required=False
    )
    locations = forms.ModelMultipleChoiceField(
        Location.objects.none(), label=_("Locations"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_YOURS},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: User, person: User | None = None) -> None:
        super().__init__(
            data, initial=_initial(person) if person else {"role": Role.STAFF, "language": get_language() or ""}
        )
        given = roles_given_by(actor)
        cast("forms.ChoiceField", self.fields["role"]).choices = [pair for pair in Role.choices if pair[0] in given]
        places = cast("forms.ModelMultipleChoiceField[Location]", self.fields["locations"])
        places.queryset = locations_for(actor)
        if not actor.sees_all_locations:
            del self.fields["sees_all_locations"]
        if person is not None and person.pk == actor.pk:
            for name in ("role", "sees_all_locations", "locations"):
                self.fields.pop(name, None)

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        values = dict(self.cleaned_data)
        if "locations" in values:
            values["locations"] = [place.pk for place in values["locations"]]
        return values


class NewPersonForm(PersonForm):
    """With the user name, which is for ever, and a first password for who has no way to open a link."""

    username = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocapitalize": "none"}),
        help_text=_("To sign in with. It stays for ever, since the history names it."),
        error_messages={"required": _("Choose a short name to sign in with, for example anna.")},
    )  # fmt: skip
    password = forms.CharField(
        label=_("First password"), required=False, strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty: then you get a link with which they choose their own."),
    )  # fmt: skip
    field_order = ("username", "display_name", "email", "role", "language")


class GivenPasswordForm(forms.Form):
    """A new password for somebody else."""

    password = forms.CharField(
        label=_("New password"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the new password, or make a link instead.")},
    )  # fmt: skip


class OwnPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # only the stubs know its parameter
    """A password that its person chooses, twice."""


class ForgottenForm(forms.Form):
    name = forms.CharField(
        label=_("User name or e-mail"), max_length=254, widget=forms.TextInput(attrs={"autocapitalize": "none"})
    )


def _initial(person: User) -> dict[str, Any]:
    return {
        "display_name": person.get_full_name(),
        "email": person.email,
        "role": person.role,
        "language": person.language,
        "sees_all_locations": person.sees_all_locations,
        "locations": [place.pk for place in places_of(person)],
    }
