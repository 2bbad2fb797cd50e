"""The job that keeps proposals and alerts up to date between two nights: it looks where something changed, plans
that again and evaluates its alerts.

A tick begins it every JOB_TICK_SECONDS in any case. Between two ticks `look_if_changed` begins it as soon as the marks
of the ledger have moved, so that the proposal is there within seconds of the sale.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from alerts.mails import mail_digests
from alerts.selectors.changes import changes_since_last_look, has_changed
from alerts.services.evaluate import evaluate_jobs, evaluate_location
from jobs.domain.slots import clock_slot
from jobs.models import JobRun, JobShard
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, each_tick, one_shard
from jobs.services.runs import begin_now
from orders.services.budget_shares import share_budgets
from orders.services.planning import check_reorder

NAME = "watch"
LOOK = "look"


def _look(context: ShardContext) -> dict[str, Any]:
    return changes_since_last_look(job=NAME, step=LOOK, now=context.now).as_result()


def _changed_places(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = JobShard.objects.get(run=run, step=LOOK).result["places"]
    return places


def _replan(context: ShardContext) -> dict[str, Any]:
    plan = check_reorder(
        location_id=context.arguments["location_id"], sku_ids=context.arguments["sku_ids"], now=context.now
    )
    return {} if plan is None else asdict(plan)


def _share_budgets(context: ShardContext) -> dict[str, Any]:
    """What was planned, bought, cancelled or received in the meantime leaves another part of each budget."""
    return {"changed": share_budgets(now=context.now)}


def _evaluate(context: ShardContext) -> dict[str, Any]:
    counts = evaluate_location(
        location_id=context.arguments["location_id"], sku_ids=context.arguments["sku_ids"], now=context.now
    )
    return {"opened": counts.opened, "closed": counts.closed}


def _tell(context: ShardContext) -> dict[str, Any]:
    evaluate_jobs(now=context.now)
    return {"digests": mail_digests(now=context.now)}


WATCH = Job(
    name=NAME,
    title=_("Watch: proposals and alerts of what changed"),
    steps=(
        Step(LOOK, one_shard, _look),
        Step("replan", _changed_places, _replan, may_fail=True),
        Step("budgets", one_shard, _share_budgets, may_fail=True),
        Step("evaluate", _changed_places, _evaluate, may_fail=True),
        Step("tell", one_shard, _tell),
    ),
    due_slots=each_tick,
    expected_every=timedelta(minutes=10),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(hours=1),
)


def look_if_changed(*, now: datetime) -> JobRun | None:
    """Begins a look at once when something changed since the last one; None when nothing did, or a look is at work."""
    if not has_changed(job=NAME, step=LOOK):
        return None
    return begin_now(job=WATCH, slot=clock_slot(now, timedelta(seconds=1)), now=now)
