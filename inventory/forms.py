"""The card of a SKU."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import own_money
from inventory.forms_shared import CardFields
from inventory.models import Sku
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField, WholeField

if TYPE_CHECKING:
    SkuModelForm = forms.ModelForm[Sku]
else:  # Only the stubs know its type parameter.
    SkuModelForm = forms.ModelForm


def _size(label: Any) -> NumberField:
    return NumberField(label=label, required=False, min_value=0, max_digits=12, decimal_places=4)


class SkuForm(CardFields, SkuModelForm):
    """What a person may change about a SKU; the service does the writing."""

    price = MoneyField(label=own_money(_("Price")), min_value=0, max_digits=14, decimal_places=4)
    cost = MoneyField(
        label=own_money(_("Cost")),
        min_value=0,
        max_digits=14,
        decimal_places=4,
        help_text=_("What one unit costs us. Price less cost is what a stockout loses."),
    )

    weight_kg = _size(_("Weight of a unit in kg"))
    volume_l = _size(_("Space of a unit in litres"))

    class Meta:
        model = Sku
        fields: tuple[str, ...] = (
            "name",
            "category",
            "unit",
            "price",
            "cost",
            "shelf_life_days",
            "weight_kg",
            "volume_l",
            "is_active",
        )
        labels = {
            "name": _("Name"),
            "category": _("Category"),
            "unit": _("Unit"),
            "shelf_life_days": _("Shelf life in days"),
            "is_active": _("We stock it"),
        }
        field_classes = {"shelf_life_days": WholeField}
        help_texts = {
            "is_active": _("Switched off, it is neither sold, forecast nor ordered; its history stays."),
        }


class NewSkuForm(SkuForm):
    """The same with the code, which stays what it is once the SKU is made."""

    class Meta(SkuForm.Meta):
        fields = ("code", *SkuForm.Meta.fields)
        labels = {**SkuForm.Meta.labels, "code": _("Code")}
        help_texts = {**SkuForm.Meta.help_texts, "code": _("What programs and labels call it. It cannot be changed.")}
        error_messages = {"code": {"unique": _("This code belongs to another SKU.")}}
