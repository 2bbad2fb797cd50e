"""The field of a form that takes an amount of money."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inventory.domain.money_signs import without_sign
from inventory.number_fields import NumberField


class MoneyField(NumberField):
    """A decimal that may carry the sign of its currency, the firm's own unless `currency` says another."""

    currency = ""

    def __init__(self, **options: Any) -> None:
        said = {"invalid": _("Type the amount as a number, for example 12.50."), **options.pop("error_messages", {})}
        super().__init__(error_messages=said, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = without_sign(value, self.currency or settings.DEFAULT_CURRENCY)
        return super().to_python(value)
