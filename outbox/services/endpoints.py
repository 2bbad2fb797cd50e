"""Webhook endpoints, of programs and of chats: made, changed, tried out, switched on again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from jobs.nudge import nudge_after_commit
from outbox.domain.chat.message import Note
from outbox.domain.events import TEST_EVENT
from outbox.models import Channel, EndpointFormat, Message, MessageState, WebhookEndpoint
from outbox.services.endpoint_rules import check_event_types, check_secret, check_url, first_secret, new_secret
from outbox.services.enqueue import DELIVER_TASK, Event, webhook_message

# What a chat that names no types hears of: a person reads it, and that something is over calls for nothing.
CHAT_EVENTS = ("alert.opened",)
OLD_SECRET_HOLDS = timedelta(days=1)


def create_endpoint(
    *,
    url: str,
    event_types: Sequence[str],
    actor: User,
    now: datetime,
    description: str = "",
    format: str = EndpointFormat.JSON,  # noqa: A002  # the name of the field, in the API too
    language: str = "en",
    secret: str = "",
) -> WebhookEndpoint:
    """A new endpoint. For JSON a secret is made; that of a chat is the one that its service gave, or none.

    A chat that names no types hears of warnings only. Raises `ForbiddenAddress` when nothing may be sent there, and
    `InvalidInput` when format, address and secret do not fit, or there is no such type.
    """
    check_event_types(event_types)
    check_secret(secret, format)
    check_url(url, format)
    is_chat = format != EndpointFormat.JSON
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            url=url,
            format=format,
            language=language,
            description=description,
            secret=first_secret(secret, format),
            event_types=list(event_types) or (list(CHAT_EVENTS) if is_chat else []),
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
    language: str | None = None,
    secret: str | None = None,
) -> WebhookEndpoint:
    """Changes what is given. Switching it on also clears what its failures had switched off."""
    given = {
        "url": url,
        "event_types": event_types,
        "description": description,
        "is_active": is_active,
        "language": language,
        "secret": secret,
    }
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if is_active:
        changes |= {"disabled_at": None, "failures": 0, "failing_since": None, "paused_until": None}
    check_event_types(event_types or ())
    # The format is never changed, and the name of the host is looked up before any row is locked.
    endpoint_format = WebhookEndpoint.objects.values_list("format", flat=True).get(pk=endpoint_id)
    check_secret(secret or "", endpoint_format)
    if secret == "" and endpoint_format == EndpointFormat.JSON:
        del changes["secret"]
    if url is not None:
        check_url(url, endpoint_format)
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        for name, value in changes.items():
            setattr(endpoint, name, value)
        endpoint.save(update_fields=list(changes))
        _audit(endpoint, "endpoint_changed", actor, now)
    return endpoint


def rotate_secret(*, endpoint_id: int, actor: User, now: datetime) -> WebhookEndpoint:
    """A new secret; the old one signs beside it for a day. Raises `IllegalStateChange` for a chat."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        if endpoint.is_chat:
            raise IllegalStateChange(_("The secret of a chat comes from its service. Paste the new one here."))
        endpoint.previous_secret, endpoint.previous_secret_until = endpoint.secret, now + OLD_SECRET_HOLDS
        endpoint.secret = new_secret()
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
    """Queues one test event for this endpoint, whatever types it wants. It takes the same way as every other, but at
    once, also where the endpoint is left alone after failures: the test asks whether they are over."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
        _refuse_off(endpoint)
        event = Event(uuid4(), TEST_EVENT, {"message": "Youhuo can reach this endpoint."}, _test_words)
        message = webhook_message(endpoint=endpoint, event=event, now=now, due_at=now)
        message.save(force_insert=True)
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(paused_until=None)
        _audit(endpoint, "endpoint_tested", actor, now)
        nudge_after_commit(DELIVER_TASK)
    return message


def resend_message(*, message_id: int, actor: User, now: datetime) -> None:
    """Tries a message again that was given up. Raises `IllegalStateChange` for any other, and where its endpoint is
    off or gone, for there it would wait in vain."""
    with transaction.atomic():
        target = Message.objects.values_list("target", flat=True).get(pk=message_id, channel=Channel.WEBHOOK)
        endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=target).first()
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state != MessageState.FAILED:
            raise IllegalStateChange(_("Only a message that was given up can be sent again."))
        if endpoint is None:
            raise IllegalStateChange(_("The endpoint was deleted, so nothing can be sent there any more."))
        _refuse_off(endpoint)
        Message.objects.filter(pk=message_id).update(state=MessageState.DUE, attempts=0, next_attempt_at=now)
        record_audit(actor=actor, action="message_resent", object_type="message", object_id=message_id, now=now)
        nudge_after_commit(DELIVER_TASK)


def _refuse_off(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_active or endpoint.disabled_at is not None:
        raise IllegalStateChange(_("This endpoint is switched off. Switch it on first."))


def _test_words() -> Note:
    return Note(_("This is a test: Youhuo can write to this chat."))


def _audit(endpoint: WebhookEndpoint, action: str, actor: User, now: datetime) -> None:
    record_audit(
        actor=actor,
        action=action,
        object_type="webhook_endpoint",
        object_id=endpoint.pk,
        now=now,
        data={"url": endpoint.shown_url, "event_types": endpoint.event_types, "is_active": endpoint.is_active},
    )
