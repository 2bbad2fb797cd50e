"""Where deliveries for a place go, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.domain.addresses import MOST_ADDRESS, MOST_CONTACT
from inventory.models import Location


class AddressForm(forms.Form):
    """The service tidies what was typed and says what cannot stand on a paper."""

    address = forms.CharField(
        label=_("Address for deliveries"), required=False, max_length=MOST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_("As it stands on purchase orders and packing slips: gate and hours, too, if they matter."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Who takes deliveries in"), required=False, max_length=MOST_CONTACT,
        help_text=_("A name and a telephone number."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, place: Location) -> None:
        super().__init__(data, initial={"address": place.address, "contact": place.contact})
