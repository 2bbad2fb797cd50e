"""The fields of a form that take a number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.domain.typed_numbers import NotANumber, TwoNumbers, half_width, read_number

_TWO = _("%(typed)s can mean two numbers. Write %(whole)s or %(broken)s.")


def two_meanings(text: str) -> str:
    """What to write instead of a text that can mean two numbers, such as 1,250; empty for every other one."""
    try:
        read_number(text)
    except TwoNumbers as two:
        return str(_TWO) % {"typed": text.strip(), "whole": two.whole, "broken": two.broken}
    except NotANumber:
        pass
    return ""


class NumberField(forms.DecimalField):
    """A decimal as people write it, with a point or a comma.

    A field for text, since a browser drops what its own language does not write from a field for numbers, and says
    nothing: 7,5 kg were saved as 75. `is_signed` keeps the keyboard of a phone that has a minus.
    """

    widget = forms.TextInput

    def __init__(self, *, is_signed: bool = False, **options: Any) -> None:
        self._keyboard = {} if is_signed else {"inputmode": "decimal"}
        super().__init__(error_messages={"ambiguous": _TWO, **options.pop("error_messages", {})}, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(self._read(value) if isinstance(value, str) and value.strip() else value)

    def _read(self, text: str) -> Any:
        try:
            return read_number(text)
        except TwoNumbers as two:
            named = {"typed": text.strip(), "whole": two.whole, "broken": two.broken}
            raise forms.ValidationError(self.error_messages["ambiguous"], code="ambiguous", params=named) from None
        except NotANumber:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **self._keyboard, "autocomplete": "off"}


class WholeField(forms.IntegerField):
    """A whole number, for the same reason in a field for text: 2,5 days were saved as 25."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        return super().to_python(half_width(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}
