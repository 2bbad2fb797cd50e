"""Forms of the calendar."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import country_choices
from forecasting.forms import DayField
from forecasting.models import Promotion, PromotionScope
from forecasting.pack_names import KIND_NAMES, PACK_NAMES, kind_name
from forecasting.services.promotions import FIRST_YEAR, LAST_YEAR, Entry
from inventory.domain.movements import plain
from inventory.domain.public_holidays import supported_countries
from inventory.forms_shared import ScopedForm
from inventory.models import Category, Location, Sku
from inventory.number_fields import NumberField, WholeField
from inventory.selectors.scope import locations_for

# The name of a field of the service and of the field of the form that shows its error.
FIELDS = {"starts_on": "first", "ends_on": "last", "share": "percent"}
PAST_YEARS = 2
NAMED = 5
WHOLE = 100


class CalendarFilterForm(ScopedForm):
    year = WholeField(required=False, label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class PromotionForm(forms.Form):
    """An entry. Whether it makes sense is checked by the service."""

    name = forms.CharField(max_length=120, label=_("Name"))
    kind = forms.CharField(
        max_length=60, required=False, label=_("Kind"), widget=forms.TextInput(attrs={"list": "kinds"}),
        help_text=_(
            "What comes again under one word, such as 618 or display. The forecast learns from all of one kind "
            "together, and tells kinds apart that came often."
        ),
    )  # fmt: skip
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=_("Store"), empty_label=_("All stores")
    )
    scope = forms.ChoiceField(choices=PromotionScope.choices, label=_("For what"), initial=PromotionScope.ALL)
    categories = forms.ModelMultipleChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Categories"),
        help_text=_("Counts when it is for some categories."),
    )  # fmt: skip
    skus = forms.CharField(
        required=False, label=_("SKU codes"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One in each line or with spaces between. Counts when it is for some SKUs."),
    )  # fmt: skip
    percent = NumberField(
        max_digits=4, decimal_places=1, initial=100, label=_("Planned share in per cent"),
        help_text=_("How much of it is promoted. The forecast takes the learned effect times this share."),
    )  # fmt: skip
    discount_percent = NumberField(
        max_digits=4, decimal_places=1, required=False, label=_("Discount in per cent"),
        help_text=_("For people. The forecast does not read it."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, user: User, row: Promotion | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial or (_initial(row) if row else None))
        places = cast("forms.ModelChoiceField[Location]", self.fields["location"])
        places.queryset = locations_for(user)
        if not user.sees_all_locations:
            places.required, places.empty_label = True, None

    def clean_percent(self) -> Decimal:
        percent: Decimal = self.cleaned_data["percent"]
        if not 0 < percent <= WHOLE:
            raise forms.ValidationError(gettext("Type more than 0 and at most %(most)d per cent.") % {"most": WHOLE})
        return percent

    def clean_skus(self) -> list[int]:
        codes = list(dict.fromkeys(self.cleaned_data["skus"].replace(",", " ").split()))
        ids = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
        unknown = [code for code in codes if code not in ids]
        if unknown:
            named = {"codes": ", ".join(unknown[:NAMED])}
            raise forms.ValidationError(gettext("No SKU has the code %(codes)s.") % named)
        return list(ids.values())

    def entry(self) -> Entry:
        """What was typed; call it after `is_valid`."""
        values = self.cleaned_data
        return Entry(
            name=values["name"], kind=_kind_of(values["kind"]), starts_on=values["first"], ends_on=values["last"],
            scope=values["scope"], share=values["percent"] / Decimal(100), discount_percent=values["discount_percent"],
            location_id=values["location"].pk if values["location"] else None,
            category_ids=[row.pk for row in values["categories"]], sku_ids=values["skus"],
        )  # fmt: skip


class PackForm(forms.Form):
    """Which pack, for which country, from which year on."""

    pack = forms.ChoiceField(choices=list(PACK_NAMES.items()), label=_("Which pack"))
    country = forms.ChoiceField(label=_("Country"))
    year = WholeField(label=_("Year"), min_value=FIRST_YEAR + PAST_YEARS, max_value=LAST_YEAR)
    with_past = forms.BooleanField(
        required=False, initial=True, label=_("Also the two years before, so that the forecast can learn from them")
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        cast("forms.ChoiceField", self.fields["country"]).choices = country_choices(supported_countries())

    def years(self) -> list[int]:
        """The years that were asked for; call it after `is_valid`."""
        year: int = self.cleaned_data["year"]
        return [*range(year - PAST_YEARS, year), year] if self.cleaned_data["with_past"] else [year]


def _kind_of(typed: str) -> str:
    """The code of a kind that a pack knows by this name; any other word is the kind itself."""
    return next((kind for kind, name in KIND_NAMES.items() if str(name) == typed.strip()), typed)


def _initial(row: Promotion) -> dict[str, Any]:
    return {
        "name": row.name, "kind": kind_name(row.kind), "first": row.starts_on, "last": row.ends_on,
        "location": row.location_id, "scope": row.scope,
        "percent": plain(row.share * 100), "discount_percent": row.discount_percent,
        "categories": list(row.categories.values_list("category", flat=True)),
        "skus": "\n".join(row.skus.order_by("sku__code").values_list("sku__code", flat=True)),
    }  # fmt: skip
