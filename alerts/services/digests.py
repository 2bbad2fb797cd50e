"""E-mails about alerts: one mail for all that is new to a person, at most one in each window, each alert once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.text import format_day, format_money, format_quantity
from alerts.locks import lock_digests
from alerts.models import Alert, AlertKind, AlertNotice, AlertState
from alerts.selectors.emergencies import emergencies_of, emergency_url
from orders.models import Emergency
from outbox.services.enqueue import Email, enqueue_emails

DIGEST_WINDOW = timedelta(minutes=15)
DIGEST_EVENT = "alert.digest"
SHOWN_ALERTS = 50


def send_digests(*, now: datetime) -> int:
    """Queues a digest for everybody who has something new and got none within the window; returns how many."""
    with transaction.atomic():
        lock_digests()
        notices = list(_waiting(now))
        decisions = emergencies_of({notice.alert for notice in notices})
        emails = []
        for _user_id, own in groupby(notices, key=lambda notice: notice.user_id):
            group = list(own)
            alerts = [notice.alert for notice in group if notice.alert.state != AlertState.CLOSED]
            if alerts:
                emails.append(_digest(group[0].user, alerts, decisions))
        enqueue_emails(emails=emails, now=now)
        # What closed before anybody was told of it is not told at all.
        numbers = [notice.pk for notice in notices]
        settled = AlertNotice.objects.filter(pk__in=numbers)
        settled.filter(alert__state=AlertState.CLOSED).delete()
        settled.update(mailed_at=now)
    return len(emails)


def _waiting(now: datetime) -> QuerySet[AlertNotice]:
    recent = AlertNotice.objects.filter(user=OuterRef("user"), mailed_at__gt=now - DIGEST_WINDOW)
    return (
        AlertNotice.objects.filter(mailed_at=None, user__is_active=True)
        .filter(~Exists(recent))
        .select_related("user", "alert__sku", "alert__location")
        .order_by("user_id", "-alert__value_at_risk", "alert_id")
    )


def _digest(user: User, alerts: Sequence[Alert], decisions: Mapping[int, Emergency]) -> Email:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        count = len(alerts)
        subject = ngettext("%(count)d thing needs you", "%(count)d things need you", count) % {"count": count}
        lines = [line for alert in alerts[:SHOWN_ALERTS] for line in _lines(alert, decisions.get(alert.pk))]
        if count > SHOWN_ALERTS:
            lines.append(_("... and %(count)d more.") % {"count": count - SHOWN_ALERTS})
        text = "\n".join([*lines, "", f"{settings.SITE_URL}/alerts/", ""])
    return Email(uuid4(), DIGEST_EVENT, user.email, f"Youhuo: {subject}", text)


def _lines(alert: Alert, emergency: Emergency | None) -> list[str]:
    """What is wrong and, where something can still be done before the ordinary delivery, what and with which tap."""
    return [_line(alert), f"  {_decision_line(emergency)}"] if emergency else [_line(alert)]


def _decision_line(emergency: Emergency) -> str:
    said = (
        _("%(quantity)s moved from %(giver)s can be there on %(day)s and save %(money)s. Decide: %(url)s")
        if emergency.source
        else _("%(quantity)s by express from %(giver)s can be there on %(day)s and save %(money)s. Decide: %(url)s")
    )
    return said % {
        "quantity": format_quantity(emergency.quantity),
        "giver": emergency.source or emergency.supplier,
        "day": format_day(emergency.expected_on),
        "money": format_money(emergency.saving),
        "url": emergency_url(emergency),
    }


def _line(alert: Alert) -> str:
    if alert.kind == AlertKind.LATE_ORDER:
        return _("%(location)s: order %(number)s of %(supplier)s was expected on %(day)s and has not come.") % {
            "location": alert.location,
            "number": alert.subject,
            "supplier": alert.facts.get("supplier", ""),
            "day": alert.facts.get("expected_on", ""),
        }
    if alert.kind == AlertKind.SHORT_ORDER:
        return _word_line(alert)
    if alert.kind == AlertKind.LATE_JOB or alert.sku is None:
        said = _("The job %(job)s is late.") if alert.facts.get("is_late", True) else _("The job %(job)s failed.")
        return said % {"job": alert.facts.get("title", alert.subject)}
    if alert.kind == AlertKind.EXPIRING:
        said = _("%(location)s: %(sku)s - %(expired)s expired, %(expiring)s will expire unsold, %(money)s of cost.")
        units = {name: format_quantity(Decimal(alert.facts.get(name) or 0)) for name in ("expired", "expiring")}
        return said % {
            "location": alert.location, "sku": alert.sku, "money": format_money(alert.value_at_risk), **units
        }  # fmt: skip
    if alert.kind == AlertKind.DRIFT:
        said = _("%(location)s: %(sku)s - %(came)s asked for where %(expected)s were forecast, in %(weeks)s weeks.")
        facts = {"came": "came_units", "expected": "expected_units", "weeks": "drift_weeks"}
        units = {name: format_quantity(alert.facts.get(fact) or 0) for name, fact in facts.items()}
        return said % {"location": alert.location, "sku": alert.sku, **units}
    line = _("%(location)s: %(sku)s - %(severity)s, %(available)s available, %(money)s at risk.") % {
        "location": alert.location,
        "sku": alert.sku,
        "severity": alert.get_severity_display().lower(),
        "available": format_quantity(Decimal(alert.facts.get("available") or 0)),
        "money": format_money(alert.value_at_risk),
    }
    return str(line)


def _word_line(alert: Alert) -> str:
    values = {"location": alert.location, "number": alert.subject, "supplier": alert.facts.get("supplier", "")}
    if alert.facts.get("short_lines"):
        return _("%(location)s: %(supplier)s is short of order %(number)s.") % values
    values["day"] = alert.facts.get("promised_on", "")
    return _("%(location)s: %(supplier)s brings order %(number)s later, on %(day)s.") % values
