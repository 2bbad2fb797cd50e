import pytest
from django.utils import timezone

from jobs.models import JobRun, JobShard, JobState
from jobs.registry import Slot, find_job
from jobs.services.runs import advance_run, get_or_create_run
from jobs.services.sweep import sweep
from tests.jobs.schedule import effects, let_go
from tests.jobs.test_runs import ALL_EFFECTS
from tests.jobs.workers import broker
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def begin(**parameters):
    """A run of eight shards that take so many `seconds` each, or six of which are held; its messages are queued."""
    now = timezone.now()
    run = get_or_create_run(job=find_job("letters"), slot=Slot("one", parameters=parameters), now=now)
    advance_run(run_id=run.pk, now=now)
    return run


def tick():
    """Heals only: due slots of the schedule would be runs of their own."""
    sweep(now=timezone.now())


def is_done():
    return JobRun.objects.filter(state=JobState.DONE).exists()


def test_a_worker_that_is_killed_in_the_middle_costs_time_and_nothing_else(start_worker):
    worker = start_worker()
    begin(is_held=True)
    wait_until(lambda: len(effects()) >= 2 and JobShard.objects.filter(state=JobState.RUNNING).exists())
    worker.kill()
    assert not is_done()
    let_go()
    start_worker()
    wait_until(is_done, while_waiting=tick)
    assert effects() == ALL_EFFECTS
    assert JobShard.objects.filter(attempts__gt=1).exists(), "the kill hit nothing, so the test showed nothing"


def test_a_queue_that_is_wiped_loses_no_work(start_worker):
    begin(seconds=0.05)
    assert (broker().llen("heavy"), broker().llen("quick")) == (8, 0)
    broker().flushdb()
    start_worker()
    wait_until(is_done, while_waiting=tick)
    assert effects() == ALL_EFFECTS


def test_a_queue_that_is_wiped_again_and_again_under_load_loses_no_work(start_worker):
    start_worker()
    begin(seconds=0.2)
    wait_until(lambda: effects(), while_waiting=tick)
    for _time in range(5):
        broker().flushdb()
        tick()
    wait_until(is_done, while_waiting=tick)
    assert effects() == ALL_EFFECTS
