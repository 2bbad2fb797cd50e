"""What several forms have in common."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inventory.models import Category, Location
from inventory.selectors.scope import locations_for


class ScopedForm(forms.Form):
    """A filter over the user's own places. A value that means nothing is ignored, so an old bookmark still opens."""

    location = forms.ModelChoiceField(
        Location.objects.none(), required=False, label=_("Store"), empty_label=_("All stores")
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Location]", self.fields["location"]).queryset = locations_for(user)

    def chosen(self, name: str) -> Any:
        """The cleaned value, or None for what was not chosen or not understood."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def chosen_id(self, name: str) -> int | None:
        """The id of the chosen row."""
        row = self.chosen(name)
        return row.pk if row else None


class CardFields(forms.BaseForm):
    """The fields that the cards of SKUs and styles share: a category, a price and a cost. Mixed into a ModelForm."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("price", "cost"):
            # Cents as people write them; finer prices keep their four decimals.
            text = f"{self.initial.get(name) or 0:.4f}"
            self.initial[name] = text.removesuffix("00")
        category = cast("forms.ModelChoiceField[Category]", self.fields["category"])
        category.queryset, category.empty_label = Category.objects.order_by("name"), "–"

    def values(self) -> dict[str, Any]:
        """The entry by the names of the service."""
        data = dict(self.cleaned_data)
        category = data.pop("category")
        return {**data, "category_id": category.pk if category else None}
