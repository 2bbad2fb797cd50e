"""Whether each job does what it should, as anybody may ask at any time: the web tier too, when no worker runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min, Q

from jobs.models import JobRun, JobState
from jobs.registry import ON_DEMAND, Job, all_jobs

# A time zone that no run named for this long has no location any more.
ZONE_IS_FORGOTTEN_AFTER = timedelta(days=14)
CLOCKS_DIFFER_BY = timedelta(minutes=2)


@dataclass(frozen=True)
class JobHealth:
    """`last_success` is the oldest of the last successes over the job's time zones.

    `age` counts from it; without one, from the first run, or from the installation. `last_error` is empty unless the
    last finished run failed.
    """

    name: str
    title: str
    last_success: datetime | None
    age: timedelta
    expected_every: timedelta
    is_late: bool
    last_error: str

    @property
    def is_on_demand(self) -> bool:
        """It runs when somebody asks for it, so it is due at no time."""
        return self.expected_every == ON_DEMAND

    @property
    def age_seconds(self) -> int:
        return int(self.age.total_seconds())

    @property
    def expected_every_seconds(self) -> int:
        return int(self.expected_every.total_seconds())


def job_health(now: datetime) -> list[JobHealth]:
    """The health of every job of the schedule, in its order, with four queries however many runs there are, and one for
    each way in which jobs tell the clocks of places they run by."""
    places = _places()
    gone, installed_at = _in_gone_zones(places), _installed_at()
    zones, errors = _zones(gone, now), _last_errors(gone, now)
    # A job of places where there are none has nothing to do, so nobody waits for it.
    begun = {name: now for name, time_zones in places.items() if not time_zones}
    return [
        _health(job, zones.get(job.name, []), errors.get(job.name, ""), begun.get(job.name, installed_at), now)
        for job in all_jobs()
    ]


def _places() -> Mapping[str, Sequence[str]]:
    """The time zones of each job that runs by the clock of places."""
    asked = {job.name: job.time_zones for job in all_jobs() if job.time_zones is not None}
    told = {ask: list(ask()) for ask in set(asked.values())}
    return {name: told[ask] for name, ask in asked.items()}


def _in_gone_zones(places: Mapping[str, Sequence[str]]) -> Q:
    """Runs in time zones where their job has nothing to do any more, as the last place there moved or was closed."""
    gone = Q(pk=None)
    for name, time_zones in places.items():
        gone |= Q(job=name) & ~Q(time_zone__in=time_zones)
    return gone


def _health(
    job: Job,
    zones: Sequence[tuple[datetime, datetime | None]],
    error: str,
    installed_at: datetime | None,
    now: datetime,
) -> JobHealth:
    successes = [success for _first_run, success in zones if success is not None]
    last_success = min(successes) if len(successes) == len(zones) and zones else None
    # A zone without any success is waited for since its first run.
    since = min((success or first_run for first_run, success in zones), default=installed_at or now)
    age = now - since
    return JobHealth(job.name, str(job.title), last_success, age, job.expected_every, age > job.expected_every, error)


def _zones(gone: Q, now: datetime) -> Mapping[str, Sequence[tuple[datetime, datetime | None]]]:
    """Per job, for each time zone it runs in: its first run and its last success."""
    rows = list(
        JobRun.objects.exclude(gone)
        .values("job", "time_zone")
        .annotate(
            first_run=Min("created_at"),
            last_run=Max("created_at"),
            # What a clock that was ahead noted is no success yet.
            success=Max("finished_at", filter=Q(state=JobState.DONE, finished_at__lte=now + CLOCKS_DIFFER_BY)),
        )
    )
    newest: dict[str, datetime] = {}
    for row in rows:
        newest[row["job"]] = max(row["last_run"], newest.get(row["job"], row["last_run"]))
    zones: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for row in rows:
        # A job that stands still everywhere keeps its zones: their age is what must be seen.
        if row["last_run"] > newest[row["job"]] - ZONE_IS_FORGOTTEN_AFTER:
            zones.setdefault(row["job"], []).append((row["first_run"], row["success"]))
    return zones


def _last_errors(gone: Q, now: datetime) -> Mapping[str, str]:
    """Per job, the error of a time zone whose last finished run failed."""
    finished = JobRun.objects.filter(
        state__in=[JobState.DONE, JobState.FAILED], created_at__gt=now - ZONE_IS_FORGOTTEN_AFTER
    )
    newest = finished.exclude(gone).order_by("job", "time_zone", "-finished_at", "-pk").distinct("job", "time_zone")
    return {run.job: run.error for run in newest if run.state == JobState.FAILED}


def _installed_at() -> datetime | None:
    first: datetime | None = MigrationRecorder(connection).migration_qs.aggregate(first=Min("applied"))["first"]
    return first
