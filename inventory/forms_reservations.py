"""What a person enters about reservations: filters of the list, and until when something is kept."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import InvalidInput
from inventory.domain.days import instant, local_date
from inventory.forms_entry import read_quantity
from inventory.forms_shared import ScopedForm
from inventory.models import Location, ReservationState
from inventory.number_fields import two_meanings
from inventory.selectors.reservations import EXPIRING

# How long something may be kept, in the words of the shop; whole days end with the day of the place.
KEPT = (
    ("0", gettext_lazy("Until the end of today")),
    ("1", gettext_lazy("Until the end of tomorrow")),
    ("3", gettext_lazy("For three days more")),
    ("7", gettext_lazy("For a week more")),
    ("open", gettext_lazy("Until somebody lets go of it")),
)
USUAL = "3"


def read_until(text: str, place: Location, now: datetime) -> datetime | None:
    """The moment that a choice of `KEPT` or a date stands for; None for no end. Raises `InvalidInput`."""
    if text == "open":
        return None
    today = local_date(now, place.time_zone)
    if text in dict(KEPT):
        return instant(today + timedelta(days=int(text) + 1), 0, place.time_zone)
    try:
        last_day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(_("Choose until when it is kept.")) from None
    if not today <= last_day <= today + timedelta(days=3650):
        raise InvalidInput(_("Choose a day from today on."))
    return instant(last_day + timedelta(days=1), 0, place.time_zone)


def read_share(text: str) -> Decimal:
    """So much of a reservation. Raises `InvalidInput`."""
    quantity = read_quantity(text)
    if quantity is None:
        words = _("“%(typed)s” is not a number. Write it like 3 or 1.5.") % {"typed": text[:20]}
        raise InvalidInput(two_meanings(text) or words)
    return quantity


class ReservationFilterForm(ScopedForm):
    """What to list."""

    search = forms.CharField(label=gettext_lazy("For whom, or SKU"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("Reserved")),
            (EXPIRING, gettext_lazy("Ends within a day")),
            (ReservationState.ISSUED.value, gettext_lazy("Handed over")),
            (ReservationState.RELEASED.value, gettext_lazy("Released")),
            (ReservationState.EXPIRED.value, gettext_lazy("Expired")),
            ("all", gettext_lazy("All")),
        ],
    )
    field_order = ("search", "state", "location")
