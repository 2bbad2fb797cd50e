"""What came, changed or went among the proposals since the last night began to plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import User
from forecasting.models import PublishedForecast
from inventory.selectors.scope import location_scope
from orders.models import ProposalState, ReplenishmentProposal

MOST_ROWS = 200


@dataclass(frozen=True)
class Change:
    """A proposal that is `new`, `changed` or `withdrawn`; `was` is the quantity suggested before, 0 for a new one."""

    kind: str
    proposal: ReplenishmentProposal
    was: Decimal
    now: Decimal


@dataclass(frozen=True)
class Changes:
    """The newest first, at most MOST_ROWS; `since` is the earliest moment looked back to, None before any night."""

    since: datetime | None
    rows: Sequence[Change]


def changes_since_night(user: User) -> Changes:
    """Of the user's places; each looks back to when the forecast of its time zone was published. Two queries."""
    published = PublishedForecast.objects.values_list("time_zone", "run__published_at")
    nights = {time_zone: at for time_zone, at in published if at is not None}
    if not nights:
        return Changes(None, ())
    found = _touched(user, nights).select_related("sku", "location", "supplier", "source").order_by("-updated_at", "pk")
    return Changes(min(nights.values()), [_change(row) for row in found[:MOST_ROWS]])


def _touched(user: User, nights: dict[str, datetime]) -> QuerySet[ReplenishmentProposal]:
    """Open ones that are new or differ, and those that the plan took back."""
    since = Q()
    for time_zone, at in nights.items():
        since |= Q(location__time_zone=time_zone, updated_at__gte=at)
    is_other = Q(state=ProposalState.OPEN) & Q(reason__has_key="was")
    is_gone = Q(state=ProposalState.WITHDRAWN, decided_by=None)
    return ReplenishmentProposal.objects.filter(location_scope(user)).filter(since).filter(is_other | is_gone)


def _change(row: ReplenishmentProposal) -> Change:
    if row.state == ProposalState.WITHDRAWN:
        return Change("withdrawn", row, row.suggested_quantity, Decimal(0))
    was = Decimal(row.reason["was"])
    return Change("changed" if was else "new", row, was, row.suggested_quantity)
