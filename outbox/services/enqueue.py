"""Puts messages into the outbox. Only rows are written, in the caller's transaction; sending comes after it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from jobs.nudge import nudge_after_commit
from outbox.models import Channel, Message, WebhookEndpoint

DELIVER_TASK = "outbox.deliver"


@dataclass(frozen=True)
class Attachment:
    """A file of an e-mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class SignedLink:
    """An address that opens something without an account, see `accounts.link_tokens`. `mark` stands in the text of the
    e-mail; the address takes its place when the e-mail is sent, and is nowhere before."""

    path: str
    name: str

    @property
    def mark(self) -> str:
        return link_mark(self.name)


def link_mark(name: str) -> str:
    return f"[[link {name}]]"


@dataclass(frozen=True)
class Email:
    """One e-mail to one receiver. `event_id` with the address makes it unique: the same one is never queued twice."""

    event_id: UUID
    event_type: str
    to: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    links: tuple[SignedLink, ...] = ()


@dataclass(frozen=True)
class Event:
    """One thing that happened, for the webhooks that want its type."""

    event_id: UUID
    event_type: str
    payload: Mapping[str, Any]


def enqueue_email(
    *,
    event_id: UUID,
    event_type: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    html: str = "",
    attachments: Sequence[Attachment] = (),
) -> None:
    """Queues one e-mail; a repeat with the same `event_id` and address changes nothing."""
    enqueue_emails(emails=[Email(event_id, event_type, to, subject, text, html, tuple(attachments))], now=now)


def enqueue_emails(*, emails: Sequence[Email], now: datetime) -> None:
    """Queues many e-mails in one statement."""
    _insert(
        [
            Message(
                event_id=email.event_id,
                event_type=email.event_type,
                channel=Channel.EMAIL,
                target=email.to,
                payload=_email_payload(email),
                created_at=now,
                next_attempt_at=now,
            )
            for email in emails
        ]
    )


def enqueue_webhooks(*, event_id: UUID, event_type: str, payload: Mapping[str, Any], now: datetime) -> None:
    """Queues one event for each active endpoint that wants its type."""
    enqueue_events(events=[Event(event_id, event_type, payload)], now=now)


def enqueue_events(*, events: Sequence[Event], now: datetime) -> None:
    """Queues many events: one message for each pair of event and endpoint that wants it, in two statements."""
    if not events:
        return
    endpoints = _endpoints()
    _insert(
        [
            webhook_message(endpoint=endpoint, event=event, now=now)
            for event in events
            for endpoint in endpoints
            if wants(endpoint, event.event_type)
        ]
    )


def is_wanted(event_type: str) -> bool:
    """Whether any endpoint would be told; what nobody wants need not be made."""
    return any(wants(endpoint, event_type) for endpoint in _endpoints())


def _endpoints() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.filter(is_active=True, disabled_at=None))


def wants(endpoint: WebhookEndpoint, event_type: str) -> bool:
    """An endpoint that names no types wants them all."""
    return not endpoint.event_types or event_type in endpoint.event_types


def webhook_message(*, endpoint: WebhookEndpoint, event: Event, now: datetime) -> Message:
    """The unsaved row; the body has the three fields that Standard Webhooks recommends."""
    body = {"type": event.event_type, "timestamp": now.isoformat(), "data": dict(event.payload)}
    return Message(
        event_id=event.event_id,
        event_type=event.event_type,
        channel=Channel.WEBHOOK,
        target=str(endpoint.pk),
        payload=body,
        created_at=now,
        next_attempt_at=now,
    )


def _email_payload(email: Email) -> dict[str, Any]:
    payload: dict[str, Any] = {"subject": email.subject, "text": email.text}
    if email.html:
        payload["html"] = email.html
    if email.attachments:
        payload["attachments"] = [
            {"name": file.name, "type": file.media_type, "base64": base64.b64encode(file.content).decode()}
            for file in email.attachments
        ]
    if email.links:
        payload["links"] = [{"path": link.path, "name": link.name} for link in email.links]
    return payload


def _insert(messages: Sequence[Message]) -> None:
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)
        nudge_after_commit(DELIVER_TASK)
