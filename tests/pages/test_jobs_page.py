"""The jobs pages: health, runs, readable errors, trying again."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.models import JobRun, JobShard
from jobs.registry import all_jobs, step_titles
from jobs.templatetags.durations import duration

LIST = reverse("jobs:list")


@pytest.fixture
def failed(db):
    """A run of the first job of the schedule, one piece of which failed."""
    now = timezone.now()
    job = all_jobs()[0]
    run = JobRun.objects.create(
        job=job.name, slot="2026-03-09", state="failed", created_at=now, started_at=now, finished_at=now,
        error="The disk is full.",
    )  # fmt: skip
    common = {"run": run, "step_index": 0, "step": job.steps[0].name, "due_at": now}
    JobShard.objects.create(number=0, state="done", result={"rows": 7}, **common)
    JobShard.objects.create(number=1, state="failed", error="ValueError: no such store", **common)
    return run


def test_every_job_shows_whether_it_works(as_role):
    text = as_role("manager").get(LIST).content.decode()
    for job in all_jobs():
        assert str(job.title) in text


def test_a_run_shows_its_steps_and_why_it_failed(as_role, failed):
    answer = as_role("manager").get(reverse("jobs:run", args=[failed.pk]))
    (step,) = answer.context["steps"]
    assert (step.shards, step.done, step.failed) == (2, 1, 1)
    text = answer.content.decode()
    assert "The disk is full." in text and "no such store" in text


def test_every_step_and_figure_has_a_word_in_the_language_of_the_page(as_role, failed):
    JobShard.objects.filter(run=failed, number=0).update(
        result={"series": 1200, "published": True, "places": [{}, {}], "movement_mark": 77}
    )
    client = as_role("manager")
    client.cookies["django_language"] = "zh-hans"
    text = client.get(reverse("jobs:run", args=[failed.pk])).content.decode()
    assert "日结" in text and "close_day" not in text
    for word, value in (("序列", "1,200"), ("已发布", "是"), ("门店", "2")):
        assert re.search(f"{word} <[^>]*>{value}</span>", text)
    assert "movement_mark" not in text


def test_no_step_of_the_schedule_is_without_a_title():
    names = {step.name for job in all_jobs() for step in job.steps}
    assert names <= set(step_titles())


def test_a_job_that_runs_on_demand_is_due_at_no_time(as_role):
    text = as_role("manager").get(LIST).content.decode()
    assert "when somebody asks" in text and "36500" not in text


def test_only_an_administrator_tries_again(as_role, failed):
    address = reverse("jobs:retry", args=[failed.pk])
    assert as_role("manager").post(address).status_code == 403
    admin = as_role("administrator")
    assert admin.post(address).status_code == 302
    failed.refresh_from_db()
    assert failed.state == "running"
    assert "Only a failed run" in admin.post(address, follow=True).content.decode()


def test_staff_have_no_business_here(as_role, failed):
    staff = as_role("staff")
    assert staff.get(LIST).status_code == staff.get(reverse("jobs:run", args=[failed.pk])).status_code == 403


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.085, "85 ms"), (3.24, "3.2 s"), (240, "4 min"), (26 * 3600, "26 h"), (3 * 86400, "3 days"), (None, "–")],
)
def test_durations_are_short(seconds, text):
    assert duration(None if seconds is None else timezone.timedelta(seconds=seconds)) == text
