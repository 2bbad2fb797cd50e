"""Names of forecasting methods for people: {% load methods %}."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

NAMES: dict[str, Promise] = {
    "average": _("average over days:"),
    "smoothing": _("smoothing"),
    "trend": _("damped trend"),
    "croston": _("Croston"),
    "tsb": _("TSB"),
}


@register.filter
def method(label: str) -> str:
    """A label of the engine in words, with its figures: `smoothing 0.05` stays readable in every language."""
    name, _blank, figures = label.partition(" ")
    return f"{NAMES.get(name, name)} {figures}".strip()
