"""Runs of jobs: created once for each slot, moved from step to step, ended.

Which step is next is decided by counting shards in PostgreSQL with the run locked, so whoever finishes the last shard
moves the run on, and doing it twice changes nothing.
"""

import logging
import traceback
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from jobs.domain.backoff import MAX_ATTEMPTS
from jobs.errors import UnknownJob
from jobs.models import JobRun, JobShard, JobState
from jobs.nudge import nudge_after_commit
from jobs.registry import Job, Slot, all_jobs, find_job

logger = logging.getLogger(__name__)

RUN_SHARD_TASK = "jobs.run_shard"
# More messages than workers are of no use: each goes on with other due shards of its run.
MAX_NUDGES = 32
FINISHED = (JobState.DONE, JobState.FAILED)
# Any constant will do; it only has to differ from other advisory locks of this database.
_SCHEDULER_LOCK = 0x59485F4A


def create_due_runs(*, now: datetime) -> list[JobRun]:
    """Makes a run for each slot that is due and has none.

    While a job's last run in a time zone is unfinished, no other begins there.
    """
    with transaction.atomic():
        _lock_scheduler()
        unfinished = set(JobRun.objects.exclude(state__in=FINISHED).values_list("job", "time_zone"))
        wanted = [
            (job, slot)
            for job in all_jobs()
            for slot in _due_slots(job, now)
            if (job.name, slot.time_zone) not in unfinished
        ]
        missing = _without_existing(wanted)
        return JobRun.objects.bulk_create([_new_run(job, slot, now) for job, slot in missing])


def get_or_create_run(*, job: Job, slot: Slot, now: datetime) -> JobRun:
    """The run of this slot, made when there is none."""
    with transaction.atomic():
        _lock_scheduler()
        for missing_job, missing_slot in _without_existing([(job, slot)]):
            _new_run(missing_job, missing_slot, now).save(force_insert=True)
    return JobRun.objects.get(job=job.name, slot=slot.key)


def begin_now(*, job: Job, slot: Slot, now: datetime) -> JobRun | None:
    """Begins the run of this slot without waiting for a tick; None while another run of the job is unfinished."""
    with transaction.atomic():
        _lock_scheduler()
        if JobRun.objects.exclude(state__in=FINISHED).filter(job=job.name, time_zone=slot.time_zone).exists():
            return None
        found = [_new_run(missing_job, missing, now) for missing_job, missing in _without_existing([(job, slot)])]
        JobRun.objects.bulk_create(found)
    for run in found:
        advance_run(run_id=run.pk, now=now)
    return found[0] if found else None


def advance_run(*, run_id: int, now: datetime) -> None:
    """Begins the next step when all shards of the current one are finished; ends the run after the last step.

    An error in cutting a step into shards is kept in the run and tried again by the sweeper, a few times.
    """
    try:
        with transaction.atomic():
            run = JobRun.objects.select_for_update().get(pk=run_id)
            if run.state not in FINISHED:
                _move_on(run, now)
    except Exception as error:  # The steps belong to other apps; whatever they raise must not stop the other runs.
        logger.exception("Run %s could not move on", run_id)
        _note_failed_advance(run_id, "".join(traceback.format_exception_only(error)), now)


def retry_run(*, run_id: int, now: datetime) -> None:
    """Takes up a failed run where it failed; what is done stays done. Raises `IllegalStateChange` for any other run."""
    with transaction.atomic():
        run = JobRun.objects.select_for_update().get(pk=run_id)
        if run.state != JobState.FAILED:
            raise IllegalStateChange(_("Only a failed run can be tried again."))
        failed = JobShard.objects.filter(run=run, state=JobState.FAILED)
        first = failed.order_by("step_index").values_list("step_index", flat=True).first()
        failed.update(state=JobState.DUE, attempts=0, due_at=now, finished_at=None, nudged_at=now)
        run.step_index = run.step_index if first is None else first
        run.state = JobState.DUE if run.started_at is None else JobState.RUNNING
        run.attempts, run.error, run.finished_at = 0, "", None
        run.save(update_fields=["step_index", "state", "attempts", "error", "finished_at"])
        nudge_shards(run, list(JobShard.objects.filter(run=run, state=JobState.DUE)[:MAX_NUDGES]))


def nudge_shards(run: JobRun, shards: Sequence[JobShard]) -> None:
    if shards:
        nudge_after_commit(RUN_SHARD_TASK, [shard.pk for shard in shards[:MAX_NUDGES]], queue=find_job(run.job).queue)


def _lock_scheduler() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SCHEDULER_LOCK])


def _due_slots(job: Job, now: datetime) -> list[Slot]:
    try:
        with transaction.atomic():
            return job.due_slots(now)
    except Exception:  # One job that cannot say what is due must not stop the others; its health shows it late.
        logger.exception("Job %s could not say what is due", job.name)
        return []


def _without_existing(wanted: Sequence[tuple[Job, Slot]]) -> list[tuple[Job, Slot]]:
    names, keys = {job.name for job, _slot in wanted}, {slot.key for _job, slot in wanted}
    existing = set(JobRun.objects.filter(job__in=names, slot__in=keys).values_list("job", "slot"))
    return [(job, slot) for job, slot in wanted if (job.name, slot.key) not in existing]


def _new_run(job: Job, slot: Slot, now: datetime) -> JobRun:
    return JobRun(
        job=job.name,
        slot=slot.key,
        business_date=slot.business_date,
        time_zone=slot.time_zone,
        parameters=dict(slot.parameters),
        created_at=now,
    )


def _move_on(run: JobRun, now: datetime) -> None:
    job = _job_of(run)
    if job is None:
        _end(run, JobState.FAILED, _("The schedule no longer has this job."), now)
        return
    if run.state == JobState.DUE:
        run.state, run.started_at = JobState.RUNNING, now
        if _open_step(run, job, now):
            return
    while not _has_open_shards(run):
        error = _error_of_step(run)
        place = _place_of(run, job)
        if error and not job.steps[place].may_fail:
            _end(run, JobState.FAILED, error, now)
            return
        if place + 1 >= len(job.steps):
            _end_after_last_step(run, now)
            return
        run.step_index += 1
        if _open_step(run, job, now):
            return


def _job_of(run: JobRun) -> Job | None:
    try:
        return find_job(run.job)
    except UnknownJob:
        return None


def _place_of(run: JobRun, job: Job) -> int:
    """Where the run's current step stands in the schedule, told by the name of the last one that had shards: another
    version may have begun the run, with fewer steps or more.
    """
    begun = JobShard.objects.filter(run=run, step_index__lte=run.step_index).order_by("-step_index")
    last = begun.values_list("step", "step_index").first()
    return run.step_index if last is None else job.place_of(last[0]) + run.step_index - last[1]


def _open_step(run: JobRun, job: Job, now: datetime) -> bool:
    """Creates the shards of the run's current step; False when it has nothing to do."""
    step = job.steps[_place_of(run, job)]
    if JobShard.objects.filter(run=run, step_index=run.step_index).exists():
        run.save(update_fields=["state", "started_at", "step_index"])
        return _has_open_shards(run)
    shards = JobShard.objects.bulk_create(
        [
            JobShard(
                run=run,
                step_index=run.step_index,
                step=step.name,
                number=number,
                arguments=arguments,
                due_at=now,
                nudged_at=now if number < MAX_NUDGES else None,
            )
            for number, arguments in enumerate(step.shards(run, now))
        ],
        batch_size=1000,
    )
    run.save(update_fields=["state", "started_at", "step_index"])
    nudge_shards(run, shards)
    return bool(shards)


def _has_open_shards(run: JobRun) -> bool:
    step = JobShard.objects.filter(run=run, step_index=run.step_index)
    return step.exclude(state__in=FINISHED).exists()


def _error_of_step(run: JobRun) -> str:
    failed = JobShard.objects.filter(run=run, step_index=run.step_index, state=JobState.FAILED).order_by("number")
    first = failed.first()
    return "" if first is None else f"{first.step} #{first.number}: {first.error}"


def _end_after_last_step(run: JobRun, now: datetime) -> None:
    failed = JobShard.objects.filter(run=run, state=JobState.FAILED).order_by("step_index", "number").first()
    if failed is None:
        _end(run, JobState.DONE, "", now)
    else:
        _end(run, JobState.FAILED, f"{failed.step} #{failed.number}: {failed.error}", now)


def _end(run: JobRun, state: JobState, error: str, now: datetime) -> None:
    run.state, run.error, run.finished_at = state, error, now
    run.result = _results_of(run)
    run.save(update_fields=["state", "step_index", "started_at", "error", "finished_at", "result"])


def _results_of(run: JobRun) -> dict[str, Any]:
    """Per step: how many shards were done, and the sum of each number that they reported."""
    results: dict[str, dict[str, Any]] = {}
    done = JobShard.objects.filter(run=run, state=JobState.DONE).order_by("step_index", "number")
    for step, result in done.values_list("step", "result"):
        sums = results.setdefault(step, {"shards": 0})
        sums["shards"] += 1
        for name, value in result.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                sums[name] = sums.get(name, 0) + value
    return results


def _note_failed_advance(run_id: int, error: str, now: datetime) -> None:
    with transaction.atomic():
        run = JobRun.objects.select_for_update().filter(pk=run_id).exclude(state__in=FINISHED).first()
        if run is None:
            return
        JobRun.objects.filter(pk=run_id).update(attempts=F("attempts") + 1, error=error[-4000:])
        if run.attempts + 1 >= MAX_ATTEMPTS:
            JobRun.objects.filter(pk=run_id).update(state=JobState.FAILED, finished_at=now)
