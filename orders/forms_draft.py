"""The form that begins an order by hand."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inventory.models import Location
from inventory.selectors.scope import locations_for
from suppliers.models import Supplier


class NewDraftForm(forms.Form):
    """From whom, and for which of the user's places."""

    supplier = forms.ModelChoiceField(Supplier.objects.none(), label=_("Supplier"), empty_label=_("Choose"))
    location = forms.ModelChoiceField(Location.objects.none(), label=_("For"), empty_label=_("Choose"))

    def __init__(self, data: Any, *, user: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        suppliers, places = Supplier.objects.filter(is_active=True).order_by("name"), locations_for(user)
        cast("forms.ModelChoiceField[Supplier]", self.fields["supplier"]).queryset = suppliers
        cast("forms.ModelChoiceField[Location]", self.fields["location"]).queryset = places
