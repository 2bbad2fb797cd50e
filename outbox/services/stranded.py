"""Messages that nobody will ever claim: their endpoint was switched off by its failures, or is gone.

Both give up what waits at that moment. What a sender held just then is not waiting; where that sender died, or put the
message back, it would say "being sent" or "waiting" for ever.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

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
        off_since = {str(pk): disabled_at for pk, disabled_at in there.values_list("pk", "disabled_at")}
        off = {target for target, moment in off_since.items() if moment is not None}
        given_up = _give_up(off, _("The endpoint was switched off."), now)
        return given_up + _give_up(targets - off_since.keys(), _("The endpoint was deleted."), now)


def _stranded(now: datetime) -> QuerySet[Message]:
    live = WebhookEndpoint.objects.annotate(target=Cast("pk", TextField())).filter(disabled_at=None)
    return _unheld(now).filter(~Exists(live.filter(target=OuterRef("target"))))


def _unheld(now: datetime) -> QuerySet[Message]:
    unheld = Q(state=MessageState.DUE) | Q(state=MessageState.SENDING, leased_until__lt=now)
    return Message.objects.filter(unheld, channel=Channel.WEBHOOK)


def _give_up(targets: set[str], reason: str, now: datetime) -> int:
    return (
        _unheld(now)
        .filter(target__in=targets)
        .update(state=MessageState.FAILED, last_error=reason, lease_token=None, leased_until=None)
    )
