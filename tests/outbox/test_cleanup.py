from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import DeliveryAttempt, Message, MessageState
from outbox.services import cleanup
from outbox.services.cleanup import KEPT, forget_old_messages
from outbox.services.enqueue import enqueue_email
from tests.outbox.clock import NOW, event_id

pytestmark = pytest.mark.django_db


def make(number, *, age, state=MessageState.SENT):
    created_at = NOW - age
    enqueue_email(event_id=event_id(number), event_type="t", to="a@example.com", subject="", text="", now=created_at)
    message = Message.objects.get(event_id=event_id(number))
    Message.objects.filter(pk=message.pk).update(state=state)
    DeliveryAttempt.objects.create(message=message, at=created_at, duration_ms=1, is_success=True)
    return message.pk


def test_old_messages_go_with_their_log_and_younger_ones_stay():
    old = [make(1, age=KEPT + timedelta(seconds=1)), make(2, age=KEPT * 2, state=MessageState.FAILED)]
    young = make(3, age=KEPT)
    assert forget_old_messages(now=NOW) == len(old)
    assert list(Message.objects.values_list("pk", flat=True)) == [young]
    assert list(DeliveryAttempt.objects.values_list("message_id", flat=True)) == [young]


def test_what_still_waits_is_never_forgotten():
    make(1, age=KEPT * 2, state=MessageState.DUE)
    assert forget_old_messages(now=NOW) == 0


def test_many_go_in_pieces_without_reading_what_they_say(monkeypatch):
    monkeypatch.setattr(cleanup, "AT_ONCE", 2)
    for number in range(5):
        make(number, age=KEPT * 2)
    with CaptureQueriesContext(connection) as seen:
        assert forget_old_messages(now=NOW) == 5
    said = [query["sql"] for query in seen.captured_queries]
    assert sum(sql.startswith('DELETE FROM "outbox_message"') for sql in said) == 3
    assert not any("payload" in sql for sql in said)
