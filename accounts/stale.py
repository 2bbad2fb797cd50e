"""An edit that came too late: what stands there now beside what was typed, so that a person can decide."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _

from accounts.errors import Stale


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one field: `now` is what somebody else saved, `typed` what this person has in the form."""

    label: str
    now: str
    typed: str


def differences_if_late(typed: BaseForm, fresh: Callable[[], BaseForm]) -> list[Difference]:
    """What to show of a form that `save_as_seen` refused because its page came too late; nothing of any other."""
    is_late = typed.is_bound and typed.has_error(NON_FIELD_ERRORS, Stale.code)
    return differences_of(typed, fresh()) if is_late else []


def differences_of(typed: BaseForm, now: BaseForm) -> list[Difference]:
    """The fields of two forms of one kind that do not show the same: one with the entry, one fresh from the row."""
    pairs = [(str(field.label), _shown(now[name]), _shown(typed[name])) for name, field in typed.fields.items()]
    return different(pairs)


def different(rows: Iterable[tuple[str, str, str]]) -> list[Difference]:
    """Of rows (label, now, typed) those that differ."""
    return [Difference(label, now, typed) for label, now, typed in rows if now != typed]


def _shown(field: BoundField) -> str:
    value = field.value()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = getattr(field.field, "choices", None)
    if choices is not None and isinstance(value, list):
        kept = {str(each) for each in value}
        return ", ".join(str(name) for key, name in choices if str(key) in kept)
    if choices is not None:
        return next((str(name) for key, name in choices if str(key) == str(value if value is not None else "")), "")
    return "" if value is None else str(value)
