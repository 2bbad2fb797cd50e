"""E-mails about alerts: one mail for all that is new to a person, at most one in each window, each alert once."""

from collections import Counter
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
from accounts.text import format_money
from alerts.locks import lock_digests
from alerts.models import Alert, AlertNotice, AlertState
from alerts.selectors.emergencies import emergencies_of, emergency_url
from alerts.services.wording import alert_line, decision_line
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
        over = [notice.pk for notice in notices if notice.alert.state == AlertState.CLOSED]
        AlertNotice.objects.filter(pk__in=over).delete()
        AlertNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
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
        at_stake = sum((alert.value_at_risk for alert in alerts), Decimal(0))
        if at_stake:
            subject = _("%(said)s, %(money)s at stake") % {"said": subject, "money": format_money(at_stake)}
        lines = [
            *_summary(alerts),
            *(line for alert in alerts[:SHOWN_ALERTS] for line in _lines(alert, decisions.get(alert.pk))),
        ]
        if count > SHOWN_ALERTS:
            lines.append(_("... and %(count)d more.") % {"count": count - SHOWN_ALERTS})
        text = "\n".join([*lines, "", f"{settings.SITE_URL}/alerts/", ""])
    return Email(uuid4(), DIGEST_EVENT, user.email, f"Youhuo: {subject}", text)


def _summary(alerts: Sequence[Alert]) -> list[str]:
    """How many of what, the most frequent first, above a mail that tells of several things."""
    if len(alerts) == 1:
        return []
    counted = Counter(alert.get_severity_display() for alert in alerts).most_common()
    return [" · ".join(f"{label}: {count}" for label, count in counted), ""]


def _lines(alert: Alert, emergency: Emergency | None) -> list[str]:
    """What is wrong and, where something can still be done before the ordinary delivery, what and with which tap."""
    if emergency is None:
        return [alert_line(alert)]
    decide = _("Decide: %(url)s") % {"url": emergency_url(emergency)}
    return [alert_line(alert), f"  {decision_line(emergency)} {decide}"]
