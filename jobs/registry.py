"""What a job is: steps of shards, and when it is due.

Jobs are declared in the module named by the setting JOB_SCHEDULE: this app may not import the apps that do the work.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jobs.domain.slots import DueSlots, Slot, clock_slot
from jobs.errors import UnknownJob
from jobs.models import JobRun
from jobs.nudge import HEAVY_QUEUE

__all__ = ["ON_DEMAND", "Job", "ShardContext", "Slot", "Step", "all_jobs", "each_tick", "find_job", "one_shard"]


class ShardContext(Protocol):
    """What the work of a shard is given. The runner implements it (`jobs.services.shards.LeasedShard`)."""

    @property
    def run(self) -> JobRun: ...

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What `shards` returned for this shard."""

    @property
    def now(self) -> datetime:
        """The moment at which the work began."""

    def finish(self) -> AbstractContextManager[dict[str, Any]]:
        """A transaction in which the shard is done: what is written inside is kept together with "done", or not at all.

        Yields the result, a dict that may be filled. Raises `LeaseLost` when another worker has taken the shard over.
        """


ON_DEMAND = timedelta(days=36_500)

Work = Callable[[ShardContext], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Step:
    """One stage of a job; the next begins when all its shards are done.

    `shards` reads what there is to do and returns the arguments of each shard (JSON values); an empty list skips the
    step. It runs in a transaction that holds the run, so it reads and counts but does no work.

    `work` does one shard. Compute first, then write inside `with context.finish() as result:`. Work that never calls
    `finish` (one call of a service that may be repeated harmlessly) returns its result, and the runner marks it done.

    `may_fail`: the next steps begin although some shards failed; the run ends as failed all the same.
    """

    name: str
    shards: Callable[[JobRun, datetime], list[dict[str, Any]]]
    work: Work
    may_fail: bool = False


@dataclass(frozen=True)
class Job:
    """Work that comes due again and again.

    `due_slots` names what is due at a moment (`jobs.domain.slots`); asked at every tick, so it must be cheap.
    `expected_every`: the job is late when its last success is older; `ON_DEMAND` for one that runs when somebody asks.
    `time_zones`: where it runs by the clock of places, those it runs in today; one that is gone is not waited for.
    `keep_runs`: done runs older than this are deleted, so that a job of every few seconds leaves no mountain.
    """

    name: str
    title: str | Promise
    steps: tuple[Step, ...]
    due_slots: DueSlots
    expected_every: timedelta
    queue: str = HEAVY_QUEUE
    time_zones: Callable[[], Collection[str]] | None = None
    keep_runs: timedelta = timedelta(days=400)

    def place_of(self, step: str) -> int:
        """Where the step stands. By name, since steps may have come or gone while a run of an older version was under
        way. Raises `UnknownJob`.
        """
        for place, known in enumerate(self.steps):
            if known.name == step:
                return place
        raise UnknownJob(_("The job %(job)s no longer has the step %(step)s.") % {"job": self.name, "step": step})


def all_jobs() -> tuple[Job, ...]:
    jobs: tuple[Job, ...] = import_module(settings.JOB_SCHEDULE).JOBS
    return jobs


def step_titles() -> Mapping[str, str | Promise]:
    """What people call the steps, by name; the schedule need not say."""
    return getattr(import_module(settings.JOB_SCHEDULE), "STEP_TITLES", {})


def figure_words() -> Mapping[str, str | Promise]:
    """What people call the figures of a result, by name; one without a word is for programs only."""
    return getattr(import_module(settings.JOB_SCHEDULE), "FIGURES", {})


def find_job(name: str) -> Job:
    for job in all_jobs():
        if job.name == name:
            return job
    known = ", ".join(job.name for job in all_jobs())
    raise UnknownJob(_("There is no job %(name)s. Jobs: %(known)s.") % {"name": name, "known": known})


def each_tick(now: datetime) -> list[Slot]:
    """`due_slots` of a job that has something to do at every tick."""
    return [clock_slot(now, timedelta(seconds=settings.JOB_TICK_SECONDS))]


def one_shard(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    """`shards` of a step that is not cut up."""
    return [{}]
