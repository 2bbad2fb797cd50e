"""The job that keeps alerts up to date between two nights: each tick it looks where something changed."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alerts.selectors.changes import changes_since_last_look
from alerts.services.digests import send_digests
from alerts.services.evaluate import evaluate_jobs, evaluate_location
from jobs.domain.slots import Slot, clock_slot
from jobs.models import JobRun, JobShard
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, one_shard

NAME = "watch"
LOOK = "look"


def _due(now: datetime) -> list[Slot]:
    return [clock_slot(now, timedelta(seconds=settings.JOB_TICK_SECONDS))]


def _look(context: ShardContext) -> dict[str, Any]:
    return changes_since_last_look(job=NAME, step=LOOK, now=context.now).as_result()


def _changed_places(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = JobShard.objects.get(run=run, step=LOOK).result["places"]
    return places


def _evaluate(context: ShardContext) -> dict[str, Any]:
    counts = evaluate_location(
        location_id=context.arguments["location_id"], sku_ids=context.arguments["sku_ids"], now=context.now
    )
    return {"opened": counts.opened, "closed": counts.closed}


def _tell(context: ShardContext) -> dict[str, Any]:
    evaluate_jobs(now=context.now)
    return {"digests": send_digests(now=context.now)}


WATCH = Job(
    name=NAME,
    title=_("Watch: alerts of what changed"),
    steps=(
        Step(LOOK, one_shard, _look),
        Step("evaluate", _changed_places, _evaluate, may_fail=True),
        Step("tell", one_shard, _tell),
    ),
    due_slots=_due,
    expected_every=timedelta(minutes=10),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(hours=1),
)
