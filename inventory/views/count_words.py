"""The words of the history of a count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AuditEvent, User

WORDS: dict[str, Promise] = {
    "stock_count.created": pgettext_lazy("count", "Opened"),
    "stock_count.submitted": _("Handed in"),
    "stock_count.approved": _("Differences approved"),
    "stock_count.dismissed": _("Differences left as they were"),
    "stock_count.recount": _("Asked to count again"),
    "stock_count.cancelled": _("Cancelled"),
}


@dataclass(frozen=True)
class HistoryRow:
    """One act; `actor` None means a job. `note` says what was found before a recount."""

    label: str
    at: datetime
    actor: User | None
    note: str


def history_rows(events: Iterable[AuditEvent]) -> list[HistoryRow]:
    """Acts in the order given. An act without words shows its own name rather than nothing."""
    return [
        HistoryRow(str(WORDS.get(event.action, event.action)), event.at, event.actor, _codes(event)) for event in events
    ]


def _codes(event: AuditEvent) -> str:
    return ", ".join(str(code) for code, *_rest in event.data.get("found", [])[:10])
