"""The job of expiry: what reached the end of its last day stops being available, with the moment told exactly."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.services.lot_holds import hold_expired_lots
from jobs.domain.slots import every
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, one_shard


def _hold(context: ShardContext) -> dict[str, Any]:
    return {"levels": hold_expired_lots(now=context.now)}


HOLD_EXPIRED = Job(
    name="hold_expired_lots",
    title=_("Hold back lots that expired"),
    steps=(Step("hold", one_shard, _hold),),
    due_slots=every(timedelta(minutes=5)),
    expected_every=timedelta(minutes=30),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(hours=6),
)
