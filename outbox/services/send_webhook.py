"""One try to send a webhook, signed as Standard Webhooks says."""

import json
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

    def __init__(self, answer: Answer, now: datetime) -> None:
        super().__init__(f"{answer.status} {answer.body[:200].decode(errors='replace')}".strip())
        self.is_gone = answer.status == GONE
        self.is_about_message = 400 <= answer.status < 500 and answer.status not in (401, 403, 404, 408, 410, 429)
        self.retry_after: timedelta = parse_retry_after(answer.headers.get("retry-after", ""), now)


def send_webhook(message: Message, endpoint: WebhookEndpoint, *, now: datetime) -> str:
    """Sends and returns a line for the log. Raises `NotDelivered`, or `Rejected` with what the receiver answered."""
    body = json.dumps(message.payload, separators=(",", ":"), ensure_ascii=False)
    headers = {"Content-Type": "application/json", "User-Agent": "Youhuo", **signature(message, endpoint, body, now)}
    try:
        answer = post(endpoint.url, headers=headers, body=body.encode(), allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    except ForbiddenAddress as error:
        raise NotDelivered(error.message) from error
    if not 200 <= answer.status < 300:
        raise Rejected(answer, now)
    return f"answered {answer.status}"


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
