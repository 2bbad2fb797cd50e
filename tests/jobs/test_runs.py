from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobs.models import JobRun, JobShard, JobState
from jobs.registry import Slot, find_job
from jobs.services.runner import run_inline, work_on
from jobs.services.runs import advance_run, create_due_runs, get_or_create_run, retry_run
from jobs.services.shards import claim_shard
from jobs.services.sweep import sweep
from tests.jobs.schedule import effects

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
ALL_EFFECTS = [("step 0", letter) for letter in "abcdefgh"] + [("step 1", "all")]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedule")]


class Clock:
    """A clock that moves on by a minute at each look, so that waiting times pass at once."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        self.now += timedelta(minutes=1)
        return self.now


def run_of(name, slot="one", **parameters):
    return run_inline(job=find_job(name), slot=Slot(slot, parameters=parameters), clock=Clock())


def test_a_run_does_each_shard_once_and_then_the_next_step():
    run = run_of("letters")
    assert run.state == JobState.DONE
    assert effects() == ALL_EFFECTS
    assert run.result == {"spread": {"shards": 8, "effects": 8}, "gather": {"shards": 1, "effects": 1}}


def test_running_a_slot_again_changes_nothing():
    first, second = run_of("letters"), run_of("letters")
    assert first.pk == second.pk
    assert effects() == ALL_EFFECTS


def test_due_slots_become_one_run_each():
    for _time in range(3):
        create_due_runs(now=NOW)
    assert sorted(JobRun.objects.values_list("job", "slot")) == [
        ("letters", "2026-03-02T12:00:00+00:00"),
        ("night", "2026-03-01 Asia/Shanghai"),
        ("night", "2026-03-01 Europe/Paris"),
    ]


def test_a_job_does_not_begin_again_while_its_last_run_goes_on():
    create_due_runs(now=NOW)
    assert [run.job for run in create_due_runs(now=NOW + timedelta(hours=1))] == []
    JobRun.objects.update(state=JobState.DONE)
    assert [run.job for run in create_due_runs(now=NOW + timedelta(hours=1))] == ["letters"]


def test_a_shard_that_keeps_failing_is_given_up_after_five_tries_and_stops_the_run():
    run = run_of("broken")
    shard = JobShard.objects.get(run=run, arguments__letter="c")
    assert (run.state, shard.state, shard.attempts) == (JobState.FAILED, JobState.FAILED, 5)
    assert "c is broken" in run.error and "c is broken" in shard.error
    assert not JobShard.objects.filter(step="gather").exists()


def test_a_step_that_may_fail_lets_the_next_begin_but_the_run_fails_all_the_same():
    run = run_of("lenient")
    assert run.state == JobState.FAILED
    assert effects() == [("step 1", "all")]


def test_a_failed_shard_waits_longer_after_each_try():
    run = get_or_create_run(job=find_job("broken"), slot=Slot("one"), now=NOW)
    advance_run(run_id=run.pk, now=NOW)
    shard = JobShard.objects.get(arguments__letter="c")
    leased = claim_shard(clock=lambda: NOW, shard_id=shard.pk)
    work_on(leased)
    shard.refresh_from_db()
    assert (shard.state, shard.due_at) == (JobState.DUE, NOW + timedelta(seconds=5))
    assert claim_shard(clock=lambda: NOW + timedelta(seconds=4), shard_id=shard.pk) is None


def test_a_failed_run_can_be_taken_up_again_where_it_failed(monkeypatch):
    run = run_of("broken")
    broken = find_job("broken")
    steps = (replace(broken.steps[0], work=lambda context: {}), broken.steps[1])
    monkeypatch.setattr("tests.jobs.schedule.JOBS", (replace(broken, steps=steps),))
    retry_run(run_id=run.pk, now=NOW)
    assert run_of("broken").state == JobState.DONE
    assert JobShard.objects.filter(step="spread", attempts=1).count() == 8


def test_an_error_in_cutting_shards_is_kept_and_tried_again(monkeypatch):
    def explode(run, now):
        raise RuntimeError("no shards today")

    job = find_job("letters")
    monkeypatch.setattr("tests.jobs.schedule.JOBS", (replace(job, steps=(replace(job.steps[0], shards=explode),)),))
    run = get_or_create_run(job=job, slot=Slot("one"), now=NOW)
    sweep(now=NOW)
    run.refresh_from_db()
    assert (run.state, run.attempts, "no shards today" in run.error) == (JobState.DUE, 1, True)


def test_the_sweep_frees_an_expired_lease_and_wakes_a_worker_again():
    run = get_or_create_run(job=find_job("night"), slot=Slot("one"), now=NOW)
    advance_run(run_id=run.pk, now=NOW)
    claim_shard(clock=lambda: NOW, run_id=run.pk)
    sweep(now=NOW + timedelta(seconds=59))
    assert JobShard.objects.get().state == JobState.RUNNING
    sweep(now=NOW + timedelta(seconds=61))
    assert JobShard.objects.get().state == JobState.DUE
    assert JobShard.objects.get().nudged_at == NOW + timedelta(seconds=61)


def test_a_run_whose_last_worker_died_before_moving_it_on_is_moved_on_by_the_sweep():
    run = get_or_create_run(job=find_job("night"), slot=Slot("one"), now=NOW)
    advance_run(run_id=run.pk, now=NOW)
    JobShard.objects.update(state=JobState.DONE)
    sweep(now=NOW)
    run.refresh_from_db()
    assert run.state == JobState.DONE


def test_old_runs_are_forgotten_but_never_the_last_success():
    kept = timedelta(days=400)
    for days in (1, 2, 3):
        JobRun.objects.create(
            job="night",
            slot=str(days),
            state=JobState.DONE,
            created_at=NOW,
            finished_at=NOW - kept - timedelta(days=days),
        )
    sweep(now=NOW)
    assert list(JobRun.objects.values_list("slot", flat=True)) == ["1"]
