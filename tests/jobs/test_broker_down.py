import time

import pytest
from celery import current_app
from django.db import transaction

from jobs.models import JobRun
from jobs.nudge import _Pause, nudge, nudge_after_commit
from tests.jobs.test_runs import run_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("schedule", "no_broker")]

# Without our options kombu tries again for minutes.
UNASKED_SECONDS = 30


@pytest.fixture
def no_broker():
    """Nothing listens where the broker should be."""
    original = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    _Pause.until = 0.0
    yield
    current_app.conf.broker_url = original
    _Pause.until = 0.0


def test_an_act_succeeds_quickly_without_a_broker():
    started = time.monotonic()
    with transaction.atomic():
        JobRun.objects.create(job="x", slot="1", created_at="2026-01-01T00:00Z")
        nudge_after_commit("jobs.tick")
    assert time.monotonic() - started < UNASKED_SECONDS
    assert JobRun.objects.exists()


def test_after_one_failure_the_next_acts_do_not_even_try(caplog):
    for _time in range(1000):
        assert nudge("jobs.tick", [[]]) is False
    assert [record.name for record in caplog.records].count("jobs.nudge") == 1


def test_a_run_goes_through_without_a_broker():
    assert run_of("letters").state == "done"


def test_a_nudge_is_sent_after_the_commit_and_never_after_a_rollback(monkeypatch):
    sent = []
    monkeypatch.setattr("jobs.nudge.nudge", lambda *arguments, **named: sent.append(arguments))
    with transaction.atomic():
        nudge_after_commit("a", [1, 2])
        assert sent == []
    with pytest.raises(RuntimeError), transaction.atomic():
        nudge_after_commit("b")
        raise RuntimeError
    assert sent == [("a", [[1], [2]])]


def test_a_worker_waits_for_a_broker_that_is_away_for_hours(monkeypatch):
    tries, hours_of_tries = [], 500

    def away_then_back(*_arguments, **_named):
        tries.append(1)
        if len(tries) < hours_of_tries:
            raise ConnectionError("away")

    monkeypatch.setattr("kombu.utils.functional.sleep", lambda seconds: None)
    with current_app.connection_for_read() as connection:
        monkeypatch.setattr(connection, "_connection_factory", away_then_back)
        # As celery.worker.consumer.Consumer.ensure_connected asks for it.
        connection.ensure_connection(max_retries=current_app.conf.broker_connection_max_retries)
    assert len(tries) == hours_of_tries
