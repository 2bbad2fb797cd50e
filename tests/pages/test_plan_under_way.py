"""While the night is at work an empty inbox says so, instead of that nothing waits."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.models import JobRun
from orders.models import ReplenishmentProposal
from tests.pages.buying import planned_firm, text_of

INBOX, HOME = reverse("orders:proposals"), reverse("dashboards:home")
MAKING = "The plan is being made"


@pytest.fixture
def world(db):
    world = planned_firm()
    ReplenishmentProposal.objects.all().delete()
    return world


def run(state):
    now = timezone.now()
    return JobRun.objects.create(job="nightly", slot=state, state=state, created_at=now, started_at=now)


@pytest.mark.parametrize("state", ["due", "running"])
@pytest.mark.parametrize("path", [INBOX, HOME])
def test_an_empty_inbox_says_that_the_plan_is_being_made(world, path, state):
    run(state)
    page = text_of(world.buyer.get(path))
    assert MAKING in page and "Nothing waits for" not in page


@pytest.mark.parametrize("path", [INBOX, HOME])
def test_once_the_night_is_over_nothing_waits(world, path):
    run("done")
    page = text_of(world.buyer.get(path))
    assert MAKING not in page and "Nothing waits for" in page


def test_another_job_is_not_the_night(world):
    JobRun.objects.create(job="watch", slot="1", state="running", created_at=timezone.now())
    assert MAKING not in text_of(world.buyer.get(INBOX))


def test_what_does_not_match_the_filter_is_still_told_so(world):
    run("running")
    assert "No proposal matches" in text_of(world.buyer.get(f"{INBOX}?search=zzz"))


def test_the_page_asks_again_by_itself(world):
    run("running")
    fragment = text_of(world.buyer.get(INBOX, headers={"HX-Request": "true"}))
    assert 'hx-trigger="load delay:10s"' in fragment
