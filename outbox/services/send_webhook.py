"""One try to send a webhook, signed as Standard Webhooks says."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from standardwebhooks.webhooks import Webhook

from outbox.domain.retry import parse_retry_after
from outbox.egress import Answer, post
from outbox.errors import ForbiddenAddress, NotDelivered
from outbox.models import Message, WebhookEndpoint

GONE = 410


class Rejected(NotDelivered):
    """The receiver answered, but not with success. `is_about_message`: others may still be taken."""

    def __init__(self, said: str, *, is_gone: bool, is_about_message: bool, retry_after: timedelta) -> None:
        super().__init__(said)
        self.is_gone = is_gone
        self.is_about_message = is_about_message
        self.retry_after = retry_after


def send_webhook(message: Message, endpoint: WebhookEndpoint, *, now: datetime) -> str:
    """Sends and returns a line for the log. Raises `NotDelivered`, or `Rejected` with what the receiver answered."""
    body = json.dumps(message.payload, separators=(",", ":"), ensure_ascii=False)
    headers = {"Content-Type": "application/json", **signature(message, endpoint, body, now)}
    answer = post_to(endpoint.url, headers=headers, body=body.encode())
    if not 200 <= answer.status < 300:
        raise Rejected(
            f"{answer.status} {answer.body[:200].decode(errors='replace')}".strip(),
            is_gone=answer.status == GONE,
            is_about_message=is_about_message(answer.status),
            retry_after=asked_wait(answer, now),
        )
    return f"answered {answer.status}"


def post_to(url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
    """The answer, whatever it is. An address that may no longer be used is a failure like any other."""
    try:
        return post(
            url, headers={"User-Agent": "Youhuo", **headers}, body=body, allow_private=settings.WEBHOOK_ALLOW_PRIVATE
        )
    except ForbiddenAddress as error:
        raise NotDelivered(error.message) from error


def is_about_message(status: int) -> bool:
    """Whether the receiver finds fault with this message alone."""
    return 400 <= status < 500 and status not in (401, 403, 404, 408, 410, 429)


def asked_wait(answer: Answer, now: datetime) -> timedelta:
    return parse_retry_after(answer.headers.get("retry-after", ""), now)


def signature(message: Message, endpoint: WebhookEndpoint, body: str, now: datetime) -> dict[str, str]:
    """The three headers. `webhook-id` is the event's and the same over all tries."""
    secrets = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_secret_until and endpoint.previous_secret_until > now:
        secrets.append(endpoint.previous_secret)
    number = str(message.event_id)
    return {
        "webhook-id": number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(number, now, body) for secret in secrets),
    }
