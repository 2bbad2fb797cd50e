"""Makes the stored alerts of one kind at one place agree with what was found, in a handful of statements.

There is one alert for a fact however often it comes and goes: one that comes back within `QUIET` of its closing is the
same alert again, and nobody is told a second time (see `alerts.services.tell`).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet

from alerts.domain.compare import Finding, Key, Known, compare
from alerts.models import Alert, AlertKind, AlertState

QUIET = timedelta(minutes=15)

# What was found travels as one JSON text: through the ORM ten thousand alerts cost more than finding them.
_SAID = """
FROM jsonb_to_recordset(%(said)s::jsonb)
    AS said (id bigint, sku bigint, subject text, severity text, facts jsonb, value numeric, answered boolean)
"""
_OPEN = f"""
INSERT INTO alerts_alert (
    kind, location_id, sku_id, subject, severity, facts, value_at_risk, is_answered, state, told,
    opened_at, turned_at, updated_at
)
SELECT %(kind)s, %(location)s, said.sku, said.subject, said.severity, said.facts, said.value, said.answered, 'open',
       'nothing', %(now)s, %(now)s, %(now)s
{_SAID}
"""
_UPDATE = f"""
UPDATE alerts_alert AS alert
SET severity = said.severity, facts = said.facts, value_at_risk = said.value, updated_at = %(now)s,
    turned_at = CASE WHEN alert.is_answered = said.answered THEN alert.turned_at ELSE %(now)s END,
    is_answered = said.answered
{_SAID} WHERE alert.id = said.id
"""  # noqa: S608 (only names of our own stand in it)
_REOPEN = """
UPDATE alerts_alert
SET state = CASE WHEN acknowledged_at IS NULL THEN 'open' ELSE 'acknowledged' END, closed_at = NULL, turned_at = %(now)s
WHERE id = ANY(%(ids)s)
"""
_CLOSE = """
UPDATE alerts_alert SET state = 'closed', closed_at = %(now)s, turned_at = %(now)s, updated_at = %(now)s
WHERE id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Place:
    """Which alerts are looked at: of this kind, at this location (None: of no place), of these SKUs (None: of all)."""

    kind: AlertKind
    location_id: int | None
    sku_ids: Collection[int] | None = None


@dataclass(frozen=True)
class Counts:
    """How many alerts opened (again) and closed."""

    opened: int = 0
    closed: int = 0


def reconcile(*, place: Place, found: Sequence[Finding], now: datetime) -> Counts:
    """Call it in a transaction that holds a lock on the place, with findings read after the lock was taken."""
    changes = compare(found, _known(place, now))
    values = {"kind": place.kind, "location": place.location_id, "now": now}
    opened = [(None, finding) for finding in changes.to_open]
    reopened = [alert_id for alert_id, _finding in changes.to_reopen]
    with connection.cursor() as cursor:
        for statement, said in ((_OPEN, opened), (_UPDATE, changes.to_update + changes.to_reopen)):
            if said:
                cursor.execute(statement, values | {"said": _packed(said)})
        for statement, ids in ((_REOPEN, reopened), (_CLOSE, changes.to_close)):
            if ids:
                cursor.execute(statement, values | {"ids": ids})
    return Counts(len(opened) + len(reopened), len(changes.to_close))


def _known(place: Place, now: datetime) -> dict[Key, Known]:
    """Open alerts, and those that closed a moment ago; an open one hides a closed one of the same fact."""
    recent = _stored(place).filter(~Q(state=AlertState.CLOSED) | Q(closed_at__gt=now - QUIET))
    rows = recent.order_by(F("closed_at").asc(nulls_last=True)).values_list(
        "sku_id", "subject", "pk", "state", "severity", "facts", "value_at_risk", "is_answered"
    )
    return {
        subject if sku_id is None else sku_id: Known(pk, state != AlertState.CLOSED, severity, facts, value, answered)
        for sku_id, subject, pk, state, severity, facts, value, answered in rows
    }


def _stored(place: Place) -> QuerySet[Alert]:
    here = Q(location=None) if place.location_id is None else Q(location_id=place.location_id)
    alerts = Alert.objects.filter(here, kind=place.kind)
    return alerts if place.sku_ids is None else alerts.filter(sku_id__in=place.sku_ids)


def _packed(said: Sequence[tuple[int | None, Finding]]) -> str:
    """Alerts (None for a new one) and what they are to say, as the statements read them."""
    return json.dumps(
        [
            {
                "id": alert_id,
                "sku": finding.key if isinstance(finding.key, int) else None,
                "subject": finding.key if isinstance(finding.key, str) else "",
                "severity": finding.severity,
                "facts": finding.facts,
                "value": str(finding.value_at_risk),
                "answered": finding.is_answered,
            }
            for alert_id, finding in said
        ]
    )
