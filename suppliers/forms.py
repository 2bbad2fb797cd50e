"""Forms of suppliers, their closing periods and what they agreed on a SKU."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.text import country_choices
from accounts.widgets import DayInput
from inventory.domain.public_holidays import supported_countries
from inventory.number_fields import NumberField, WholeField
from suppliers.domain.calendar import EVERY_DAY, Closure, mask_of, weekdays_of
from suppliers.models import Supplier, SupplierClosure
from suppliers.models.supplier import TruckPolicy

WEEKDAYS = (
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")), (6, _("Saturday")),
    (7, _("Sunday")),
)  # fmt: skip
# How far ahead holidays are offered.
OFFER_DAYS = 400


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput())


def _weekdays(label: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day of the week.")},
    )  # fmt: skip


def _truck(label: Any, digits: int, places: int) -> NumberField:
    return NumberField(label=label, required=False, max_digits=digits, decimal_places=places)


class SupplierForm(forms.Form):
    """Everything of a supplier but the code, which is for ever."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail for orders"), required=False)
    language = forms.ChoiceField(label=_("Language of their orders"), choices=settings.LANGUAGES)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    promised_lead_time_days = WholeField(label=_("Promised lead time in days"), min_value=0, max_value=365)
    minimum_order_value = NumberField(label=_("Minimum order"), min_value=0, max_digits=14, decimal_places=2)
    maximum_order_value = NumberField(
        label=_("Largest order"), required=False, min_value=0, max_digits=14, decimal_places=2,
        help_text=_("They deliver no more at once. Empty: as much as is ordered."),
    )  # fmt: skip
    order_days = _weekdays(_("They take orders on"))
    delivery_days = _weekdays(_("They deliver on"))
    cut_off = forms.TimeField(
        label=_("Orders of a day until"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("What is ordered later counts as of the next order day. Empty is all day."),
    )  # fmt: skip
    time_zone = forms.CharField(
        label=_("Time zone of that hour"), required=False, max_length=60,
        help_text=_("For example Asia/Shanghai. Empty is the time zone of the place that orders."),
    )  # fmt: skip
    truck_policy = forms.ChoiceField(label=_("Truck or container"), choices=TruckPolicy.choices, required=False)
    truck_kilograms = _truck(_("It holds, in kg"), 12, 3)
    truck_cubic_metres = _truck(_("It holds, in cubic metres"), 12, 3)
    truck_value = _truck(_("It holds goods worth"), 14, 2)
    fill_days = WholeField(
        label=_("Fill it for at most, in days"), min_value=1, max_value=180, required=False,
        help_text=_("It is not filled with goods that last longer."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("We buy from them"), required=False)

    def __init__(self, data: Any = None, *, supplier: Supplier) -> None:
        super().__init__(data, initial=_initial(supplier, list(self.base_fields)))

    def changes(self) -> dict[str, Any]:
        """As `update_supplier` takes them."""
        masks = {name: mask_of(self.cleaned_data[name]) for name in ("order_days", "delivery_days")}
        kept = {**self.cleaned_data, **masks}
        for name in ("truck_policy", "fill_days"):
            kept[name] = kept[name] or self.initial[name]
        return kept


def _initial(supplier: Supplier, names: list[str]) -> dict[str, Any]:
    values = {name: getattr(supplier, name) for name in names}
    week = {name: weekdays_of(values[name]) for name in ("order_days", "delivery_days")}
    cut_off = values["cut_off"]
    return {**values, **week, "cut_off": f"{cut_off:%H:%M}" if cut_off else None}


class NewSupplierForm(SupplierForm):
    """The code too, by which files and other programs name the supplier."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short, and for ever: files name them by it."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, supplier=Supplier(currency=settings.DEFAULT_CURRENCY))


class ClosureForm(forms.Form):
    name = forms.CharField(label=_("Why"), max_length=120)
    starts_on = _day(_("First day closed"))
    ends_on = _day(_("Last day closed"))

    def __init__(self, data: Any = None, *, closure: SupplierClosure | None = None) -> None:
        super().__init__(data, initial={name: getattr(closure, name) for name in self.base_fields} if closure else None)

    def as_closure(self) -> Closure:
        kept = self.cleaned_data
        return Closure(kept["name"], kept["starts_on"], kept["ends_on"])


class OfferForm(forms.Form):
    """Which country's holidays to offer."""

    country = forms.ChoiceField(label=_("Country"), choices=())
    region = forms.CharField(label=_("Region"), required=False, max_length=10)

    def __init__(self, data: Any = None, *, at_first: str) -> None:
        super().__init__(data, initial={"country": at_first})
        self._known = supported_countries()
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=country_choices(self._known))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        region, country = values.get("region", "").strip().upper(), values.get("country", "")
        if country and region and region not in self._known[country]:
            text = _("%(country)s has no region %(region)s. Its regions: %(known)s.")
            named = {"country": country, "region": region, "known": ", ".join(self._known[country]) or "–"}
            self.add_error("region", forms.ValidationError(text, params=named))
        return {**values, "region": region}


def offered_until(today: date) -> date:
    return today + timedelta(days=OFFER_DAYS)


def weekday_names(mask: int) -> str:
    """The weekdays of a mask in words."""
    if mask == EVERY_DAY:
        return gettext("every day")
    names = dict(WEEKDAYS)
    return ", ".join(str(names[day]) for day in weekdays_of(mask))
