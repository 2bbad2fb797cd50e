from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts.models import IdempotencyRecord, PasswordLink, Role, User
from accounts.services import forgetting
from accounts.services.forgetting import (
    ANSWERS_ARE_KEPT,
    LINKS_ARE_KEPT,
    forget_answers,
    forget_password_links,
    forget_sessions,
)
from accounts.services.password_links import make_password_link
from config.schedule import JOBS
from jobs.models import JobState
from jobs.services.runner import run_inline

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def answered(*ages):
    """An answer for each age, in the order of time."""
    user = User.objects.create_user("till", role=Role.STAFF)
    for number, age in enumerate(ages):
        IdempotencyRecord.objects.create(
            principal=user, route="POST /", key=str(number), request_sha256="", response_status=201,
            response_body={}, created_at=NOW - age,
        )  # fmt: skip


def test_an_answer_is_remembered_for_its_time_and_then_forgotten():
    answered(ANSWERS_ARE_KEPT + timedelta(seconds=1), ANSWERS_ARE_KEPT, timedelta(0))
    assert forget_answers(now=NOW) == 1
    assert forget_answers(now=NOW) == 0
    assert set(IdempotencyRecord.objects.values_list("key", flat=True)) == {"1", "2"}


def test_many_answers_go_in_pieces(monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    answered(*[ANSWERS_ARE_KEPT * 2] * 5, timedelta(0))
    assert forget_answers(now=NOW) == 5
    assert IdempotencyRecord.objects.get().key == "5"


def test_a_session_that_ended_is_forgotten_and_one_that_holds_is_kept():
    for key, days in (("ended", -1), ("holds", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(days=days))
    assert forget_sessions(now=NOW) == 1
    assert Session.objects.get().session_key == "holds"


def test_a_link_to_set_a_password_is_forgotten_long_after_it_ended():
    person, week = User.objects.create_user("nora", role=Role.STAFF), timedelta(days=7)
    for ended in (LINKS_ARE_KEPT + timedelta(seconds=1), LINKS_ARE_KEPT, -week):
        make_password_link(person=person, actor=None, kept=week, now=NOW - ended - week)
    assert forget_password_links(now=NOW) == 1
    assert PasswordLink.objects.count() == 2


def test_a_job_does_all_of_it_each_day():
    answered(ANSWERS_ARE_KEPT * 2)
    job = next(job for job in JOBS if job.name == "forget_visits")
    (slot,) = job.due_slots(NOW)
    assert [slot.key for slot in job.due_slots(NOW + timedelta(hours=1))] == [slot.key]
    run = run_inline(job=job, slot=slot, clock=lambda: NOW)
    assert (run.state, run.result["forget"]) == (JobState.DONE, {"shards": 1, "answers": 1, "sessions": 0, "links": 0})
