"""A run that an older version began goes on by the names of its steps when the schedule has others around them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.models import JobRun, JobShard, JobState
from jobs.registry import Slot, Step, find_job, one_shard
from jobs.services.runner import run_inline
from jobs.services.runs import advance_run, get_or_create_run
from jobs.services.sweep import sweep
from tests.jobs.schedule import effects, write_effect
from tests.jobs.test_runs import NOW, Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedule")]
SLOT = Slot("one")


@pytest.fixture
def letters():
    return find_job("letters")


@pytest.fixture
def upgrade(letters, monkeypatch):
    """What the schedule becomes while the first step of a run of the job is open."""

    def to(*steps):
        run = get_or_create_run(job=letters, slot=SLOT, now=NOW)
        advance_run(run_id=run.pk, now=NOW)
        monkeypatch.setattr("tests.jobs.schedule.JOBS", (replace(letters, steps=steps),))
        return run_inline(job=find_job("letters"), slot=SLOT, clock=Clock())

    return to


def step(name):
    return Step(name, one_shard, write_effect)


def done(run):
    return list(JobShard.objects.filter(run=run).order_by("step_index").values_list("step", flat=True).distinct())


def test_a_step_put_before_it_does_not_take_over_its_shards(letters, upgrade):
    spread, gather = letters.steps
    run = upgrade(step("before"), spread, gather)
    assert (run.state, done(run)) == (JobState.DONE, ["spread", "gather"])
    assert len(effects()) == 9


def test_a_step_put_after_it_is_done_in_its_turn(letters, upgrade):
    spread, gather = letters.steps
    run = upgrade(spread, step("between"), gather)
    assert (run.state, done(run)) == (JobState.DONE, ["spread", "between", "gather"])


def test_a_step_that_went_is_left_out(letters, upgrade):
    spread, _gather = letters.steps
    run = upgrade(spread)
    assert (run.state, done(run)) == (JobState.DONE, ["spread"])


def test_a_run_whose_step_went_fails_and_says_which(letters, upgrade):
    _spread, gather = letters.steps
    run = JobRun.objects.get(pk=upgrade(gather).pk)
    assert run.state == JobState.FAILED
    assert "no longer has the step spread" in run.error
    assert effects() == []


def test_a_run_whose_job_went_is_ended_by_the_sweep_and_holds_up_no_other(letters, monkeypatch):
    night = find_job("night")
    gone, kept = (get_or_create_run(job=job, slot=SLOT, now=NOW) for job in (letters, night))
    for run in (gone, kept):
        advance_run(run_id=run.pk, now=NOW)
    monkeypatch.setattr("tests.jobs.schedule.JOBS", (night,))
    later = NOW + timedelta(minutes=5)
    sweep(now=later)
    gone.refresh_from_db()
    assert (gone.state, gone.error) == (JobState.FAILED, "The schedule no longer has this job.")
    assert JobShard.objects.get(run=kept).nudged_at == later
