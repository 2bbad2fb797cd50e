"""The words of a person's history: each act, with what stood there before and after."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from accounts.models import AuditEvent, Role, User

WORDS: dict[str, Promise] = {
    "create": lazy("Added"),
    "user.created": lazy("Added"),
    "user.changed": lazy("Details changed"),
    "user.deactivated": lazy("Switched off"),
    "user.reactivated": lazy("Switched on again"),
    "user.password_set": lazy("New password given by an administrator"),
    "user.link_made": lazy("Link to set a password made"),
    "user.link_asked": lazy("Link to set a password asked for"),
    "user.password_chosen": lazy("Password chosen by a link"),
    "user.password_changed": lazy("Own password changed"),
}
FIELDS: dict[str, Promise] = {
    "name": pgettext_lazy("person", "Name"),
    "email": lazy("E-mail"),
    "role": lazy("Role"),
    "language": lazy("Language"),
    "locations": lazy("Locations"),
}
WHOLE_FIRM = "*"


@dataclass(frozen=True)
class HistoryRow:
    """One act; `actor` None means the command line, or somebody who was not signed in."""

    label: str
    at: datetime
    actor: User | None
    changes: list[str] = field(default_factory=list)


def history_rows(events: Iterable[AuditEvent]) -> list[HistoryRow]:
    """Acts in the order given. An act without words shows its own name rather than nothing."""
    return [
        HistoryRow(str(WORDS.get(event.action, event.action)), event.at, event.actor, _changes(event.data))
        for event in events
    ]


def _changes(data: dict[str, Any]) -> list[str]:
    """Of each field that differs; of somebody new there is nothing before."""
    before, after = data.get("before", {}), data.get("after", {})
    text = _("%(field)s: %(before)s, now %(after)s")
    return [
        text % {"field": label, "before": _shown(name, before[name]), "after": _shown(name, after[name])}
        for name, label in FIELDS.items()
        if name in before and name in after and before[name] != after[name]
    ]


def _shown(name: str, value: Any) -> str:
    if name == "locations":
        return _("whole firm") if value == WHOLE_FIRM else ", ".join(value) or _("nothing")
    if name == "role":
        return str(dict(Role.choices).get(value, value))
    if name == "language":
        return str(dict(settings.LANGUAGES).get(value, "")) or _("As their browser says")
    return str(value) or _("nothing")
