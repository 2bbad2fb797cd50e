"""What workers are told about the outbox: that something may be due, never what."""

from celery import shared_task
from django.utils import timezone

from outbox.services.deliver import deliver_due


@shared_task(name="outbox.deliver")
def deliver() -> None:
    deliver_due(clock=timezone.now)
