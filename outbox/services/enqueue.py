"""Puts messages into the outbox. Only rows are written, in the caller's transaction; sending comes after it."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation

from jobs.nudge import nudge_after_commit
from outbox.domain.chat.message import Note, fold_until
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
    """One e-mail to one receiver. `event_id` with the address makes it unique: the same one is never queued twice.
    It is sent once the one of the event `after` is, or was given up: who cancels must not be heard first."""

    event_id: UUID
    event_type: str
    to: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    links: tuple[SignedLink, ...] = ()
    after: UUID | None = None


@dataclass(frozen=True)
class Event:
    """One thing that happened, for the webhooks that want its type. `words` says it for a chat, in the language that is
    active when it is called; without it a chat is told the bare facts."""

    event_id: UUID
    event_type: str
    payload: Mapping[str, Any]
    words: Callable[[], Note] | None = None


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
                after_event_id=email.after,
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


def enqueue_events(*, events: Sequence[Event], now: datetime) -> None:
    """Queues many events: one message for each pair of event and endpoint that wants it, in two statements."""
    if not events:
        return
    endpoints = _endpoints()
    _insert(
        [
            webhook_message(
                endpoint=endpoint, event=event, now=now, due_at=fold_until(now) if endpoint.is_chat else now
            )
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


def webhook_message(*, endpoint: WebhookEndpoint, event: Event, now: datetime, due_at: datetime) -> Message:
    """The unsaved row; the body has the three fields that Standard Webhooks recommends, and for a chat the `note`."""
    body = {"type": event.event_type, "timestamp": now.isoformat(), "data": dict(event.payload)}
    if endpoint.is_chat:
        with translation.override(endpoint.language):
            body["note"] = asdict(event.words() if event.words else _bare(event))
    return Message(
        event_id=event.event_id,
        event_type=event.event_type,
        channel=Channel.WEBHOOK,
        target=str(endpoint.pk),
        payload=body,
        created_at=now,
        next_attempt_at=due_at,
    )


def _bare(event: Event) -> Note:
    """The type and the facts that are words or figures: `purchase_order.approved · number: 12 · supplier: ACME`."""
    facts = [f"{name}: {value}" for name, value in event.payload.items() if isinstance(value, str | int) and value]
    return Note(" · ".join([event.event_type, *facts]))


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
