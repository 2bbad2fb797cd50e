"""The words of an object's history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AuditEvent, User

WORDS: dict[str, Promise] = {
    "purchase_order.drafted": _("Draft written"),
    "purchase_order.submitted": _("Above the limit: waits for a second person"),
    "purchase_order.approved": _("Approved"),
    "purchase_order.approved_by_rule": _("Approved by a rule"),
    "purchase_order.revised": _("Changed, and the supplier told"),
    "purchase_order.returned": _("Goods sent back"),
    "purchase_order.refused": _("Refused"),
    "purchase_order.expired": _("Nobody approved it in time"),
    "purchase_order.sent": _("Sent to the supplier"),
    "purchase_order.undelivered": _("The e-mail to the supplier was given up"),
    "purchase_order.received": _("Goods received"),
    "purchase_order.receipt_undone": _("Receipt undone"),
    "purchase_order.answered": _("The supplier answered"),
    "purchase_order.link_made": _("Link for the supplier made"),
    "supply_request.asked": _("Suppliers asked"),
    "supply_request.declined": _("Cannot deliver"),
    "supply_request.taken": _("Confirmed"),
    "supply_request.withdrawn": _("Withdrawn"),
    "purchase_order.links_revoked": _("Links of the supplier taken back"),
    "purchase_order.cancelled": _("Cancelled"),
    "transfer.approved": _("Approved"),
    "transfer.created": _("Draft made"),
    "transfer.edited": _("Draft changed"),
    "transfer.shipped": pgettext_lazy("history", "Sent off"),
    "transfer.received": _("Goods received"),
    "transfer.cancelled": _("Cancelled"),
    "purchase_order.closed": _("Closed: the rest is no longer expected"),
}


@dataclass(frozen=True)
class HistoryRow:
    """One act; `actor` None means a job, or somebody without an account, whom `who` names."""

    label: str
    at: datetime
    actor: User | None
    who: str = ""


def history_rows(events: Iterable[AuditEvent]) -> list[HistoryRow]:
    """Acts in the order given. An act without words shows its own name rather than nothing."""
    return [
        HistoryRow(str(WORDS.get(event.action, event.action)), event.at, event.actor, str(event.data.get("who", "")))
        for event in events
    ]
