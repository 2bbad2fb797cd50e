"""Takes messages from the outbox, one lease for each row, and writes down what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from outbox.domain.events import TEST_EVENT
from outbox.domain.retry import storable
from outbox.models import Channel, DeliveryAttempt, Message, MessageState, WebhookEndpoint

# Longer than a send can take (15 s over all for a webhook; several waits of 15 s in a conversation with a mail server).
LEASE = timedelta(seconds=120)
DETAIL_LIMIT = 500
CLAIM_TRIES = 5
# So many messages to one chat are folded into one at most; a night's ten thousand are two.
FOLDED_MOST = 5_000


@dataclass(frozen=True)
class Claim:
    """A message in the hands of one sender. `endpoint` is there for a webhook, `others` for a chat: they are told in
    the same breath and share its fate."""

    message: Message
    token: UUID
    endpoint: WebhookEndpoint | None = None
    others: tuple[Message, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        return (self.message, *self.others)


@dataclass(frozen=True)
class Outcome:
    """What became of one try. `retry_at` None after a failure: given up."""

    is_success: bool
    detail: str
    duration_ms: int
    retry_at: datetime | None = None


def claimable(now: datetime) -> Q:
    """Due, or held by a sender that vanished."""
    return Q(state=MessageState.DUE, next_attempt_at__lte=now) | Q(state=MessageState.SENDING, leased_until__lt=now)


def _emails(now: datetime) -> QuerySet[Message]:
    """Those to be sent now: none before the one that it takes back or changes, which may be under way at this moment or
    wait for another try. Where the address has changed since, the new one does not wait for the old."""
    unsettled = [MessageState.DUE, MessageState.SENDING]
    before = Message.objects.filter(
        channel=Channel.EMAIL, state__in=unsettled, event_id=OuterRef("after_event_id"), target=OuterRef("target")
    )
    return Message.objects.filter(claimable(now), ~Exists(before), channel=Channel.EMAIL)


def claim_email(*, now: datetime) -> Claim | None:
    with transaction.atomic():
        message = _first(_emails(now))
        return None if message is None else Claim(message, _lease(message, now))


def claim_webhook(*, now: datetime) -> Claim | None:
    """The next message of the endpoint that has waited longest, of those that nothing is being sent to.

    The endpoint's row is locked first and the message is looked for in a second statement, so that two senders never
    have two messages to one endpoint under way.
    """
    for _try in range(CLAIM_TRIES):
        with transaction.atomic():
            endpoint = _free_endpoints(now).select_for_update(skip_locked=True, of=("self",)).first()
            if endpoint is None:
                return None
            # Between the two statements another sender may have been faster; then the next round sees it.
            if not _in_flight(now).filter(target=str(endpoint.pk)).exists():
                to_it = Message.objects.filter(claimable(now), channel=Channel.WEBHOOK, target=str(endpoint.pk))
                # Somebody waits for the answer to a test, and may have mended what the others failed by.
                message = _first(to_it.filter(event_type=TEST_EVENT)) or _first(to_it)
                if message is not None:
                    others = _told_with(message, to_it) if endpoint.is_chat else ()
                    return Claim(message, _lease(message, now, others), endpoint, others)
    return None


def has_claimable(*, now: datetime) -> bool:
    return _emails(now).exists() or _free_endpoints(now).exists()


def settle(*, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    """Writes down the outcome; False when the lease was lost, and then only the log row is written."""
    state = MessageState.SENT if outcome.is_success else MessageState.FAILED
    detail = storable(outcome.detail)
    with transaction.atomic():
        DeliveryAttempt.objects.bulk_create(
            DeliveryAttempt(
                message=message,
                at=now,
                duration_ms=outcome.duration_ms,
                is_success=outcome.is_success,
                detail=detail[:DETAIL_LIMIT],
            )
            for message in claim.messages
        )
        numbers = [message.pk for message in claim.messages]
        mine = Message.objects.filter(pk__in=numbers, state=MessageState.SENDING, lease_token=claim.token)
        changed = mine.update(
            state=MessageState.DUE if outcome.retry_at is not None else state,
            next_attempt_at=outcome.retry_at or now,
            sent_at=now if outcome.is_success else None,
            last_error="" if outcome.is_success else detail,
            lease_token=None,
            leased_until=None,
        )
    return changed == len(numbers)


def _first(messages: QuerySet[Message]) -> Message | None:
    return messages.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True).first()


def _told_with(first: Message, waiting: QuerySet[Message]) -> tuple[Message, ...]:
    """What waits for the same chat and was tried as often, so that one outcome holds for all. A test goes alone, for
    who asked for it wants its answer."""
    if first.event_type == TEST_EVENT:
        return ()
    alike = waiting.filter(attempts=first.attempts).exclude(pk=first.pk).exclude(event_type=TEST_EVENT)
    return tuple(alike.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)[: FOLDED_MOST - 1])


def _lease(message: Message, now: datetime, others: Sequence[Message] = ()) -> UUID:
    token = uuid4()
    message.attempts += 1
    Message.objects.filter(pk__in=[message.pk, *(other.pk for other in others)]).update(
        state=MessageState.SENDING, attempts=message.attempts, lease_token=token, leased_until=now + LEASE
    )
    return token


def _in_flight(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(channel=Channel.WEBHOOK, state=MessageState.SENDING, leased_until__gte=now)


def _free_endpoints(now: datetime) -> QuerySet[WebhookEndpoint]:
    """Endpoints with something to send, not paused and with nothing under way, longest waiting first."""
    own_target = Cast(OuterRef("pk"), TextField())
    waiting = Message.objects.filter(claimable(now), channel=Channel.WEBHOOK, target=own_target)
    return (
        WebhookEndpoint.objects.filter(
            Q(paused_until=None) | Q(paused_until__lte=now), is_active=True, disabled_at=None
        )
        .filter(~Exists(_in_flight(now).filter(target=own_target)))
        .annotate(waiting_since=Subquery(waiting.order_by("next_attempt_at").values("next_attempt_at")[:1]))
        .filter(waiting_since__isnull=False)
        .order_by("waiting_since", "pk")
    )
