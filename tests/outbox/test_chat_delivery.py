"""Alerts that reach chats: each service gets its own form, and what it says of it decides what happens next."""

import json
from datetime import timedelta

import pytest
import time_machine
from werkzeug import Response

from outbox.domain.chat.message import FOLD_SECONDS, Note
from outbox.domain.retry import WEBHOOK_WAITS
from outbox.models import DeliveryAttempt, Message, MessageState, WebhookEndpoint
from outbox.services.deliver import deliver_one_webhook
from outbox.services.enqueue import Event, enqueue_events
from tests.outbox.chat_services import SECRET, SERVICES, SIGNED, answer_json, text_of
from tests.outbox.clock import NOW, event_id

pytestmark = pytest.mark.django_db
# Services check the moment of the sign against their own clock.


@pytest.fixture(autouse=True)
def clock_at_now():
    """The services refuse what was signed at another hour than theirs."""
    with time_machine.travel(NOW):
        yield


def later(**passed):
    return lambda: NOW + timedelta(seconds=FOLD_SECONDS) + timedelta(**passed)


def deliver_due(*, clock):
    """What one sender does; with it alone no other connection has to see the rows, and nothing has to be committed."""
    count = 0
    while deliver_one_webhook(clock=clock):
        count += 1
    return count


def queue(*texts, value="10.00"):
    events = [
        Event(event_id(number), "alert.opened", {}, lambda text=text: Note(text, value=value, is_warning=True))
        for number, text in enumerate(texts)
    ]
    enqueue_events(events=events, now=NOW)


@pytest.fixture
def chat(httpserver, private_allowed):
    """chat(name) is an endpoint at a server that behaves as the service does; with `answers` it gives those first.
    Returns the list of bodies that came."""

    def make(name, *answers, secret=SECRET, **fields):
        bodies, waiting = [], list(answers)

        def receive(request):
            bodies.append(json.loads(request.get_data()))
            return waiting.pop(0) if waiting else SERVICES[name](request, bodies[-1])

        httpserver.expect_request("/robot", method="POST").respond_with_handler(receive)
        secret = secret if name in SIGNED else ""
        url = httpserver.url_for("/robot") + "?access_token=abc"
        WebhookEndpoint.objects.create(url=url, format=name, secret=secret, created_at=NOW, **fields)
        return bodies

    return make


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_takes_what_it_is_sent(chat, name):
    bodies = chat(name)
    queue("North: milk - out of stock")
    deliver_due(clock=later())
    assert Message.objects.get().state == MessageState.SENT, DeliveryAttempt.objects.get().detail
    said = text_of(name, bodies[0])
    assert "North: milk - out of stock" in said and "1 thing needs you, $10.00 at stake" in said
    assert "/alerts/" in json.dumps(bodies[0])


@pytest.mark.parametrize("name", SERVICES)
def test_a_chat_is_told_in_its_own_language(chat, name):
    bodies = chat(name, language="zh-hans")
    queue("北店：牛奶")
    deliver_due(clock=later())
    assert "有 1 件事需要您处理" in text_of(name, bodies[0])


@pytest.mark.parametrize("name", SERVICES)
def test_what_comes_together_is_one_message_with_the_costliest_first(chat, name):
    bodies = chat(name)
    queue(*(f"item-{number:02}" for number in range(24)), value="2.00")
    Message.objects.filter(event_id=event_id(23)).update(
        payload={"note": {"text": "the dear one", "value": "99.00", "is_warning": True}}
    )
    assert deliver_due(clock=later()) == 1
    said = text_of(name, bodies[0])
    assert "24 things need you, $145.00" in said and "... and 4 more." in said
    assert said.index("the dear one") < said.index("item-00")
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert DeliveryAttempt.objects.count() == 24


def test_more_than_one_message_holds_go_in_the_next(chat, monkeypatch):
    monkeypatch.setattr("outbox.services.claim.FOLDED_MOST", 3)
    bodies = chat("wecom")
    queue(*"abcde")
    assert deliver_due(clock=later()) == 2
    assert ["3 things" in text_of("wecom", bodies[0]), "2 things" in text_of("wecom", bodies[1])] == [True, True]
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_nothing_goes_out_before_the_half_minute_is_full(chat):
    bodies = chat("wecom")
    queue("a")
    due_at = Message.objects.get().next_attempt_at
    assert NOW < due_at <= NOW + timedelta(seconds=FOLD_SECONDS) and due_at.timestamp() % FOLD_SECONDS == 0
    assert deliver_due(clock=lambda: due_at - timedelta(seconds=1)) == 0 == len(bodies)


@pytest.mark.parametrize(("name", "code"), [("dingtalk", "310000"), ("feishu", "19021")])
def test_a_wrong_secret_is_a_failure_said_in_words(chat, name, code):
    chat(name, secret="SECwrong")
    queue("a")
    deliver_due(clock=later())
    message = Message.objects.get()
    assert message.state == MessageState.DUE and message.next_attempt_at == later()() + WEBHOOK_WAITS[0]
    assert code in message.last_error and "signature was not accepted" in message.last_error
    assert WebhookEndpoint.objects.get().failures == 1


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("wecom", answer_json({"errcode": 93000, "errmsg": "invalid webhook url"}), "does not know this address"),
        ("dingtalk", answer_json({"errcode": 310000, "errmsg": "keywords not in content"}), "keyword"),
        ("dingtalk", answer_json({"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}), "on its list"),
        ("feishu", answer_json({"code": 19024, "msg": "Key Words Not Found"}), "keyword"),
        ("slack", Response("no_service", status=404), "does not know this address"),
        ("teams", answer_json({"error": {"code": "NoWorkflow", "message": "gone"}}, 404), "NoWorkflow: gone"),
        ("wecom", Response("<html>sign in</html>"), "sign in"),
        ("feishu", answer_json({"StatusCode": 0}), "StatusCode"),
    ],
)  # fmt: skip
def test_what_the_service_did_not_take_is_tried_again(chat, name, answer, words):
    bodies = chat(name, answer)
    queue("a")
    deliver_due(clock=later())
    assert words in Message.objects.get().last_error
    deliver_due(clock=later(seconds=5))
    assert Message.objects.get().state == MessageState.SENT and len(bodies) == 2


@pytest.mark.parametrize(
    ("name", "answer", "pause"),
    [
        ("dingtalk", answer_json({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}), 600),
        ("wecom", answer_json({"errcode": 45009, "errmsg": "api freq out of limit"}), 60),
        ("feishu", answer_json({"code": 11232, "msg": "frequency limited"}), 60),
        ("teams", Response("failed with error: Microsoft Teams endpoint returned HTTP error 429"), 60),
        ("slack", Response("rate_limited", status=429, headers={"Retry-After": "30"}), 30),
    ],
)  # fmt: skip
def test_a_service_that_we_were_too_fast_for_is_left_alone(chat, name, answer, pause):
    chat(name, answer)
    queue("a")
    deliver_due(clock=later())
    assert "too fast" in Message.objects.get().last_error
    assert deliver_due(clock=later(seconds=pause - 1)) == 0
    assert deliver_due(clock=later(seconds=pause + 1)) == 1


def test_a_refused_message_fails_whole_and_does_not_hold_up_the_chat(chat):
    chat("feishu", answer_json({"code": 9499, "msg": "Bad Request"}, 400))
    queue("a", "b")
    deliver_due(clock=later())
    assert set(Message.objects.values_list("state", "attempts")) == {("due", 1)}
    assert WebhookEndpoint.objects.get().paused_until is None


def test_a_closed_channel_switches_the_chat_off(chat, django_user_model):
    owner = django_user_model.objects.create_user("owner", email="owner@example.com")
    chat("slack", Response("channel_is_archived", status=410), created_by=owner)
    queue("a")
    deliver_due(clock=later())
    assert WebhookEndpoint.objects.get().disabled_at is not None
    mail = Message.objects.get(event_type="endpoint.disabled").payload["text"]
    assert "channel_is_archived" in mail and "access_token" not in mail


def test_an_address_inside_is_refused_for_chats_too(chat, settings):
    bodies = chat("wecom")
    settings.WEBHOOK_ALLOW_PRIVATE = False
    queue("a")
    deliver_due(clock=later())
    assert bodies == [] and "one of the usual ports" in Message.objects.get().last_error


def test_an_event_without_words_is_told_by_its_facts(chat):
    bodies = chat("wecom", event_types=["purchase_order.approved"])
    enqueue_events(events=[Event(event_id(1), "purchase_order.approved", {"number": "PO-7", "lines": []})], now=NOW)
    deliver_due(clock=later())
    assert "purchase_order.approved · number: PO-7" in text_of("wecom", bodies[0])


def test_another_program_goes_on_getting_json_at_once(chat, httpserver, endpoint):
    httpserver.expect_request("/hook").respond_with_data("")
    queue("a")
    deliver_due(clock=lambda: NOW)
    body = json.loads(httpserver.log[0][0].get_data())
    assert set(body) == {"type", "timestamp", "data"}
