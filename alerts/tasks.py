"""What workers are told about the watch: that something may have changed, never what."""

from celery import shared_task
from django.utils import timezone

from alerts.watch import look_if_changed


@shared_task(name="alerts.look")
def look() -> None:
    """Beat calls it every LOOK_SECONDS; without a change it costs two short queries."""
    look_if_changed(now=timezone.now())
