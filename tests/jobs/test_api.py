from datetime import UTC, datetime

import pytest

from accounts.models import Role, User
from jobs.registry import Slot, find_job
from jobs.services.runner import run_inline

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedule")]


@pytest.fixture
def run():
    return run_inline(job=find_job("letters"), slot=Slot("one"), clock=lambda: NOW)


def sign_in(client, role):
    client.force_login(User.objects.create_user("x", role=role))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PURCHASER, Role.ADMINISTRATOR])
def test_jobs_runs_and_their_pieces_can_be_read(client, run, role):
    sign_in(client, role)
    assert {row["name"] for row in client.get("/api/v1/jobs/").json()} == {
        "letters",
        "night",
        "broken",
        "lenient",
        "slow",
    }
    assert [row["id"] for row in client.get("/api/v1/job-runs/?job=letters&state=done").json()["results"]] == [run.pk]
    assert client.get(f"/api/v1/job-runs/{run.pk}/").json()["result"]["spread"] == {"shards": 8, "effects": 8}
    shards = client.get(f"/api/v1/job-runs/{run.pk}/shards/?page_size=3").json()
    assert (shards["count"], [row["number"] for row in shards["results"]]) == (9, [0, 1, 2])


def test_staff_may_not_read_jobs(client, run):
    sign_in(client, Role.STAFF)
    for path in ("jobs/", "job-runs/", f"job-runs/{run.pk}/", f"job-runs/{run.pk}/shards/"):
        assert client.get(f"/api/v1/{path}").status_code == 403


def test_jobs_cannot_be_written(client, run):
    sign_in(client, Role.ADMINISTRATOR)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"/api/v1/job-runs/{run.pk}/").status_code in (403, 405)
