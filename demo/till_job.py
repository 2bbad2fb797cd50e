"""The job that keeps the demo's tills ringing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from demo.services.till_ringing import ring_tills
from jobs.domain.slots import every
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, one_shard

EVERY = timedelta(minutes=5)


def ring(context: ShardContext) -> Mapping[str, Any]:
    rung = ring_tills(now=context.now)
    return {"sales": rung.sales, "refused": rung.refused}


TILLS = Job(
    name="demo_tills",
    title=_("Demo: the tills ring"),
    steps=(Step("ring", one_shard, ring),),
    due_slots=every(EVERY),
    expected_every=timedelta(minutes=30),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(days=2),
)
