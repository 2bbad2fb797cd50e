import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobs.errors import LeaseLost
from jobs.models import JobRun, JobShard
from jobs.registry import Slot, find_job
from jobs.services.runner import run_inline
from jobs.services.runs import advance_run, create_due_runs, get_or_create_run
from jobs.services.shards import claim_shard, release_expired
from tests.jobs.schedule import effects
from tests.jobs.test_runs import ALL_EFFECTS

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedule")]


def all_at_once(count, act):
    """Calls `act` in so many threads that begin together, and returns the errors they raised."""
    barrier, errors = threading.Barrier(count), []

    def go():
        try:
            barrier.wait()
            act()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test has to show it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_five_that_run_the_same_slot_share_its_work():
    def run():
        run_inline(job=find_job("letters"), slot=Slot("one"), clock=timezone.now)

    assert all_at_once(5, run) == []
    assert effects() == ALL_EFFECTS
    assert JobRun.objects.get().result["spread"] == {"shards": 8, "effects": 8}


def test_three_ticks_at_once_make_one_run_of_each_slot():
    for hour in range(10):
        now = NOW + timedelta(hours=hour)
        assert all_at_once(3, lambda: create_due_runs(now=now)) == []  # noqa: B023  # called within the round
        JobRun.objects.update(state="done")
    assert JobRun.objects.filter(job="letters").count() == 10
    assert JobRun.objects.filter(job="night").count() == 3, "two zones, and a new day begins in one of them"


@pytest.fixture
def late_worker():
    """A worker that holds a shard, was thought dead, and whose shard another worker has done meanwhile."""
    run = get_or_create_run(job=find_job("night"), slot=Slot("one"), now=NOW)
    advance_run(run_id=run.pk, now=NOW)
    late = claim_shard(clock=lambda: NOW, run_id=run.pk)
    release_expired(now=NOW + timedelta(minutes=2))
    run_inline(job=find_job("night"), slot=Slot("one"), clock=lambda: NOW + timedelta(minutes=2))
    return late


def test_a_worker_that_comes_back_late_writes_nothing(late_worker):
    with pytest.raises(LeaseLost):
        find_job("night").steps[0].work(late_worker)
    assert effects() == [("step 0", "all")]


def test_without_the_token_the_late_worker_would_write_twice(late_worker, monkeypatch):
    monkeypatch.setattr("jobs.services.shards.hold_lease", lambda **arguments: None)
    find_job("night").steps[0].work(late_worker)
    assert effects() == [("step 0", "all"), ("step 0", "all")]


def test_a_worker_that_lost_its_lease_in_the_middle_rolls_back_what_it_wrote():
    run = get_or_create_run(job=find_job("night"), slot=Slot("one"), now=NOW)
    advance_run(run_id=run.pk, now=NOW)
    held = claim_shard(clock=lambda: NOW, run_id=run.pk)
    JobShard.objects.update(lease_token="00000000-0000-0000-0000-000000000001")
    with pytest.raises(LeaseLost):
        find_job("night").steps[0].work(held)
    assert effects() == []


def test_a_long_shard_keeps_its_lease(settings):
    settings.JOB_LEASE_SECONDS = 1
    slot = Slot("one", parameters={"seconds": 0.3})
    is_over = threading.Event()

    def take_what_expires():
        while not is_over.wait(0.02):
            release_expired(now=timezone.now())
        connection.close()

    sweeper = threading.Thread(target=take_what_expires)
    sweeper.start()
    run_inline(job=find_job("slow"), slot=slot, clock=timezone.now)
    is_over.set()
    sweeper.join()
    assert JobShard.objects.get().attempts == 1
