"""Mails about alerts, as the jobs send them: the words of the service on a page of ours."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language

from alerts.services.digests import Digest, send_digests


def mail_digests(*, now: datetime) -> int:
    """Queues a digest for everybody who has something new; returns how many."""
    return send_digests(as_html=digest_page, now=now)


def digest_page(digest: Digest) -> str:
    return render_to_string("alerts/emails/digest.html", {"digest": digest, "language": get_language()})
