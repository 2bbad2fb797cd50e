"""The jobs of the outbox: sending what is due, and forgetting what is old."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.domain.slots import each_night
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, each_tick, one_shard
from outbox.services.cleanup import forget_old_messages
from outbox.services.deliver import deliver_due
from outbox.services.stranded import give_up_stranded


def _deliver(context: ShardContext) -> dict[str, Any]:
    give_up_stranded(now=context.now)
    return {"tries": deliver_due(clock=timezone.now)}


def _forget(context: ShardContext) -> dict[str, Any]:
    return {"messages": forget_old_messages(now=context.now)}


DELIVER = Job(
    name="deliver",
    title=_("Send e-mails and webhooks"),
    steps=(Step("deliver", one_shard, _deliver),),
    due_slots=each_tick,
    expected_every=timedelta(minutes=10),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(hours=1),
)

FORGET = Job(
    name="forget_messages",
    title=_("Forget old messages"),
    steps=(Step("forget", one_shard, _forget),),
    due_slots=each_night(3),
    expected_every=timedelta(hours=50),
)
