"""The jobs of the orders: one counts as sent once its e-mail was handed over, or somebody hears that it was given up;
what nobody decides expires."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from jobs.domain.slots import every
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, one_shard
from orders.services.expiry import expire_emergencies, expire_orders, expire_proposals
from orders.services.purchase_orders import mark_sent_orders
from orders.services.undelivered import tell_undelivered


def _mark_sent(context: ShardContext) -> dict[str, Any]:
    return {"orders": mark_sent_orders(now=context.now), "undelivered": tell_undelivered(now=context.now)}


MARK_SENT = Job(
    name="mark_sent_orders",
    title=_("Note which orders were sent"),
    steps=(Step("mark", one_shard, _mark_sent),),
    due_slots=every(timedelta(minutes=1)),
    expected_every=timedelta(minutes=15),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(hours=1),
)


def _expire(context: ShardContext) -> dict[str, Any]:
    return {
        "proposals": expire_proposals(now=context.now),
        "emergencies": expire_emergencies(now=context.now),
        "orders": expire_orders(now=context.now),
    }


EXPIRE_UNDECIDED = Job(
    name="expire_undecided",
    title=_("Take back what nobody decided"),
    steps=(Step("expire", one_shard, _expire),),
    due_slots=every(timedelta(hours=1)),
    expected_every=timedelta(hours=6),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(days=2),
)
