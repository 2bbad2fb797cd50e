"""Forms of emergencies: the way that was tapped, and what the firm says about them."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import own_money
from inventory.money_field import MoneyField
from orders.services.keys import MAX_KEY

_MONEY = {"inputmode": "decimal", "autocomplete": "off"}


class WayForm(forms.Form):
    """What stood on the page; a way and a quantity that changed since are refused by the service."""

    way = forms.CharField(max_length=40)
    seen = forms.DecimalField(max_digits=14, decimal_places=3)
    key = forms.CharField(max_length=MAX_KEY, required=False)


class EmergencySettingsForm(forms.Form):
    transfer_cost = MoneyField(
        label=own_money(_("Moving one SKU between two places costs")),
        max_digits=10, decimal_places=2, min_value=Decimal(0),
        widget=forms.TextInput(attrs=_MONEY), error_messages={"invalid": _("Type an amount, for example 5.00.")},
    )  # fmt: skip
    least_saving = MoneyField(
        label=own_money(_("Call somebody when it saves at least")),
        max_digits=10, decimal_places=2, min_value=Decimal(0),
        widget=forms.TextInput(attrs=_MONEY), error_messages={"invalid": _("Type an amount, for example 5.00.")},
    )  # fmt: skip
