"""Messages that nobody will ever claim: their endpoint was switched off by its failures, or is gone; and those that
have waited for one that a person switched off as long as any message is tried.

The first two give up what waits at that moment. What a sender held just then is not waiting; where that sender died, or
put the message back, it would say "being sent" or "waiting" for ever.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from outbox.domain.retry import ENDPOINT_IS_DISABLED_AFTER
from outbox.models import Channel, Message, MessageState, WebhookEndpoint


def give_up_stranded(*, now: datetime) -> int:
    """Returns how many were given up. What a live sender holds, its lease not over, is left to it."""
    with transaction.atomic():
        targets = set(_stranded(now).values_list("target", flat=True))
        if not targets:
            return 0
        # Who claims a message or switches an endpoint on holds its row: whatever is off under our lock stays off, and
        # an endpoint that is gone never comes back.
        there = WebhookEndpoint.objects.select_for_update().filter(pk__in=targets).order_by("pk")
        endpoints = {str(endpoint.pk): endpoint for endpoint in there}
        failed = {target for target, endpoint in endpoints.items() if endpoint.disabled_at is not None}
        by_hand = {target for target, endpoint in endpoints.items() if not endpoint.is_active} - failed
        given_up = _give_up(_unheld(now).filter(target__in=failed), _("The endpoint was switched off."))
        given_up += _give_up(
            _unheld(now).filter(_is_outdated(now), target__in=by_hand), _("The endpoint was switched off.")
        )
        gone = _unheld(now).filter(target__in=targets - endpoints.keys())
        return given_up + _give_up(gone, _("The endpoint was deleted."))


def _stranded(now: datetime) -> QuerySet[Message]:
    same = WebhookEndpoint.objects.annotate(target=Cast("pk", TextField())).filter(
        target=OuterRef("target"), disabled_at=None
    )
    is_dead, is_off = ~Exists(same), Exists(same.filter(is_active=False))
    return _unheld(now).filter(is_dead | (is_off & _is_outdated(now)))


def _unheld(now: datetime) -> QuerySet[Message]:
    unheld = Q(state=MessageState.DUE) | Q(state=MessageState.SENDING, leased_until__lt=now)
    return Message.objects.filter(unheld, channel=Channel.WEBHOOK)


def _is_outdated(now: datetime) -> Q:
    """Older than the last try that any message gets."""
    return Q(created_at__lt=now - ENDPOINT_IS_DISABLED_AFTER)


def _give_up(waiting: QuerySet[Message], reason: str) -> int:
    return waiting.update(state=MessageState.FAILED, last_error=reason, lease_token=None, leased_until=None)
