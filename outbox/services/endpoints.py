"""Webhook endpoints: made, changed, tried out, switched on again."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from jobs.nudge import nudge_after_commit
from outbox.egress import check_address
from outbox.models import Channel, Message, MessageState, WebhookEndpoint
from outbox.services.enqueue import DELIVER_TASK, Event, webhook_message

TEST_EVENT = "webhook.test"
OLD_SECRET_HOLDS = timedelta(days=1)


def create_endpoint(
    *, url: str, event_types: Sequence[str], actor: User, now: datetime, description: str = ""
) -> WebhookEndpoint:
    """A new endpoint with a new secret. Raises `ForbiddenAddress` when nothing may be sent there."""
    check_address(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            url=url,
            description=description,
            secret=_new_secret(),
            event_types=list(event_types),
            created_at=now,
            created_by=actor,
        )
        _audit(endpoint, "endpoint_created", actor, now)
    return endpoint


def update_endpoint(
    *,
    endpoint_id: int,
    actor: User,
    now: datetime,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    description: str | None = None,
    is_active: bool | None = None,
) -> WebhookEndpoint:
    """Changes what is given. Switching it on also clears what its failures had switched off."""
    if url is not None:
        check_address(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    given = {"url": url, "event_types": event_types, "description": description, "is_active": is_active}
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if is_active:
        changes |= {"disabled_at": None, "failures": 0, "failing_since": None, "paused_until": None}
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        for name, value in changes.items():
            setattr(endpoint, name, value)
        endpoint.save(update_fields=list(changes))
        _audit(endpoint, "endpoint_changed", actor, now)
    return endpoint


def rotate_secret(*, endpoint_id: int, actor: User, now: datetime) -> WebhookEndpoint:
    """A new secret; the old one signs beside it for a day."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        endpoint.previous_secret, endpoint.previous_secret_until = endpoint.secret, now + OLD_SECRET_HOLDS
        endpoint.secret = _new_secret()
        endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
        _audit(endpoint, "endpoint_secret_rotated", actor, now)
    return endpoint


def delete_endpoint(*, endpoint_id: int, actor: User, now: datetime) -> None:
    """Removes it; what waits for it is given up, its delivery log stays."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        waiting = Message.objects.filter(channel=Channel.WEBHOOK, target=str(endpoint_id), state=MessageState.DUE)
        waiting.update(state=MessageState.FAILED, last_error=_("The endpoint was deleted."))
        _audit(endpoint, "endpoint_deleted", actor, now)
        endpoint.delete()


def send_test(*, endpoint_id: int, actor: User, now: datetime) -> Message:
    """Queues one test event for this endpoint, whatever types it wants. It takes the same way as every other."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        if not endpoint.is_active or endpoint.disabled_at is not None:
            raise IllegalStateChange(_("This endpoint is switched off. Switch it on first."))
        event = Event(uuid4(), TEST_EVENT, {"message": "Youhuo can reach this endpoint."})
        message = webhook_message(endpoint=endpoint, event=event, now=now)
        message.save(force_insert=True)
        _audit(endpoint, "endpoint_tested", actor, now)
        nudge_after_commit(DELIVER_TASK)
    return message


def resend_message(*, message_id: int, actor: User, now: datetime) -> None:
    """Tries a message again that was given up. Raises `IllegalStateChange` for any other."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state != MessageState.FAILED:
            raise IllegalStateChange(_("Only a message that was given up can be sent again."))
        Message.objects.filter(pk=message_id).update(state=MessageState.DUE, attempts=0, next_attempt_at=now)
        record_audit(actor=actor, action="message_resent", object_type="message", object_id=message_id, now=now)
        nudge_after_commit(DELIVER_TASK)


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _audit(endpoint: WebhookEndpoint, action: str, actor: User, now: datetime) -> None:
    record_audit(
        actor=actor,
        action=action,
        object_type="webhook_endpoint",
        object_id=endpoint.pk,
        now=now,
        data={"url": endpoint.url, "event_types": endpoint.event_types, "is_active": endpoint.is_active},
    )
