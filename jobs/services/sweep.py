"""Heals what lost workers, a lost broker and crashes between two commits left behind. Each tick calls it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from jobs.models import JobRun, JobShard, JobState
from jobs.registry import all_jobs
from jobs.services.runs import FINISHED, MAX_NUDGES, advance_run, nudge_shards
from jobs.services.shards import release_expired

# A message that was sent this many ticks ago and brought nothing is taken for lost.
TICKS_UNTIL_NUDGED_AGAIN = 3
PRUNED_AT_ONCE = 500


def sweep(*, now: datetime) -> None:
    """Frees expired leases, moves runs on that stand still, wakes workers for due shards, forgets old runs."""
    release_expired(now=now)
    for run_id in _standing_still():
        advance_run(run_id=run_id, now=now)
    for run in JobRun.objects.filter(state=JobState.RUNNING).order_by("pk"):
        _nudge_due_shards(run, now)
    _prune(now)


def _standing_still() -> list[int]:
    """Unfinished runs whose step has no open shard (not begun, or their last worker died before moving them on), and
    those whose job the schedule no longer has, for nobody can work on their shards."""
    open_shards = JobShard.objects.filter(run=OuterRef("pk"), step_index=OuterRef("step_index")).exclude(
        state__in=FINISHED
    )
    known = [job.name for job in all_jobs()]
    unfinished = JobRun.objects.filter(state__in=[JobState.DUE, JobState.RUNNING])
    stuck = unfinished.filter(~Exists(open_shards) | ~Q(job__in=known))
    return list(stuck.order_by("pk").values_list("pk", flat=True))


def _nudge_due_shards(run: JobRun, now: datetime) -> None:
    stale = now - timedelta(seconds=TICKS_UNTIL_NUDGED_AGAIN * settings.JOB_TICK_SECONDS)
    due = JobShard.objects.filter(run=run, state=JobState.DUE, due_at__lte=now)
    with transaction.atomic():
        shards = list(
            due.filter(Q(nudged_at=None) | Q(nudged_at__lt=stale))
            .order_by("pk")
            .select_for_update(skip_locked=True)[:MAX_NUDGES]
        )
        JobShard.objects.filter(pk__in=[shard.pk for shard in shards]).update(nudged_at=now)
        nudge_shards(run, shards)


def _prune(now: datetime) -> None:
    """Deletes done runs that are older than their job keeps them; the last success of each job stays for its health."""
    for job in all_jobs():
        done = JobRun.objects.filter(job=job.name, state=JobState.DONE)
        last = done.order_by("-finished_at")[:1].values("pk")
        old = done.filter(finished_at__lt=now - job.keep_runs).exclude(pk__in=last).values_list("pk", flat=True)
        ids = list(old[:PRUNED_AT_ONCE])
        if ids:
            JobRun.objects.filter(pk__in=ids).delete()
