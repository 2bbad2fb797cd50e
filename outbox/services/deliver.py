"""Empties the outbox: claims, sends outside of any transaction, writes down what happened.

A sender that dies between sending and writing it down leaves a lease that ends, and the message goes out a second time
with the same id; that is the price of never losing one.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from jobs.nudge import nudge
from outbox.domain.retry import email_wait, webhook_wait
from outbox.errors import NotDelivered
from outbox.models import Channel, Message, MessageState, WebhookEndpoint
from outbox.services.claim import Claim, Outcome, claim_email, claim_webhook, has_claimable, settle
from outbox.services.endpoint_health import disable_endpoint, note_failure, note_success
from outbox.services.enqueue import DELIVER_TASK
from outbox.services.send_chat import send_chat
from outbox.services.send_email import MailServerAway, RefusedForGood, send_email
from outbox.services.send_webhook import Rejected, send_webhook

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
# A hanging mail server may hold the first kind of sender and hanging receivers the second; neither holds all.
EMAIL_SENDERS = 2
WEBHOOK_SENDERS = 4
TURN_SECONDS = 30.0


def deliver_due(*, clock: Clock) -> int:
    """Sends what is due, for half a minute at most, and returns how many tries were made."""
    if not has_claimable(now=clock()):
        return 0
    ends_at, counts = time.monotonic() + TURN_SECONDS, [0] * (EMAIL_SENDERS + WEBHOOK_SENDERS)
    steps = [deliver_one_email] * EMAIL_SENDERS + [deliver_one_webhook] * WEBHOOK_SENDERS
    senders = [
        threading.Thread(target=_send_all, args=(step, clock, ends_at, counts, number))
        for number, step in enumerate(steps)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    if time.monotonic() > ends_at:
        nudge(DELIVER_TASK, [[]])
    return sum(counts)


def deliver_one_email(*, clock: Clock) -> bool:
    """One try to send one e-mail; False when none is due."""
    claim = claim_email(now=clock())
    if claim is None:
        return False
    outcome = _try_email(claim, clock)
    settle(claim=claim, outcome=outcome, now=clock())
    return True


def deliver_one_webhook(*, clock: Clock) -> bool:
    """One try to send one webhook; False when none is due."""
    claim = claim_webhook(now=clock())
    if claim is None or claim.endpoint is None:
        return False
    outcome = _try_webhook(claim, claim.endpoint, clock)
    settle(claim=claim, outcome=outcome, now=clock())
    return True


def _send_all(step: Callable[..., bool], clock: Clock, ends_at: float, counts: list[int], number: int) -> None:
    try:
        while time.monotonic() < ends_at and step(clock=clock):
            counts[number] += 1
    except Exception:  # The lease of what it held ends by itself; the other senders go on.
        logger.exception("A sender of the outbox stopped")
    finally:
        connection.close()


def _try_email(claim: Claim, clock: Clock) -> Outcome:
    started, begun = time.monotonic(), clock()
    try:
        detail = send_email(claim.message)
    except RefusedForGood as error:
        return Outcome(False, str(error), _since(started))
    except MailServerAway as error:
        retry_at = _email_retry_at(claim.message, begun)
        _hold_back_emails(retry_at, claim.message)
        return Outcome(False, str(error), _since(started), retry_at)
    except NotDelivered as error:
        return Outcome(False, str(error), _since(started), _email_retry_at(claim.message, begun))
    except (ValueError, TypeError, KeyError) as error:
        # A malformed address or payload will not get better.
        return Outcome(False, f"{type(error).__name__}: {error}", _since(started))
    return Outcome(True, detail, _since(started))


def _try_webhook(claim: Claim, endpoint: WebhookEndpoint, clock: Clock) -> Outcome:
    started = time.monotonic()
    try:
        if endpoint.is_chat:
            detail = send_chat(claim.messages, endpoint, now=clock())
        else:
            detail = send_webhook(claim.message, endpoint, now=clock())
    except NotDelivered as error:
        return _webhook_failure(claim.message, endpoint, error, _since(started), clock())
    except (ValueError, TypeError, KeyError) as error:
        # As above. Without an outcome it would come back for ever and stop a sender each time.
        return Outcome(False, f"{type(error).__name__}: {error}", _since(started))
    note_success(endpoint=endpoint, now=clock())
    return Outcome(True, detail, _since(started))


def _webhook_failure(
    message: Message, endpoint: WebhookEndpoint, error: NotDelivered, duration_ms: int, now: datetime
) -> Outcome:
    wait, asked = webhook_wait(message.attempts), timedelta(0)
    if isinstance(error, Rejected):
        asked = error.retry_after
        if error.is_gone:
            disable_endpoint(endpoint=endpoint, reason=str(error), now=now)
            return Outcome(False, str(error), duration_ms)
    is_about_message = isinstance(error, Rejected) and error.is_about_message
    if not is_about_message and not note_failure(endpoint=endpoint, at_least=asked, reason=str(error), now=now):
        # What waits for an endpoint that is off was given up; back in the queue, this one would wait there for ever.
        wait = None
    return Outcome(False, str(error), duration_ms, None if wait is None else now + max(wait, asked))


def _email_retry_at(message: Message, now: datetime) -> datetime | None:
    wait = email_wait(message.attempts, now - message.created_at)
    return None if wait is None else now + wait


def _hold_back_emails(until: datetime | None, failed: Message) -> None:
    """With the mail server away each e-mail would wait for it in turn; one of them asks for all."""
    if until is not None:
        others = Message.objects.filter(channel=Channel.EMAIL, state=MessageState.DUE).exclude(pk=failed.pk)
        others.update(next_attempt_at=Greatest(F("next_attempt_at"), until))


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
