"""Names of forecasting methods for people: {% load methods %}."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.text import format_share

register = template.Library()

# The first figure of an average is its days; that of the others is how much the newest day counts.
NAMES: dict[str, Promise] = {
    "average": _("average of the last %(days)s days"),
    "smoothing": _("exponential smoothing: the newest day counts %(share)s"),
    "trend": _("trend that flattens out: the newest day counts %(share)s (%(figures)s)"),
    "croston": _("Croston, for what sells now and then (%(figures)s)"),
    "tsb": _("TSB, for what sells now and then (%(figures)s)"),
}


@register.filter
def method(label: str) -> str:
    """A label of the engine, such as `smoothing 0.05`, in words with its figures; one that is not known stays."""
    name, _blank, figures = label.partition(" ")
    if name not in NAMES or not figures:
        return label
    first = figures.split(" ")[0]
    return str(NAMES[name]) % {"days": first, "share": format_share(float(first)), "figures": figures}
