"""The form of what a supplier agreed on a SKU."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.domain.movements import plain
from inventory.domain.typed_numbers import half_width, read_number
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField, WholeField
from suppliers.models import Supplier, SupplierTerms
from suppliers.selectors.terms import breaks_of
from suppliers.services.terms import Terms

# The largest number that the columns hold.
MOST = Decimal(10) ** 10


def _number(label: Any, digits: int, places: int, *, least: str = "0", **more: Any) -> NumberField:
    return NumberField(label=label, max_digits=digits, decimal_places=places, min_value=Decimal(least), **more)


def _days(label: Any, most: int, text: Any) -> WholeField:
    return WholeField(label=label, min_value=0, max_value=most, required=False, help_text=text)


class BreaksField(forms.CharField):
    """Price breaks, one a line: units, then the price of each. Cleaned to (units, price) pairs."""

    def clean(self, value: Any) -> Any:
        lines = enumerate(str(super().clean(value)).splitlines(), start=1)
        return tuple(_break(number, line) for number, line in lines if line.strip())


def _break(number: int, line: str) -> tuple[Decimal, Decimal]:
    # A Chinese keyboard writes a colon as wide as its signs, which looks the same in the example.
    parts = half_width(line).replace(":", " ").replace(";", " ").split()
    try:
        units, price = (read_number(part) for part in parts)
    except ValueError:
        units = price = MOST
    if abs(units) >= MOST or abs(price) >= MOST:
        text = _("Line %(number)d: type the units and the price of each, for example 60: 1.80.")
        raise forms.ValidationError(text, params={"number": number})
    return units.quantize(Decimal("0.001")), price.quantize(Decimal("0.0001"))


def breaks_text(row: SupplierTerms) -> str:
    """As the field shows them."""
    return "\n".join(f"{plain(least)}: {plain(price)}" for least, price in breaks_of(row.price_breaks))


class TermsForm(forms.Form):
    """Everything that is agreed on one SKU."""

    price = MoneyField(label=_("Price of a unit"), max_digits=14, decimal_places=4, min_value=Decimal(0))
    pack_size = _number(_("Units in a pack"), 14, 3, least="0.001", initial=Decimal(1))
    minimum_quantity = _number(_("Least of a line"), 14, 3, initial=Decimal(0))
    maximum_quantity = _number(
        _("Most of a line"), 14, 3, least="0.001", required=False,
        help_text=_("They deliver no more in one order. Empty: as much as is ordered."),
    )  # fmt: skip
    pallet_size = _number(_("Units on a pallet"), 14, 3, least="0.001", required=False)
    pallet_percent = WholeField(
        label=_("Fill a pallet that lacks at most, in percent"), min_value=0, max_value=99, required=False,
        initial=0, help_text=_("For example 20: an order of 80 or more of 100 is rounded up. 0 is never."),
    )  # fmt: skip
    supplier_code = forms.CharField(label=_("Their code"), max_length=60, required=False)
    promised_lead_time_days = _days(_("Promised lead time in days"), 365, _("Empty: the one of the supplier."))
    priority = WholeField(
        label=_("Priority"), min_value=1, max_value=99, initial=1,
        help_text=_("1 is asked first. Of the same priority the one whose unit comes to the least is asked."),
    )  # fmt: skip
    share_percent = WholeField(
        label=_("Share of what is bought, in percent"), min_value=1, max_value=100, required=False,
        help_text=_("Where two or more have a share, it is kept over time and goes before priority."),
    )  # fmt: skip
    express_lead_time_days = _days(_("Days by express"), 60, _("Empty: nothing comes by express."))
    express_premium_percent = _number(
        _("Express costs more by, in percent"), 6, 2, initial=Decimal(0), help_text=_("On top of the price of a unit.")
    )
    price_breaks = BreaksField(
        label=_("Price breaks"), required=False, widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("One a line: from how many units on, and the price of every unit then. For example 60: 1.80."),
    )  # fmt: skip

    def priced_in(self, currency: str) -> None:
        """The price may carry the sign of the supplier's currency."""
        cast("MoneyField", self.fields["price"]).currency = currency

    def as_terms(self, row: SupplierTerms | None) -> Terms:
        """What was typed. Who sends no price breaks at all keeps those that are there."""
        kept = {"price_breaks": breaks_of(row.price_breaks)} if row and "price_breaks" not in self.data else {}
        return Terms(**{**self._typed(), **kept})

    def _typed(self) -> dict[str, Any]:
        return {**self.cleaned_data, "pallet_percent": self.cleaned_data["pallet_percent"] or 0}


class NewTermsForm(TermsForm):
    """Of a supplier who has none for the SKU."""

    supplier = forms.ModelChoiceField(Supplier.objects.none(), label=_("Supplier"))
    field_order = ("supplier",)

    def __init__(self, data: Any, *, sku_id: int) -> None:
        super().__init__(data)
        free = Supplier.objects.filter(is_active=True).exclude(terms__sku_id=sku_id, terms__is_active=True)
        cast("forms.ModelChoiceField[Supplier]", self.fields["supplier"]).queryset = free.order_by("name")

    def clean_supplier(self) -> Supplier:
        """Comes before the price, which is in the currency of who was chosen."""
        chosen: Supplier = self.cleaned_data["supplier"]
        self.priced_in(chosen.currency)
        return chosen

    def as_terms(self, row: SupplierTerms | None = None) -> Terms:
        values = {name: value for name, value in self._typed().items() if name != "supplier"}
        return Terms(**values)


def typed_terms(row: SupplierTerms) -> dict[str, Any]:
    """The form as it opens; numbers without the zeros that the column adds."""
    values: dict[str, Any] = {name: getattr(row, name) for name in TermsForm.base_fields}
    values["price_breaks"] = breaks_text(row)
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in values.items()}
