"""What repeated success and failure do to a webhook endpoint."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from outbox.domain.retry import ENDPOINT_IS_DISABLED_AFTER, endpoint_pause, storable
from outbox.models import Channel, Message, MessageState, WebhookEndpoint
from outbox.services.enqueue import enqueue_email

# From so many failures in a row on, it was the endpoint and not one message that was at fault.
WAS_DOWN_FROM = 3


def note_success(*, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Forgets the failures; after a real outage, what waited for it goes out at once."""
    if endpoint.failures == 0:
        return
    with transaction.atomic():
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, paused_until=None)
        if endpoint.failures >= WAS_DOWN_FROM:
            _messages_to(endpoint).filter(state=MessageState.DUE, next_attempt_at__gt=now).update(next_attempt_at=now)


def note_failure(*, endpoint: WebhookEndpoint, at_least: timedelta, reason: str, now: datetime) -> bool:
    """Leaves the endpoint alone for a while, longer each time, and switches it off after days of failure. False when
    nothing is tried there any more: it is switched off, by this or meanwhile, or was deleted."""
    if endpoint.failing_since is not None and now - endpoint.failing_since > ENDPOINT_IS_DISABLED_AFTER:
        disable_endpoint(endpoint=endpoint, reason=reason, now=now)
        return False
    changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(
        failures=F("failures") + 1,
        failing_since=endpoint.failing_since or now,
        paused_until=now + max(endpoint_pause(endpoint.failures + 1), at_least),
    )
    return changed > 0


def disable_endpoint(*, endpoint: WebhookEndpoint, reason: str, now: datetime) -> None:
    """Stops sending to it, gives up what waits for it, and tells the person who made it."""
    with transaction.atomic():
        changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(disabled_at=now)
        if not changed:
            return
        _messages_to(endpoint).filter(state=MessageState.DUE).update(
            state=MessageState.FAILED, last_error=_("The endpoint was switched off.")
        )
        owner = endpoint.created_by
        if owner is not None and owner.email and owner.is_active:
            enqueue_email(
                event_id=uuid4(),
                event_type="endpoint.disabled",
                to=owner.email,
                subject=_("A webhook was switched off"),
                text=_(
                    "Nothing is sent to %(url)s any more, because it kept failing. The last answer was: %(reason)s\n"
                    "Mend the receiver, then switch the endpoint on again under Integrations."
                )
                % {"url": endpoint.shown_url, "reason": storable(reason)},
                now=now,
            )


def _messages_to(endpoint: WebhookEndpoint) -> QuerySet[Message]:
    return Message.objects.filter(channel=Channel.WEBHOOK, target=str(endpoint.pk))
