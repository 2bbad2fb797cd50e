"""What people do with alerts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from alerts.locks import lock_alert
from alerts.models import Alert, AlertState


def acknowledge_alert(*, alert_id: int, actor: User, now: datetime) -> Alert:
    """Marks an open alert as seen; a repeat changes nothing. The caller has checked that the alert is the actor's."""
    with transaction.atomic():
        alert = _open_alert(alert_id)
        if alert.state == AlertState.OPEN:
            alert.state, alert.acknowledged_at, alert.acknowledged_by = AlertState.ACKNOWLEDGED, now, actor
            alert.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
            _audit(alert, "alert_acknowledged", actor, now)
    return alert


def snooze_alert(*, alert_id: int, actor: User, until: datetime, now: datetime) -> Alert:
    """Hides an alert until a moment to come; it stays open and is shown again then."""
    if until <= now:
        raise InvalidInput(_("Choose a time that is still to come."), details=[{"field": "until"}])
    with transaction.atomic():
        alert = _open_alert(alert_id)
        alert.snoozed_until = until
        alert.save(update_fields=["snoozed_until"])
        _audit(alert, "alert_snoozed", actor, now)
    return alert


def _open_alert(alert_id: int) -> Alert:
    alert = lock_alert(alert_id)
    if alert.state == AlertState.CLOSED:
        raise IllegalStateChange(_("This alert is closed already."))
    return alert


def _audit(alert: Alert, action: str, actor: User, now: datetime) -> None:
    until = alert.snoozed_until.isoformat() if alert.snoozed_until else None
    record_audit(
        actor=actor, action=action, object_type="alert", object_id=alert.pk, now=now, data={"snoozed_until": until}
    )
