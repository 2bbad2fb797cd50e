"""Forms of the pages of counting."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import own_money
from accounts.widgets import DayInput
from inventory.domain.movements import plain
from inventory.forms_shared import ScopedForm
from inventory.models import Category, CountClass, CountPolicy, CountScope, CountState, Location
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField, WholeField
from inventory.selectors.scope import locations_for
from inventory.services.count_policies import FIELDS
from inventory.services.stock_counts import Wanted

if TYPE_CHECKING:
    PolicyModelForm = forms.ModelForm[CountPolicy]
else:  # Only the stubs know its type parameter.
    PolicyModelForm = forms.ModelForm

_STATES = (("open", _("Open")), ("all", _("All")))
_SCOPES = tuple((value, label) for value, label in CountScope.choices if value != CountScope.LIST)
_CLASSES = (("", "–"), *CountClass.choices)
# The page has a datalist of this name with the aisles of the place.
KNOWN_AISLES = forms.TextInput(attrs={"list": "aisles", "autocomplete": "off"})


def _own_places(form: forms.Form, user: User) -> None:
    cast("forms.ModelChoiceField[Location]", form.fields["location"]).queryset = locations_for(user)


class CountFilterForm(ScopedForm):
    """Which counts are shown."""

    state = forms.ChoiceField(choices=(*_STATES, *CountState.choices), required=False, label=_("State"))


class NewCountForm(forms.Form):
    """What to count. Of the fields after `scope` only the one that belongs to it is read."""

    location = forms.ModelChoiceField(Location.objects.none(), label=_("Store"), empty_label=None)
    scope = forms.ChoiceField(choices=_SCOPES, label=_("What to count"))
    count_class = forms.ChoiceField(choices=_CLASSES, required=False, label=_("Class"))
    aisle = forms.CharField(max_length=20, required=False, label=_("Aisle"), widget=KNOWN_AISLES)
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label="–"
    )
    search = forms.CharField(max_length=100, required=False, label=_("Name or code has"))
    is_blind = forms.BooleanField(
        required=False,
        label=_("Count blind"),
        help_text=_("Whoever counts does not see what the ledger expects."),
    )
    note = forms.CharField(max_length=300, required=False, label=_("Note"))

    def __init__(self, data: Any, *, user: User, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        _own_places(self, user)

    def wanted(self) -> Wanted:
        values = self.cleaned_data
        return Wanted(
            scope=values["scope"],
            count_class=values["count_class"],
            aisle=values["aisle"],
            category_id=values["category"].pk if values["category"] else None,
            search=values["search"],
        )


class CountPolicyForm(PolicyModelForm):
    class Meta:
        model = CountPolicy
        fields = FIELDS
        labels = {
            "limit_units": _("Units"),
            "limit_percent": _("Percent of what was expected"),
            "limit_money": own_money(_("Money at cost")),
            "recount_by_other": _("Another person counts again"),
            "is_blind": _("Count blind"),
            "a_days": _("Class A every … days"),
            "b_days": _("Class B every … days"),
            "c_days": _("Class C every … days"),
            "lines_a_day": _("SKUs in a day’s count"),
        }
        field_classes = {
            **dict.fromkeys(("limit_units", "limit_percent"), NumberField),
            **dict.fromkeys(("a_days", "b_days", "c_days", "lines_a_day"), WholeField),
            "limit_money": MoneyField,
        }
        help_texts = {
            "is_blind": _("Whoever counts does not see what the ledger expects."),
            "recount_by_other": _("Whoever counted a line before is not asked again."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("limit_units", "limit_percent", "limit_money"):
            if self.initial.get(name) is not None:
                self.initial[name] = plain(Decimal(self.initial[name]))


class PeriodForm(forms.Form):
    """Days of a report, both included; what makes no sense is the last 90 days."""

    since = forms.DateField(required=False, label=_("From"), widget=DayInput())
    until = forms.DateField(required=False, label=_("To"), widget=DayInput())
    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=_("Store"), empty_label=_("All stores")
    )

    def __init__(self, data: Any, *, user: User, first: date, last: date) -> None:
        # The fields always say which days are shown, also when only a tab was chosen.
        chosen = {name: value for name, value in data.items() if value}
        super().__init__({"since": first.isoformat(), "until": last.isoformat(), **chosen})
        _own_places(self, user)
        self._default = first, last

    def period(self) -> tuple[date, date]:
        since, until = self._chosen("since"), self._chosen("until")
        first, last = since or self._default[0], until or self._default[1]
        return (first, last) if first <= last else self._default

    def _chosen(self, name: str) -> Any:
        """The cleaned value; None for what was not chosen or not understood, and before anything was."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name)

    def places(self, user: User) -> list[int]:
        """Ids of the chosen place, else of all that the user may see."""
        place = self._chosen("location")
        return [place.pk] if place else list(locations_for(user).values_list("pk", flat=True))


class PositionForm(forms.Form):
    """Where a SKU lies. The aisle and the position come first: one walks along the shelf and scans."""

    aisle = forms.CharField(max_length=20, label=_("Aisle"), widget=KNOWN_AISLES)
    position = forms.CharField(max_length=20, required=False, label=_("Position"))
    code = forms.CharField(max_length=60, label=_("SKU code or barcode"))
