"""Locks of alert work that has no row of its own to lock; held until the transaction ends."""

from django.db import connection

# Any constants will do that no other advisory lock of this database uses.
_JOBS_ALERTS = 0x59484A41
_DIGESTS = 0x59484449


def lock_jobs_alerts() -> None:
    _lock(_JOBS_ALERTS)


def lock_digests() -> None:
    _lock(_DIGESTS)


def _lock(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
