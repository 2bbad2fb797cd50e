"""Makes the stored alerts of one kind at one place agree with what was found, in a handful of statements.

There is one alert for a fact however often it comes and goes: one that comes back within `QUIET` of its closing is the
same alert again, and nobody is told a second time (see `alerts.services.tell`).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from alerts.domain.compare import Changes, Finding, Key, Known, compare
from alerts.models import Alert, AlertKind, AlertState

QUIET = timedelta(minutes=15)

# Django's bulk_update would send one CASE branch for each row; this is one statement with four arrays.
_UPDATE = """
UPDATE alerts_alert AS alert
SET severity = said.severity, facts = said.facts::jsonb, value_at_risk = said.value, updated_at = %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[]) AS said (id, severity, facts, value)
WHERE alert.id = said.id
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
    Alert.objects.bulk_create([_new_alert(place, finding, now) for finding in changes.to_open], batch_size=1000)
    _update(changes, now)
    ids = [alert_id for alert_id, _finding in changes.to_reopen]
    if ids:
        seen = Case(When(acknowledged_at=None, then=Value(AlertState.OPEN)), default=Value(AlertState.ACKNOWLEDGED))
        Alert.objects.filter(pk__in=ids).update(state=seen, closed_at=None, turned_at=now)
    if changes.to_close:
        Alert.objects.filter(pk__in=changes.to_close).update(
            state=AlertState.CLOSED, closed_at=now, turned_at=now, updated_at=now
        )
    return Counts(len(changes.to_open) + len(ids), len(changes.to_close))


def _known(place: Place, now: datetime) -> dict[Key, Known]:
    """Open alerts, and those that closed a moment ago; an open one hides a closed one of the same fact."""
    recent = _stored(place).filter(~Q(state=AlertState.CLOSED) | Q(closed_at__gt=now - QUIET))
    rows = recent.order_by(F("closed_at").asc(nulls_last=True)).values_list(
        "sku_id", "subject", "pk", "state", "severity", "facts", "value_at_risk"
    )
    return {
        subject if sku_id is None else sku_id: Known(pk, state != AlertState.CLOSED, severity, facts, value)
        for sku_id, subject, pk, state, severity, facts, value in rows
    }


def _stored(place: Place) -> QuerySet[Alert]:
    here = Q(location=None) if place.location_id is None else Q(location_id=place.location_id)
    alerts = Alert.objects.filter(here, kind=place.kind)
    return alerts if place.sku_ids is None else alerts.filter(sku_id__in=place.sku_ids)


def _new_alert(place: Place, finding: Finding, now: datetime) -> Alert:
    return Alert(
        kind=place.kind,
        severity=finding.severity,
        sku_id=finding.key if isinstance(finding.key, int) else None,
        location_id=place.location_id,
        subject=finding.key if isinstance(finding.key, str) else "",
        facts=dict(finding.facts),
        value_at_risk=finding.value_at_risk,
        opened_at=now,
        updated_at=now,
        turned_at=now,
    )


def _update(changes: Changes, now: datetime) -> None:
    said = changes.to_update + changes.to_reopen
    if not said:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                now,
                [alert_id for alert_id, _finding in said],
                [str(finding.severity) for _id, finding in said],
                [json.dumps(finding.facts) for _id, finding in said],
                [finding.value_at_risk for _id, finding in said],
            ],
        )
