"""E-mails about alerts: one mail for all that is new to a person, at most one in each window, each alert once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from alerts.services.wording import alert_line, answered_line, decision_line
from orders.models import Emergency
from outbox.services.enqueue import Email, enqueue_emails

DIGEST_WINDOW = timedelta(minutes=15)
DIGEST_EVENT = "alert.digest"
SHOWN_ALERTS = 50


@dataclass(frozen=True)
class Row:
    """What is wrong (`severity` is the word of the code, `label` that of people) and, where something can still be done
    before the ordinary delivery, what and with which tap."""

    severity: str
    label: str
    said: str
    at_stake: str
    decision: str
    decide_url: str


@dataclass(frozen=True)
class Digest:
    """What a mail says, in its reader's language; `more` tells of those beyond the rows, `url` leads to all of them.
    `answered` tells in one line of what a proposal answers, and `answered_url` leads to the proposals."""

    subject: str
    summary: str
    rows: Sequence[Row]
    more: str
    url: str
    answered: str = ""
    answered_url: str = ""


def send_digests(*, as_html: Callable[[Digest], str], now: datetime) -> int:
    """Queues a digest for everybody who has something new and got none within the window; returns how many.

    `as_html` writes a digest as a page, in the active language; the text beside it says the same.
    """
    with transaction.atomic():
        lock_digests()
        notices = list(_waiting(now))
        decisions = emergencies_of({notice.alert for notice in notices})
        emails = []
        for _user_id, own in groupby(notices, key=lambda notice: notice.user_id):
            group = list(own)
            alerts = [notice.alert for notice in group if notice.alert.state != AlertState.CLOSED]
            if alerts:
                emails.append(_digest(group[0].user, alerts, decisions, as_html))
        enqueue_emails(emails=emails, now=now)
        # What closed before anybody was told of it is not told at all.
        over = [notice.pk for notice in notices if notice.alert.state == AlertState.CLOSED]
        AlertNotice.objects.filter(pk__in=over).delete()
        AlertNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
    return len(emails)


def _waiting(now: datetime) -> QuerySet[AlertNotice]:
    """Notices of those who got no digest within the window. Who got one is asked first: as one statement the planner
    may look through all of a person's notices for each of them, which took minutes for ten thousand."""
    recent = AlertNotice.objects.filter(user=OuterRef("pk"), mailed_at__gt=now - DIGEST_WINDOW)
    told = list(User.objects.filter(Exists(recent)).values_list("pk", flat=True))
    return (
        AlertNotice.objects.filter(mailed_at=None, user__is_active=True)
        .exclude(user_id__in=told)
        .select_related("user", "alert__sku", "alert__location")
        .order_by("user_id", "-alert__value_at_risk", "alert_id")
    )


def _digest(
    user: User, alerts: Sequence[Alert], decisions: Mapping[int, Emergency], as_html: Callable[[Digest], str]
) -> Email:
    asking = [alert for alert in alerts if not alert.is_answered]
    with translation.override(user.language or settings.LANGUAGE_CODE):
        answered = answered_line(len(alerts) - len(asking))
        digest = Digest(
            subject=_subject(asking) if asking else answered,
            summary=_summary(asking),
            rows=[_row(alert, decisions.get(alert.pk)) for alert in asking[:SHOWN_ALERTS]],
            more=_more(len(asking) - SHOWN_ALERTS),
            url=f"{settings.SITE_URL}/alerts/",
            answered=answered,
            answered_url=f"{settings.SITE_URL}/proposals/",
        )
        return Email(uuid4(), DIGEST_EVENT, user.email, f"Youhuo: {digest.subject}", _as_text(digest), as_html(digest))


def _subject(alerts: Sequence[Alert]) -> str:
    count = len(alerts)
    subject = ngettext("%(count)d thing needs you", "%(count)d things need you", count) % {"count": count}
    at_stake = sum((alert.value_at_risk for alert in alerts), Decimal(0))
    if not at_stake:
        return subject
    return _("%(said)s, %(money)s at stake") % {"said": subject, "money": format_money(at_stake)}


def _summary(alerts: Sequence[Alert]) -> str:
    """How many of what, the most frequent first, above a mail that tells of several things."""
    if len(alerts) < 2:
        return ""
    counted = Counter(alert.get_severity_display() for alert in alerts).most_common()
    return " · ".join(f"{label}: {count}" for label, count in counted)


def _more(count: int) -> str:
    return _("... and %(count)d more.") % {"count": count} if count > 0 else ""


def _row(alert: Alert, emergency: Emergency | None) -> Row:
    return Row(
        severity=alert.severity,
        label=alert.get_severity_display(),
        said=alert_line(alert),
        at_stake=format_money(alert.value_at_risk) if alert.value_at_risk else "",
        decision=decision_line(emergency) if emergency else "",
        decide_url=emergency_url(emergency) if emergency else "",
    )


def _as_text(digest: Digest) -> str:
    lines = [digest.summary, ""] if digest.summary else []
    for row in digest.rows:
        lines.append(row.said)
        if row.decision:
            lines.append(f"  {row.decision} " + _("Decide: %(url)s") % {"url": row.decide_url})
    if digest.more:
        lines.append(digest.more)
    if digest.answered:
        lines.append(f"{digest.answered} {digest.answered_url}")
    return "\n".join([*lines, "", digest.url, ""])
