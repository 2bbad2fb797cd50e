"""Alerts as the page shows them: what costs most comes first."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.models import User
from alerts.models import Alert, AlertKind, AlertState, Severity
from inventory.selectors.scope import location_scope
from orders.models import Emergency, EmergencyState, ProposalState, ReplenishmentProposal

URGENCY = (Severity.OUT, Severity.LOW, Severity.PROJECTED, Severity.WARNING)


@dataclass(frozen=True)
class AlertFilter:
    """`state` is "open" (what needs somebody), "answered", "snoozed" or "closed"; None and "" mean all."""

    state: str = "open"
    location_id: int | None = None
    severity: str = ""
    kind: str = ""
    search: str = ""


def alerts_for(user: User) -> QuerySet[Alert]:
    """Alerts of the user's places; those of no place (a late job) are for people who see all places."""
    if user.sees_all_locations:
        return Alert.objects.all()
    return Alert.objects.filter(location_scope(user))


def list_alerts(user: User, wanted: AlertFilter, *, now: datetime) -> QuerySet[Alert]:
    """Alerts with `urgency`, `proposal_id` and `emergency_id` (the open ones for the same need), the most money
    first."""
    alerts = _in_state(alerts_for(user), wanted.state, now).select_related("sku", "location", "acknowledged_by")
    if wanted.location_id is not None:
        alerts = alerts.filter(location_id=wanted.location_id)
    if wanted.severity in Severity.values:
        alerts = alerts.filter(severity=wanted.severity)
    if wanted.kind in AlertKind.values:
        alerts = alerts.filter(kind=wanted.kind)
    if wanted.search:
        alerts = alerts.filter(
            Q(sku__name__icontains=wanted.search)
            | Q(sku__code__icontains=wanted.search)
            | Q(subject__icontains=wanted.search)
        )
    proposal = ReplenishmentProposal.objects.filter(
        sku=OuterRef("sku"), location=OuterRef("location"), state=ProposalState.OPEN
    )
    emergency = Emergency.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"), state=EmergencyState.OPEN)
    order = ("-closed_at", "-pk") if wanted.state == "closed" else ("-value_at_risk", "urgency", "opened_at", "pk")
    found = {"proposal_id": Subquery(proposal.values("pk")[:1]), "emergency_id": Subquery(emergency.values("pk")[:1])}
    return alerts.annotate(urgency=_urgency(), **found).order_by(*order)


def answered_count(user: User, wanted: AlertFilter, *, now: datetime) -> int:
    """How many more are short, but answered by a proposal that waits for approval; 0 where they are listed."""
    if wanted.state != "open" or wanted.severity or wanted.kind or wanted.search:
        return 0
    return list_alerts(user, replace(wanted, state="answered"), now=now).count()


def _in_state(alerts: QuerySet[Alert], state: str, now: datetime) -> QuerySet[Alert]:
    if state == "closed":
        return alerts.filter(state=AlertState.CLOSED)
    unfinished = alerts.exclude(state=AlertState.CLOSED)
    if state == "snoozed":
        return unfinished.filter(snoozed_until__gt=now)
    shown = unfinished.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    return shown.filter(is_answered=state == "answered")


def _urgency() -> Case:
    return Case(
        *(When(severity=severity, then=Value(rank)) for rank, severity in enumerate(URGENCY)),
        default=Value(len(URGENCY)),
        output_field=IntegerField(),
    )
