"""Webhook endpoints and their deliveries as the pages show them."""

from datetime import datetime, timedelta

from django.db.models import CharField, Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from outbox.domain.events import TEST_EVENT
from outbox.models import Channel, DeliveryAttempt, Message, MessageState, WebhookEndpoint

TEST_IS_AWAITED = timedelta(minutes=1)


def list_endpoints() -> QuerySet[WebhookEndpoint]:
    """Endpoints with `sent`, `failed`, `waiting` (counts of messages) and `last_sent_at`."""
    messages = (
        Message.objects.filter(channel=Channel.WEBHOOK, target=Cast(OuterRef("pk"), CharField()))
        .order_by()
        .values("target")
    )
    return WebhookEndpoint.objects.annotate(
        sent=Coalesce(Subquery(messages.annotate(n=_count(MessageState.SENT)).values("n")), 0),
        failed=Coalesce(Subquery(messages.annotate(n=_count(MessageState.FAILED)).values("n")), 0),
        waiting=Coalesce(Subquery(messages.annotate(n=_count(MessageState.DUE, MessageState.SENDING)).values("n")), 0),
        last_sent_at=Subquery(messages.annotate(last=Max("sent_at")).values("last")),
    ).order_by("pk")


def _count(*states: str) -> Count:
    return Count("pk", filter=Q(state__in=states))


def is_test_under_way(endpoint: WebhookEndpoint, *, now: datetime) -> bool:
    """Whether somebody waits for the answer to a test. After a minute they look for themselves."""
    untried = Message.objects.filter(channel=Channel.WEBHOOK, target=str(endpoint.pk), event_type=TEST_EVENT)
    unsettled = Q(state=MessageState.DUE, attempts=0) | Q(state=MessageState.SENDING)
    return untried.filter(unsettled, created_at__gt=now - TEST_IS_AWAITED).exists()


def deliveries_of(endpoint: WebhookEndpoint) -> QuerySet[Message]:
    """Messages to an endpoint with their tries, the newest first."""
    tries = DeliveryAttempt.objects.order_by("-at", "-pk")
    return (
        Message.objects.filter(channel=Channel.WEBHOOK, target=str(endpoint.pk))
        .prefetch_related(Prefetch("tries", tries))
        .order_by("-created_at", "-pk")
    )
