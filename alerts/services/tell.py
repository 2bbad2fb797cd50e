"""Tells programs and chats (webhooks, at once) and people (notices for their next digest) of alerts that opened and
closed.

What was last told is kept with the alert. A new alert is told at once, and so is its end; one that comes back soon
after is told again only when it has stayed for `QUIET`: a level that swings a thousand times in an hour is two events.

One that a waiting proposal answers is no warning: programs and chats hear that it is over if they had heard of it, and
people find it in the one line of their digest that leads to the proposals. When it loses its answer it is told anew.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection
from django.db.models import Q, QuerySet

from alerts.models import Alert, AlertState, Told
from alerts.selectors.emergencies import emergencies_of, emergency_url
from alerts.selectors.recipients import recipients_by_location
from alerts.services.reconcile import QUIET
from alerts.services.wording import closed_note, opened_note
from orders.models import Emergency
from outbox.services.enqueue import Event, enqueue_events, is_wanted

_TOLD = "UPDATE alerts_alert SET told = %s WHERE id = ANY(%s)"
_NOTIFY = """
INSERT INTO alerts_alertnotice (alert_id, user_id, created_at)
SELECT alert.id, hears.user_id, %s
FROM unnest(%s::bigint[], %s::bigint[]) AS hears (location_id, user_id)
JOIN alerts_alert alert ON alert.location_id IS NOT DISTINCT FROM hears.location_id
WHERE alert.id = ANY(%s) ORDER BY alert.id
ON CONFLICT (alert_id, user_id) DO UPDATE SET created_at = EXCLUDED.created_at, mailed_at = NULL
"""
OPENED = "alert.opened"
CLOSED = "alert.closed"


def tell(*, location_ids: Collection[int] | None, now: datetime) -> None:
    """Writes what is to be told of these locations (None: of every place, and of no place) into the outbox.

    Call it in the transaction that changed the alerts.
    """
    alerts = Alert.objects.order_by("pk")
    if location_ids is not None:
        alerts = alerts.filter(location_id__in=location_ids)
    new = list(_to_tell_opened(alerts, now).values_list("pk", "is_answered"))
    opened = [pk for pk, is_answered in new if not is_answered]
    ended = list(alerts.filter(_is_over(), told=Told.OPEN).values_list("pk", "state"))
    closed = [pk for pk, _state in ended]
    answered = [pk for pk, is_answered in new if is_answered]
    if new:
        _notify_people(opened + answered, now)
    answered += [pk for pk, state in ended if state != AlertState.CLOSED]
    events = [*_events(opened, OPENED), *_events(closed, CLOSED)]
    enqueue_events(events=events, now=now)
    with connection.cursor() as cursor:
        for told, ids in ((Told.OPEN, opened), (Told.CLOSED, closed), (Told.ANSWERED, answered)):
            if ids:
                cursor.execute(_TOLD, [told, ids])


def _is_over() -> Q:
    return Q(state=AlertState.CLOSED) | Q(is_answered=True)


def _wanted(ids: Sequence[int], event_type: str) -> Sequence[Alert]:
    """Those alerts in full, if any program asked to be told; a night's ten thousand are not read for nobody."""
    if not ids or not is_wanted(event_type):
        return ()
    return list(Alert.objects.select_related("sku", "location").filter(pk__in=ids).order_by("pk"))


def _to_tell_opened(alerts: QuerySet[Alert], now: datetime) -> QuerySet[Alert]:
    unfinished = alerts.exclude(state=AlertState.CLOSED).filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    is_back = Q(told=Told.CLOSED) | Q(told=Told.ANSWERED, is_answered=False)
    return unfinished.filter(Q(told=Told.NOTHING) | is_back & Q(turned_at__lte=now - QUIET))


def _notify_people(alert_ids: list[int], now: datetime) -> None:
    places = set(Alert.objects.filter(pk__in=alert_ids).values_list("location_id", flat=True))
    pairs = [(place, user_id) for place, users in recipients_by_location(places).items() for user_id in users]
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFY, [now, [place for place, _user in pairs], [user for _place, user in pairs], alert_ids])


def _events(ids: Sequence[int], event_type: str) -> list[Event]:
    """An alert that ended needs no decision any more."""
    alerts = _wanted(ids, event_type)
    decisions = emergencies_of(alerts) if event_type == OPENED else {}
    return [_event(alert, event_type, decisions.get(alert.pk)) for alert in alerts]


def _event(alert: Alert, event_type: str, emergency: Emergency | None) -> Event:
    number = uuid5(NAMESPACE_URL, f"youhuo:{event_type}:{alert.pk}:{alert.turned_at.isoformat()}")
    words = partial(opened_note, alert, emergency) if event_type == OPENED else partial(closed_note, alert)
    return Event(number, event_type, alert_payload(alert, emergency), words)


def alert_payload(alert: Alert, emergency: Emergency | None) -> dict[str, Any]:
    """What webhooks carry; `emergency` is the decision that waits for the same need."""
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
        "is_answered": alert.is_answered,
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
        "emergency": _decision(emergency) if emergency else None,
    }


def _decision(emergency: Emergency) -> dict[str, Any]:
    """The cheapest way, and where to take it."""
    return {
        "emergency_id": emergency.pk,
        "url": emergency_url(emergency),
        "kind": emergency.kind,
        "supplier": emergency.supplier.code if emergency.supplier else None,
        "source": emergency.source.code if emergency.source else None,
        "quantity": str(emergency.quantity),
        "expected_on": emergency.expected_on.isoformat(),
        "saving": str(emergency.saving),
    }
