"""Runs of jobs as the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from accounts.text import format_quantity
from jobs.models import JobRun, JobShard, JobState
from jobs.registry import all_jobs, figure_words, step_titles

ERROR_SHOWN = 4000


@dataclass(frozen=True)
class StepRow:
    """One step of a run: how many of its shards are done, failed, or still to do."""

    index: int
    name: str
    shards: int
    done: int
    failed: int

    @property
    def is_done(self) -> bool:
        return self.shards > 0 and self.done == self.shards


def list_runs(*, job: str = "", state: str = "") -> QuerySet[JobRun]:
    """Runs with `shard_count`, `done_count` and `took`, the newest first."""
    runs = JobRun.objects.all()
    if job:
        runs = runs.filter(job=job)
    if state in JobState.values:
        runs = runs.filter(state=state)
    return runs.annotate(
        shard_count=Count("shards"),
        done_count=Count("shards", filter=Q(shards__state=JobState.DONE)),
        took=F("finished_at") - F("started_at"),
    ).order_by("-created_at", "-pk")


def run_steps(run: JobRun) -> list[StepRow]:
    """The steps that the run has begun, in their order; one query."""
    rows = (
        run.shards.values("step_index", "step")
        .annotate(
            shards=Count("pk"),
            done=Count("pk", filter=Q(state=JobState.DONE)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
        )
        .order_by("step_index")
    )
    return [
        StepRow(row["step_index"], step_title(row["step"]), row["shards"], row["done"], row["failed"]) for row in rows
    ]


def run_shards(run: JobRun) -> QuerySet[JobShard]:
    """Shards, what runs or failed first; errors are cut to what a person can read."""
    # Backwards in the alphabet the states are running, failed, due, done: just the order wanted.
    return (
        run.shards.annotate(error_shown=Left("error", ERROR_SHOWN), took=F("finished_at") - F("started_at"))
        .defer("error")
        .order_by(F("state").desc(), "step_index", "number")
    )


def step_title(name: str) -> str:
    """What people call a step; its name when nobody said, as of a job that is no more."""
    return str(step_titles().get(name, name))


def figures_of(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures of a result that people have a word for, each as they read it; of a list, how many it holds."""
    words = figure_words()
    return [(str(words[name]), _as_read(value)) for name, value in result.items() if name in words]


def _as_read(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        value = len(value)
    return format_quantity(value) if isinstance(value, int | float) else str(value)


def job_titles() -> dict[str, str]:
    """What people call each job of the schedule."""
    return {job.name: str(job.title) for job in all_jobs()}
