"""One try to send an e-mail over SMTP."""

import base64
import smtplib
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.link_tokens import address_of
from outbox.errors import NotDelivered
from outbox.models import Message
from outbox.services.enqueue import link_mark

TOO_LARGE = 552


class RefusedForGood(NotDelivered):
    """The mail server will never take this message for this receiver."""


class MailServerAway(NotDelivered):
    """The mail server itself cannot be used now, so every other e-mail would fail too."""


def send_email(message: Message) -> str:
    """Sends and returns a line for the log. Raises `NotDelivered` or one of its kinds."""
    mail = build_email(message)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code, text) from error
    except smtplib.SMTPSenderRefused as error:
        raise _sender_refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerAway(f"{type(error).__name__}: {error}") from error
    return f"taken by {settings.EMAIL_HOST}" if hasattr(settings, "EMAIL_HOST") else "taken"


def build_email(message: Message) -> EmailMultiAlternatives:
    payload = message.payload
    mail = EmailMultiAlternatives(
        subject=" ".join(payload["subject"].splitlines()),
        body=_with_links(payload["text"], payload),
        to=[message.target],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    if payload.get("html"):
        mail.attach_alternative(_with_links(payload["html"], payload), "text/html")
    for file in payload.get("attachments", []):
        mail.attach(file["name"], base64.b64decode(file["base64"]), file["type"])
    return mail


def _with_links(text: str, payload: Mapping[str, Any]) -> str:
    """The text with the addresses of its links, which were only marked as long as it waited."""
    for link in payload.get("links", []):
        text = text.replace(link_mark(link["name"]), address_of(link["path"], link["name"]))
    return text


def message_id(message: Message) -> str:
    """The same over all tries, so that a mailbox can drop a repeat."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid5(message.event_id, message.target)}@{domain}>"


def _sender_refusal(code: int, text: bytes | str) -> NotDelivered:
    """Whoever refuses us as the sender refuses every mail until somebody mends our settings; RFC 1870 refuses only this
    one, for its size."""
    return _refusal(code, text) if code == TOO_LARGE else MailServerAway(_reason(code, text))


def _refusal(code: int, text: bytes | str) -> NotDelivered:
    return RefusedForGood(_reason(code, text)) if code >= 500 else NotDelivered(_reason(code, text))


def _reason(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
