"""What a receiver says is written down and counted as a try: words that no column takes, figures beyond a parser."""

import json

import pytest
from werkzeug import Response

from outbox.domain.retry import WEBHOOK_WAITS
from outbox.models import DeliveryAttempt, Message, MessageState, WebhookEndpoint
from outbox.services.deliver import deliver_one_webhook
from outbox.services.enqueue import Event, enqueue_events
from tests.outbox.clock import NOW, at, event_id

pytestmark = pytest.mark.django_db
SPEAKS_IN_NULS = Response(b"no\0\x01 room", status=500)


@pytest.fixture
def told(httpserver, private_allowed):
    """told(answer, format) sends one message to a receiver that gives this answer."""

    def tell(answer, name="json", owner=None, **payload):
        httpserver.expect_request("/hook").respond_with_handler(lambda _request: answer)
        WebhookEndpoint.objects.create(
            url=httpserver.url_for("/hook"), secret="whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIzNA==", format=name,
            created_by=owner, created_at=NOW,
        )  # fmt: skip
        enqueue_events(events=[Event(event_id(1), "alert.opened", {"sku": "A"})], now=NOW)
        message = Message.objects.get()
        Message.objects.update(payload={**message.payload, **payload})
        assert deliver_one_webhook(clock=at(minutes=1))
        message.refresh_from_db()
        return message

    return tell


def test_a_nul_in_an_answer_is_left_out_of_what_is_written_down(told):
    message = told(SPEAKS_IN_NULS)
    assert message.state == MessageState.DUE and message.next_attempt_at == at(minutes=1)() + WEBHOOK_WAITS[0]
    assert message.last_error == DeliveryAttempt.objects.get().detail == "500 no\x01 room"


def test_a_nul_in_the_words_of_a_chat_too(told):
    message = told(Response(json.dumps({"errcode": 93000, "errmsg": "no\0 such robot"})), "wecom")
    assert message.state == MessageState.DUE and "no such robot" in message.last_error


@pytest.mark.parametrize("opening", ["[", '{"code":'])
def test_an_answer_nested_without_end_is_no_answer_of_the_service(told, opening):
    message = told(Response(opening * 7000), "feishu")
    assert message.state == MessageState.DUE and message.last_error.startswith(f"200 {opening}")


def test_a_nul_in_the_last_word_of_an_endpoint_reaches_its_owner_too(told, django_user_model):
    owner = django_user_model.objects.create_user("ann", "ann@example.com")
    message = told(Response(b"gone\0 for good", status=410), owner=owner)
    assert message.state == MessageState.FAILED
    assert "gone for good" in Message.objects.get(event_type="endpoint.disabled").payload["text"]


def test_a_message_that_cannot_be_written_is_given_up_and_not_tried_for_ever(told):
    message = told(Response(), note={"no such": "field"}, name="slack")
    assert message.state == MessageState.FAILED and "TypeError" in message.last_error
