"""Forgets what is of no use any more: answers to calls that nobody repeats, sessions that have ended, and links with
which nobody can set a password any more."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import PasswordLink

ANSWERS_ARE_KEPT = timedelta(days=30)
# So long whoever comes back with an old link reads that it is over, and not that it is unknown.
LINKS_ARE_KEPT = timedelta(days=30)
AT_ONCE = 5_000

# Ids are given in the order of time, so the oldest are found by the primary key; an index by time would cost each call.
FORGET_ANSWERS = """
DELETE FROM accounts_idempotencyrecord WHERE id IN (
    SELECT id FROM (SELECT id, created_at FROM accounts_idempotencyrecord ORDER BY id LIMIT %s) oldest
    WHERE created_at < %s
)
"""


def forget_answers(*, now: datetime) -> int:
    """Deletes what was answered to an `Idempotency-Key` more than 30 days ago, in pieces; returns how many."""
    counts = [AT_ONCE]
    while counts[-1] == AT_ONCE:
        with connection.cursor() as cursor:
            cursor.execute(FORGET_ANSWERS, [AT_ONCE, now - ANSWERS_ARE_KEPT])
            counts.append(int(cursor.rowcount))
    return sum(counts[1:])


def forget_sessions(*, now: datetime) -> int:
    """Deletes sessions that have ended, which nobody can use; returns how many."""
    count, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    return count


def forget_password_links(*, now: datetime) -> int:
    """Deletes links that ended more than 30 days ago, used or not; returns how many. Who made and who used them stays
    in the audit trail."""
    count, _by_model = PasswordLink.objects.filter(expires_at__lt=now - LINKS_ARE_KEPT).delete()
    return count
