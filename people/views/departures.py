"""Says what ended with the rights of a person."""

from django.contrib import messages
from django.utils.translation import gettext as _

from accounts.requests import UserRequest
from people.services.departures import Departure


def warn_of_what_ended(request: UserRequest, left: Departure) -> None:
    """A warning for each kind of thing that somebody else has to take over."""
    if left.standing_in:
        names = ", ".join(left.standing_in)
        messages.warning(
            request,
            _("Standing in has ended with: %(names)s. Choose somebody else under Buying rules.") % {"names": names},
        )
    if left.rules:
        names = ", ".join(left.rules)
        messages.warning(
            request,
            _("These rules approve nothing until somebody saves them in their own name: %(names)s.") % {"names": names},
        )
