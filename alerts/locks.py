"""The locks of alert work, held until the transaction ends. A location comes before its alerts, and both before the
digests; stock levels are never locked here."""

from django.db import connection

from alerts.models import Alert
from inventory.models import Location

# Any constants will do that no other advisory lock of this database uses.
_JOBS_ALERTS = 0x59484A41
_DIGESTS = 0x59484449


def lock_location(location_id: int) -> Location:
    """One evaluation of a location at a time. Not a plain FOR UPDATE: postings refer to the row and must not wait."""
    return Location.objects.select_for_update(no_key=True).get(pk=location_id)


def lock_alert(alert_id: int) -> Alert:
    return Alert.objects.select_for_update().get(pk=alert_id)


def lock_jobs_alerts() -> None:
    _lock(_JOBS_ALERTS)


def lock_digests() -> None:
    _lock(_DIGESTS)


def _lock(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
