"""Tells programs (webhooks, at once) and people (notices for their next digest) of alerts that opened and closed.

What was last told is kept with the alert. A new alert is told at once, and so is its end; one that comes back soon
after is told again only when it has stayed for `QUIET`: a level that swings a thousand times in an hour is two events.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Q, QuerySet

from alerts.models import Alert, AlertNotice, AlertState, Told
from alerts.selectors.recipients import recipients_by_location
from alerts.services.reconcile import QUIET
from outbox.services.enqueue import Event, enqueue_events

OPENED = "alert.opened"
CLOSED = "alert.closed"


def tell(*, location_ids: Collection[int] | None, now: datetime) -> None:
    """Writes what is to be told of these locations (None: of every place, and of no place) into the outbox.

    Call it in the transaction that changed the alerts.
    """
    alerts = Alert.objects.select_related("sku", "location").order_by("pk")
    if location_ids is not None:
        alerts = alerts.filter(location_id__in=location_ids)
    opened = list(_to_tell_opened(alerts, now))
    closed = list(alerts.filter(state=AlertState.CLOSED, told=Told.OPEN))
    _notify_people(opened, now)
    events = [_event(alert, OPENED) for alert in opened] + [_event(alert, CLOSED) for alert in closed]
    enqueue_events(events=events, now=now)
    Alert.objects.filter(pk__in=[alert.pk for alert in opened]).update(told=Told.OPEN)
    Alert.objects.filter(pk__in=[alert.pk for alert in closed]).update(told=Told.CLOSED)


def _to_tell_opened(alerts: QuerySet[Alert], now: datetime) -> QuerySet[Alert]:
    unfinished = alerts.exclude(state=AlertState.CLOSED).filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    return unfinished.filter(Q(told=Told.NOTHING) | Q(told=Told.CLOSED, turned_at__lte=now - QUIET))


def _notify_people(alerts: Sequence[Alert], now: datetime) -> None:
    recipients = recipients_by_location({alert.location_id for alert in alerts}) if alerts else {}
    AlertNotice.objects.bulk_create(
        [
            AlertNotice(alert=alert, user_id=user_id, created_at=now)
            for alert in alerts
            for user_id in recipients[alert.location_id]
        ],
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["alert", "user"],
        update_fields=["created_at", "mailed_at"],
    )


def _event(alert: Alert, event_type: str) -> Event:
    number = uuid5(NAMESPACE_URL, f"youhuo:{event_type}:{alert.pk}:{alert.turned_at.isoformat()}")
    return Event(number, event_type, alert_payload(alert))


def alert_payload(alert: Alert) -> dict[str, Any]:
    """What webhooks carry."""
    return {
        "alert_id": alert.pk,
        "kind": alert.kind,
        "severity": alert.severity,
        "sku": alert.sku.code if alert.sku else None,
        "sku_name": alert.sku.name if alert.sku else None,
        "location": alert.location.code if alert.location else None,
        "subject": alert.subject,
        "facts": alert.facts,
        "value_at_risk": str(alert.value_at_risk),
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
    }
