"""Forms of a request that goes to all suppliers of a SKU at once."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import DayInput
from inventory.models import Location
from inventory.number_fields import NumberField
from inventory.selectors.scope import locations_for
from orders.services.supply_requests import MAX_NOTE
from suppliers.models import Supplier


class NeedForm(forms.Form):
    """What is needed, where and by when; only the user's own places can be chosen."""

    location = forms.ModelChoiceField(Location.objects.none(), label=_("For"), empty_label=_("Choose"))
    quantity = NumberField(
        label=_("Quantity"),
        max_digits=11,
        decimal_places=3,
        min_value=Decimal("0.001"),
        error_messages={
            "invalid": _("Type the quantity as a number, for example 24."),
            "min_value": _("The quantity must be above zero."),
        },
    )
    wanted_by = forms.DateField(label=_("Needed by"), widget=DayInput())
    note = forms.CharField(
        label=_("Note to the suppliers"), required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, *, user: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        cast("forms.ModelChoiceField[Location]", self.fields["location"]).queryset = locations_for(user)


class WhoForm(forms.Form):
    """Who of those that can be asked is asked."""

    suppliers = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("Tick at least one supplier."),
            "invalid_choice": _("One of the ticked suppliers can no longer be asked. Tick again who is."),
        },
    )

    def __init__(self, data: Any, *, suppliers: Collection[Supplier]) -> None:
        super().__init__(data)
        field = cast("forms.TypedMultipleChoiceField", self.fields["suppliers"])
        field.choices = [(supplier.pk, supplier.name) for supplier in suppliers]


class TakeForm(forms.Form):
    """A supplier who was asked: on which day all of it comes."""

    day = forms.DateField(
        label=_("Comes on"),
        widget=DayInput(),
        error_messages={"required": _("Say on which day it comes."), "invalid": _("Write the day like 2027-03-31.")},
    )
