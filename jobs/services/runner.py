"""Does the work of shards: one at a worker's call, or a whole run in this process."""

import logging
import time
import traceback
from datetime import timedelta

from django.db import close_old_connections, connection

from jobs.errors import LeaseLost
from jobs.models import JobRun, JobShard, JobState
from jobs.registry import Job, Slot, Step, find_job
from jobs.services.heartbeat import kept_alive
from jobs.services.runs import FINISHED, advance_run, get_or_create_run, nudge_shards, retry_run
from jobs.services.shards import Clock, LeasedShard, claim_shard, fail_shard, release_expired

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
# How long one message keeps a worker on the shards of one run before other messages get their turn.
TURN = timedelta(seconds=10)


def run_shard(*, shard_id: int, clock: Clock) -> int:
    """Does this shard if it is still due, then others of its run for a short turn; returns how many were done."""
    started, done = clock(), 0
    leased = claim_shard(clock=clock, shard_id=shard_id)
    while leased is not None:
        run = leased.run
        work_on(leased)
        done += 1
        if clock() - started > TURN:
            nudge_shards(run, list(JobShard.objects.filter(run=run, state=JobState.DUE, due_at__lte=clock())[:1]))
            break
        leased = claim_shard(clock=clock, run_id=run.pk)
    return done


def run_inline(*, job: Job, slot: Slot, clock: Clock) -> JobRun:
    """Works on the run of the slot in this process until it is finished, together with whoever else works on it.

    A run that is done is returned as it is; one that failed is taken up again.
    """
    run = get_or_create_run(job=job, slot=slot, now=clock())
    if run.state == JobState.FAILED:
        retry_run(run_id=run.pk, now=clock())
    advance_run(run_id=run.pk, now=clock())
    while True:
        while (leased := claim_shard(clock=clock, run_id=run.pk)) is not None:
            work_on(leased)
        run.refresh_from_db()
        if run.state in FINISHED:
            return run
        # Others hold the rest, or it waits for its next try.
        time.sleep(POLL_SECONDS)
        release_expired(now=clock(), run_id=run.pk)
        advance_run(run_id=run.pk, now=clock())


def work_on(leased: LeasedShard) -> None:
    """Does the work of a leased shard and moves its run on. Errors are kept with the shard, never raised."""
    try:
        with kept_alive(leased):
            result = _step_of(leased).work(leased)
        if not leased.is_finished:
            with leased.finish() as kept:
                kept.update(result or {})
    except LeaseLost:
        logger.warning("Shard %s was taken over by another worker", leased.shard)
        return
    except Exception as error:  # Work belongs to other apps; whatever it raises is kept, shown and tried again.
        logger.exception("Shard %s failed at try %s", leased.shard, leased.shard.attempts)
        _give_back(leased, error)
    advance_run(run_id=leased.run.pk, now=leased.clock())


def _step_of(leased: LeasedShard) -> Step:
    job = find_job(leased.run.job)
    return job.steps[job.place_of(leased.shard.step)]


def _give_back(leased: LeasedShard, error: Exception) -> None:
    # The failure may have been the connection itself.
    if not connection.in_atomic_block:
        close_old_connections()
    fail_shard(
        shard_id=leased.shard.pk,
        token=leased.token,
        attempts=leased.shard.attempts,
        error="".join(traceback.format_exception(error)),
        now=leased.clock(),
    )
