import pytest


@pytest.fixture
def schedule(settings):
    """The jobs of tests/jobs/schedule.py, with short leases."""
    settings.JOB_SCHEDULE = "tests.jobs.schedule"
    settings.JOB_LEASE_SECONDS = 60
