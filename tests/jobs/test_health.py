from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from jobs.models import JobRun, JobState
from jobs.selectors.health import job_health
from tests.jobs import schedule

NOW = datetime(2100, 1, 10, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("schedule")]


def succeeded(hours_ago, slot="a", time_zone="", state=JobState.DONE, job="night"):
    at = NOW - timedelta(hours=hours_ago)
    JobRun.objects.create(
        job=job, slot=slot, time_zone=time_zone, state=state, created_at=at, finished_at=at, error="E"
    )


def health(job="night"):
    return next(found for found in job_health(NOW) if found.name == job)


@pytest.mark.parametrize(("hours", "is_late"), [(25, False), (26, False), (27, True)])
def test_a_job_is_late_when_its_last_success_is_older_than_it_should_be(hours, is_late):
    succeeded(hours)
    assert (health().age, health().is_late) == (timedelta(hours=hours), is_late)


def test_a_failed_run_is_no_success_and_its_error_is_shown():
    succeeded(30)
    succeeded(2, slot="b", state=JobState.FAILED)
    assert (health().is_late, health().last_error) == (True, "E")


def test_one_time_zone_that_does_not_succeed_makes_the_job_late():
    succeeded(30, slot="a", time_zone="Asia/Shanghai")
    succeeded(2, slot="b", time_zone="Europe/Paris")
    assert health().is_late


def test_a_time_zone_that_is_gone_for_weeks_is_forgotten():
    succeeded(24 * 20, slot="a", time_zone="Asia/Shanghai")
    succeeded(2, slot="b", time_zone="Europe/Paris")
    assert not health().is_late


def run_in(monkeypatch, zones):
    """The jobs of the schedule, the night by the clocks of these time zones."""
    jobs = [replace(job, time_zones=lambda: zones) if job.name == "night" else job for job in schedule.JOBS]
    monkeypatch.setattr(schedule, "JOBS", jobs)


def test_a_time_zone_without_places_is_not_waited_for(monkeypatch):
    """The last store of Shanghai was closed, or its time zone corrected, the day before yesterday."""
    succeeded(30, slot="a", time_zone="Asia/Shanghai")
    succeeded(2, slot="b", time_zone="Europe/Paris")
    succeeded(1, slot="c", time_zone="Asia/Shanghai", state=JobState.FAILED)
    assert (health().is_late, health().last_error) == (True, "E")
    run_in(monkeypatch, ["Europe/Paris"])
    assert (health().is_late, health().last_error, health().age) == (False, "", timedelta(hours=2))


def test_a_job_of_places_is_late_where_there_are_some_and_it_never_ran(monkeypatch):
    run_in(monkeypatch, [])
    assert not health().is_late
    run_in(monkeypatch, ["Europe/Paris"])
    assert health().is_late


def test_a_job_that_never_ran_is_late_since_the_installation():
    assert health().is_late
    MigrationRecorder(connection).migration_qs.update(applied=NOW)
    assert not health().is_late


def test_health_is_for_everybody_and_tells_no_secret(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "redis": "ok", "migrations": "ok"}
    assert {job["name"] for job in answer.json()["jobs"]} == {"letters", "night", "broken", "lenient", "slow"}
    assert "E" not in {job.get("last_error") for job in answer.json()["jobs"]}


def test_a_late_job_is_degraded_but_serves(client):
    JobRun.objects.create(job="night", slot="a", state="done", created_at=NOW, finished_at=NOW.replace(year=2000))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_without_redis_it_is_degraded_but_serves(client, settings):
    settings.REDIS_URL = "redis://user:secret@127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["redis"] == "failed"
    assert "secret" not in answer.content.decode()


def test_with_a_migration_missing_it_is_not_ready(client):
    MigrationRecorder(connection).migration_qs.filter(app="jobs").latest("pk").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "1 missing")


def test_without_database_it_is_not_ready_and_does_not_break(client, monkeypatch):
    def away():
        raise DatabaseError("no route to db.internal")

    monkeypatch.setattr("config.health._check_database", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "failed")
    assert "internal" not in answer.content.decode()
