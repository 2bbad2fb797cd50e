import pytest

from jobs.nudge import _Pause
from tests.jobs.workers import Worker, broker


@pytest.fixture
def schedule(settings):
    """The jobs of tests/jobs/schedule.py, with leases that do not end during a test by themselves."""
    settings.JOB_SCHEDULE = "tests.jobs.schedule"
    settings.JOB_LEASE_SECONDS = 60


@pytest.fixture
def start_worker(schedule, settings):
    """Starts workers on an empty queue, and ends those that are left."""
    settings.JOB_TICK_SECONDS = 1
    settings.JOB_LEASE_SECONDS = 2
    _Pause.until = 0.0
    broker().flushdb()
    started = []

    def start():
        started.append(Worker())
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
    broker().flushdb()
