"""Filters that the pages of every app use: {% load shop %}."""

from datetime import date, datetime
from typing import Literal

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from typing_extensions import TypeIs

from accounts.text import (
    Figure,
    format_day,
    format_moment,
    format_money,
    format_near_day,
    format_quantity,
    format_share,
)

register = template.Library()


def _is_missing(value: object) -> TypeIs[Literal[""] | None]:
    """None, or the empty text that a template makes of an attribute of None."""
    return value is None or value == ""


@register.filter
def quantity(value: Figure | None) -> str:
    return "–" if _is_missing(value) else format_quantity(value)


@register.filter
def whole(value: Figure | None) -> str:
    """A sum of estimates, to the unit: 54,193."""
    return "–" if _is_missing(value) else format_quantity(round(value))


@register.filter
def money(value: Figure | None, currency: str = "") -> str:
    return "–" if _is_missing(value) else format_money(value, currency)


@register.filter
def share(value: Figure | None) -> str:
    return "–" if _is_missing(value) else format_share(value)


@register.filter
def signed_share(value: Figure | None) -> str:
    """A change: +12.3%, -4%."""
    return "–" if _is_missing(value) else ("+" if value > 0 else "") + format_share(value)


@register.filter
def days(value: float | str | None) -> str:
    """A stretch of time as people say it: less than a day, 3 days."""
    if _is_missing(value):
        return "–"
    value = float(value)
    if value < 1:
        return _("less than a day")
    whole = round(value)
    return ngettext("%(count)s day", "%(count)s days", whole) % {"count": format_quantity(whole)}


@register.filter
def day(value: date | None) -> str:
    """A day of this season: Nov 22."""
    return "–" if _is_missing(value) else format_day(value)


@register.filter
def near_day(value: date | None) -> str:
    """A day that may lie in another year, which is named then: Nov 22, 2028."""
    return "–" if _is_missing(value) else format_near_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment of this season: Nov 22 16:05."""
    return "–" if _is_missing(value) else format_moment(value)


@register.filter
def widget_type(field: BoundField) -> str:
    return type(field.field.widget).__name__


@register.filter
def styled(field: BoundField) -> SafeString:
    """The field's widget with the class of our inputs, and tied to its error for screen readers."""
    widget = field.field.widget
    classes = f"{widget.attrs.get('class', '')} input".strip()
    attributes: dict[str, str | bool] = {"class": classes}
    if field.errors:
        attributes["aria-describedby"] = f"{field.auto_id}_error"
    return field.as_widget(attrs=attributes)
