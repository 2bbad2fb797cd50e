"""An edit that came too late: what stands there now beside what was typed, so that a person can decide."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one field: `now` is what somebody else saved, `typed` what this person has in the form."""

    label: str
    now: str
    typed: str


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
