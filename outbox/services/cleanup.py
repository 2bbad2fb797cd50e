"""Forgets what was sent long ago: e-mails hold personal data."""

from datetime import datetime, timedelta

from outbox.models import Message, MessageState

KEPT = timedelta(days=90)
AT_ONCE = 1_000


def forget_old_messages(*, now: datetime) -> int:
    """Deletes messages that were settled and made more than 90 days ago, with their log; returns how many.

    Their texts and files are not read for it, and no transaction holds more than a thousand of them.
    """
    old = Message.objects.filter(state__in=[MessageState.SENT, MessageState.FAILED], created_at__lt=now - KEPT)
    count = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        Message.objects.filter(pk__in=ids).only("pk").delete()
        count += len(ids)
    return count
