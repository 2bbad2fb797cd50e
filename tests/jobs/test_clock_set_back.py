"""A server that begins with a wrong date is put right: its jobs go on at once, and no night is done twice."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.models import JobRun, JobShard, JobState
from jobs.selectors.health import job_health
from jobs.services.clock import follow_clock
from jobs.services.runner import work_on
from jobs.services.runs import create_due_runs
from jobs.services.shards import claim_shard
from jobs.services.sweep import sweep
from tests.jobs.schedule import ZONES

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
AHEAD = NOW + timedelta(minutes=20)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedule")]


def tick(now):
    """As jobs.tasks.tick does, with this clock."""
    follow_clock(now=now)
    runs = create_due_runs(now=now)
    sweep(now=now)
    return sorted((run.job, run.slot) for run in runs)


def work(now):
    """Does everything that is due, and returns how many shards that were."""
    count = 0
    while (leased := claim_shard(clock=lambda: now)) is not None:
        work_on(leased)
        count += 1
    return count


def test_what_is_under_way_goes_on():
    assert tick(AHEAD)
    sweep(now=AHEAD)
    assert work(NOW) == 0
    tick(NOW)
    assert work(NOW) == 11
    assert set(JobRun.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_a_run_by_the_clock_is_made_again_and_a_night_is_not():
    tick(AHEAD)
    work(AHEAD)
    assert tick(NOW) == [("letters", "2026-03-02T12:00:00+00:00")]
    work(NOW)
    assert tick(NOW) == []
    assert JobRun.objects.filter(job="night").count() == len(ZONES)


def test_a_worker_that_was_lost_before_holds_its_shard_no_longer_than_ever():
    tick(AHEAD)
    claim_shard(clock=lambda: AHEAD)
    follow_clock(now=NOW)
    sweep(now=NOW + timedelta(seconds=61))
    assert not JobShard.objects.filter(state=JobState.RUNNING).exists()


def test_a_shard_that_waits_after_a_failure_goes_on_waiting():
    tick(NOW)
    JobShard.objects.update(due_at=NOW + timedelta(seconds=135))
    follow_clock(now=NOW)
    assert work(NOW) == 0


def test_a_success_that_is_still_to_come_is_none():
    tick(AHEAD + timedelta(days=300))
    work(AHEAD + timedelta(days=300))
    (night,) = [found for found in job_health(NOW) if found.name == "night"]
    assert night.last_success is None
