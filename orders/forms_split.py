"""The form that shares one need out over suppliers: a quantity for each."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.number_fields import NumberField
from suppliers.selectors.terms import Offer

SEEN = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?")


def _units() -> NumberField:
    return NumberField(
        required=False, max_digits=11, decimal_places=3, min_value=Decimal(0),
        error_messages={
            "invalid": _("Type the quantity as a number, for example 24."),
            "min_value": _("Type 0 or leave it empty to buy nothing there."),
        },
    )  # fmt: skip


class SplitForm(forms.Form):
    """A field for each supplier. The first one left empty brings the rest; any other one brings nothing."""

    def __init__(self, data: Any, *, offers: Sequence[Offer]) -> None:
        super().__init__(data)
        self._offers = offers
        for offer in offers:
            self.fields[f"units-{offer.supplier_id}"] = _units()

    def wanted(self) -> dict[int, Decimal | None]:
        """Units by supplier, None for the rest; what cannot be read is nothing."""
        said = {each.supplier_id: self.cleaned_data.get(f"units-{each.supplier_id}") for each in self._offers}
        first = self._offers[0].supplier_id if self._offers else None
        return {
            supplier_id: Decimal(0) if units is None and supplier_id != first else units
            for supplier_id, units in said.items()
        }

    def typed(self, supplier_id: int) -> tuple[Any, Sequence[str]]:
        """As it was typed, and what is wrong with it."""
        field = self[f"units-{supplier_id}"]
        return field.value(), [str(error) for error in field.errors]


def seen_prices(data: Mapping[str, Any], offers: Sequence[Offer]) -> dict[int, Decimal]:
    """The prices of a unit that stood on the page, of those that it names."""
    texts = {offer.supplier_id: str(data.get(f"price-{offer.supplier_id}", "")) for offer in offers}
    return {supplier_id: Decimal(text) for supplier_id, text in texts.items() if SEEN.fullmatch(text)}
