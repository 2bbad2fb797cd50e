"""Times of jobs as people read them: {% load durations %}, {{ some_timedelta|duration }}, {{ run.slot|slot }}."""

from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.text import format_moment

register = template.Library()


@register.filter
def duration(value: timedelta | None) -> str:
    """The largest unit that fits, in whole numbers from a minute on: 85 ms, 3.2 s, 4 min, 26 h, 3 days."""
    if value is None:
        return "–"
    seconds = value.total_seconds()
    if seconds < 1:
        return _("%(number)d ms") % {"number": round(seconds * 1000)}
    if seconds < 60:
        return _("%(number).1f s") % {"number": seconds}
    if seconds < 3600:
        return _("%(number)d min") % {"number": seconds // 60}
    if seconds < 72 * 3600:
        return _("%(number)d h") % {"number": seconds // 3600}
    days = int(seconds // 86400)
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}


@register.filter
def slot(value: str) -> str:
    """What a run is for: the moment of a clock slot in words, a business date with its time zone as it is."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if at.tzinfo is None else format_moment(at)
