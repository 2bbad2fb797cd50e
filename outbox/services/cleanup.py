"""Forgets what was sent long ago: e-mails hold personal data."""

from datetime import datetime, timedelta

from outbox.models import Message, MessageState

KEPT = timedelta(days=90)


def forget_old_messages(*, now: datetime) -> int:
    """Deletes messages that were settled and made more than 90 days ago, with their log; returns how many."""
    old = Message.objects.filter(state__in=[MessageState.SENT, MessageState.FAILED], created_at__lt=now - KEPT)
    count = old.count()
    old.delete()
    return count
