"""Moments on pages that belong to no single place are those of the reader's clock, which the browser tells."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from accounts.text import format_day
from jobs.models import JobRun

AT = datetime(2026, 3, 9, 22, 30, tzinfo=UTC)


@pytest.fixture
def run(db):
    return JobRun.objects.create(job="nightly", slot="2026-03-09", state="done", created_at=AT, started_at=AT)


def jobs_page(client, zone):
    client.cookies["zone"] = zone
    return client.get("/jobs/").content.decode()


def test_a_moment_is_that_of_the_browsers_zone(as_role, run):
    assert "Mar 10 06:30" in jobs_page(as_role("manager"), "Asia/Shanghai")


@pytest.mark.parametrize("zone", ["", "Nowhere/Else", "../../etc/passwd", "America", "x" * 5000])
def test_a_cookie_that_names_no_zone_changes_nothing(as_role, run, zone):
    assert "Mar 9 22:30" in jobs_page(as_role("manager"), zone)


def test_programs_are_told_moments_as_ever(as_role, run):
    client = as_role("manager")
    client.cookies["zone"] = "Asia/Shanghai"
    assert client.get("/api/v1/job-runs/").json()["results"][0]["created_at"] == "2026-03-09T22:30:00Z"


def test_no_zone_is_left_behind_for_the_next_reader(as_role, run):
    jobs_page(as_role("manager"), "Asia/Shanghai")
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_day_of_a_moment_is_the_day_there():
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert (format_day(AT), format_day(date(2026, 3, 9))) == ("Mar 10", "Mar 9")


@pytest.mark.django_db(transaction=True)
def test_the_browser_tells_its_zone_before_anybody_signs_in(browser, live_server):
    context = browser.new_context(timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    assert {cookie["name"]: cookie["value"] for cookie in context.cookies()}["zone"] == "Asia/Shanghai"
    context.close()
