"""A shard in the hands of one worker: taken with a lease, kept alive, and ended once.

The lease token fences: whatever a worker writes is written in a transaction that first proves its token is still the
shard's. A worker that was thought dead and comes back late finds another token and writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from jobs.domain.backoff import MAX_ATTEMPTS, wait_after
from jobs.errors import LeaseLost
from jobs.models import JobRun, JobShard, JobState

Clock = Callable[[], datetime]
ERROR_LIMIT = 4000


@dataclass
class LeasedShard:
    """A shard that this worker holds; see `jobs.registry.ShardContext`."""

    shard: JobShard
    token: UUID
    now: datetime
    clock: Clock
    is_finished: bool = False

    @property
    def run(self) -> JobRun:
        return self.shard.run

    @property
    def arguments(self) -> Mapping[str, Any]:
        arguments: Mapping[str, Any] = self.shard.arguments
        return arguments

    @contextmanager
    def finish(self) -> Iterator[dict[str, Any]]:
        result: dict[str, Any] = {}
        with transaction.atomic():
            hold_lease(shard_id=self.shard.pk, token=self.token)
            yield result
            JobShard.objects.filter(pk=self.shard.pk).update(
                state=JobState.DONE,
                result=result,
                error="",
                finished_at=self.clock(),
                lease_token=None,
                leased_until=None,
            )
        self.is_finished = True


def claim_shard(*, clock: Clock, shard_id: int | None = None, run_id: int | None = None) -> LeasedShard | None:
    """Takes one due shard (this one, or the first of the run) for the length of a lease; None when there is none."""
    now, token = clock(), uuid4()
    due = JobShard.objects.filter(state=JobState.DUE, due_at__lte=now, run__state=JobState.RUNNING)
    if shard_id is not None:
        due = due.filter(pk=shard_id)
    if run_id is not None:
        due = due.filter(run_id=run_id)
    with transaction.atomic():
        shard = due.select_related("run").select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if shard is None:
            return None
        shard.attempts += 1
        JobShard.objects.filter(pk=shard.pk).update(
            state=JobState.RUNNING,
            attempts=shard.attempts,
            lease_token=token,
            leased_until=now + lease_length(),
            started_at=now,
        )
    return LeasedShard(shard=shard, token=token, now=now, clock=clock)


def lease_length() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def hold_lease(*, shard_id: int, token: UUID) -> None:
    """Locks the shard for the running transaction, or raises `LeaseLost` when the token is not its own any more."""
    held = JobShard.objects.select_for_update().filter(pk=shard_id, lease_token=token, state=JobState.RUNNING)
    if held.first() is None:
        raise LeaseLost(f"shard {shard_id} was taken over")


def extend_lease(*, shard_id: int, token: UUID, now: datetime) -> None:
    """Moves the end of the lease on. Skips a row that is locked, because that is this worker finishing."""
    with transaction.atomic():
        mine = JobShard.objects.filter(pk=shard_id, lease_token=token, state=JobState.RUNNING)
        if mine.select_for_update(skip_locked=True).first() is not None:
            mine.update(leased_until=now + lease_length())


def fail_shard(*, shard_id: int, token: UUID, attempts: int, error: str, now: datetime) -> None:
    """Gives the shard back for a later try, or gives it up after the last; the error stays readable either way."""
    is_last = attempts >= MAX_ATTEMPTS
    JobShard.objects.filter(pk=shard_id, lease_token=token, state=JobState.RUNNING).update(
        state=JobState.FAILED if is_last else JobState.DUE,
        due_at=now + wait_after(attempts),
        nudged_at=None,
        finished_at=now if is_last else None,
        lease_token=None,
        leased_until=None,
        error=error[-ERROR_LIMIT:],
    )


def release_expired(*, now: datetime, run_id: int | None = None) -> int:
    """Makes shards due again whose worker stopped renewing its lease; gives up those that lost a worker too often."""
    with transaction.atomic():
        expired = JobShard.objects.filter(state=JobState.RUNNING, leased_until__lt=now)
        if run_id is not None:
            expired = expired.filter(run_id=run_id)
        ids = list(expired.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not ids:
            return 0
        free = {"lease_token": None, "leased_until": None, "nudged_at": None, "due_at": now}
        lost = JobShard.objects.filter(pk__in=ids)
        lost.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=JobState.FAILED, finished_at=now, error="Its worker disappeared at each try.", **free
        )
        lost.filter(attempts__lt=MAX_ATTEMPTS, state=JobState.RUNNING).update(
            state=JobState.DUE, error="Its worker disappeared; tried again.", **free
        )
    return len(ids)
