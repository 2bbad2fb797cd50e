from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Response

from outbox.domain.retry import WEBHOOK_WAITS
from outbox.models import DeliveryAttempt, Message, MessageState, WebhookEndpoint
from outbox.services.deliver import deliver_due
from outbox.services.endpoints import delete_endpoint, rotate_secret
from outbox.services.enqueue import Event, enqueue_events
from tests.outbox.clock import NOW, at, event_id

pytestmark = pytest.mark.django_db(transaction=True)


def queue(number=1):
    enqueue_events(events=[Event(event_id(number), "alert.opened", {"sku": "苹果"})], now=NOW)


def answers(httpserver, *answers):
    """The receiver gives these answers in turn, then 200 for ever; returns the list of requests it got."""
    requests, waiting = [], list(answers)

    def receive(request):
        requests.append((dict(request.headers), request.get_data()))
        return waiting.pop(0) if waiting else Response(status=200)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(receive)
    return requests


def verified(secret, body, headers):
    """What the official library makes of a request that arrives when it was sent, however long the tests have run."""
    with time_machine.travel(NOW, tick=False):
        return Webhook(secret).verify(body, headers)


def test_the_official_library_verifies_what_arrives(httpserver, endpoint):
    requests = answers(httpserver)
    queue()
    assert deliver_due(clock=at()) == 1
    headers, body = requests[0]
    assert verified(endpoint.secret, body, headers)["data"] == {"sku": "苹果"}
    with pytest.raises(WebhookVerificationError):
        verified(endpoint.secret, body + b" ", headers)
    assert DeliveryAttempt.objects.get().detail == "answered 200"


def test_retries_keep_the_id_and_follow_the_schedule(httpserver, endpoint):
    requests = answers(httpserver, Response(status=500), Response(status=503))
    queue()
    deliver_due(clock=at())
    assert Message.objects.get().next_attempt_at == NOW + WEBHOOK_WAITS[0]
    assert deliver_due(clock=at(seconds=4)) == 0
    deliver_due(clock=at(seconds=5))
    assert Message.objects.get().next_attempt_at == NOW + timedelta(seconds=5) + WEBHOOK_WAITS[1]
    deliver_due(clock=at(seconds=305))
    assert len({headers["Webhook-Id"] for headers, _body in requests}) == 1
    assert Message.objects.get().state == MessageState.SENT
    assert WebhookEndpoint.objects.get().failures == 0


def test_a_message_is_given_up_after_the_last_try(httpserver, endpoint):
    answers(httpserver, Response("no", status=422))
    queue()
    Message.objects.update(attempts=len(WEBHOOK_WAITS))
    deliver_due(clock=at())
    assert (Message.objects.get().state, Message.objects.get().last_error) == (MessageState.FAILED, "422 no")


def test_retry_after_is_obeyed(httpserver, endpoint):
    answers(httpserver, Response(status=429, headers={"Retry-After": "120"}))
    queue()
    queue(2)
    deliver_due(clock=at())
    assert deliver_due(clock=at(seconds=119)) == 0
    assert deliver_due(clock=at(seconds=121)) == 2


def test_gone_switches_the_endpoint_off_and_tells_its_owner(httpserver, endpoint, django_user_model):
    owner = django_user_model.objects.create_user("owner", email="owner@example.com")
    WebhookEndpoint.objects.update(created_by=owner)
    requests = answers(httpserver, Response(status=410))
    queue()
    queue(2)
    deliver_due(clock=at())
    assert len(requests) == 1
    assert WebhookEndpoint.objects.get().disabled_at == NOW
    assert Message.objects.get(event_type="endpoint.disabled").target == "owner@example.com"
    assert set(Message.objects.filter(channel="webhook").values_list("state", flat=True)) == {MessageState.FAILED}


def test_days_of_failure_switch_the_endpoint_off(httpserver, endpoint):
    answers(httpserver, Response(status=500))
    WebhookEndpoint.objects.update(failures=8, failing_since=NOW - timedelta(days=3, seconds=1))
    queue()
    queue(2)
    deliver_due(clock=at())
    assert WebhookEndpoint.objects.get().disabled_at == NOW
    # Also the one that failed just then: nothing would ever try it again, nor forget it.
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.FAILED}


def test_what_fails_while_its_endpoint_is_deleted_is_given_up(httpserver, endpoint, django_user_model):
    person = django_user_model.objects.create_user("admin")

    def delete_and_fail(request):
        delete_endpoint(endpoint_id=endpoint.pk, actor=person, now=NOW)
        connection.close()
        return Response(status=500)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(delete_and_fail)
    queue()
    deliver_due(clock=at())
    assert Message.objects.get().state == MessageState.FAILED


def test_a_message_that_the_receiver_rejects_does_not_hold_up_the_next(httpserver, endpoint):
    requests = answers(httpserver, Response(status=422))
    queue()
    queue(2)
    assert deliver_due(clock=at()) == 2
    assert len(requests) == 2
    assert WebhookEndpoint.objects.get().paused_until is None


def test_after_an_outage_everything_goes_out_at_the_first_success(httpserver, endpoint):
    requests = answers(httpserver)
    for number in range(3):
        queue(number)
    Message.objects.update(attempts=6, next_attempt_at=NOW + timedelta(hours=14))
    Message.objects.filter(event_id=event_id(0)).update(next_attempt_at=NOW)
    WebhookEndpoint.objects.update(failures=6, failing_since=NOW - timedelta(days=1))
    deliver_due(clock=at())
    assert len(requests) == 3


def test_a_redirect_is_a_failure_and_is_not_followed(httpserver, endpoint):
    httpserver.expect_request("/elsewhere").respond_with_data("secret")
    answers(httpserver, Response(status=302, headers={"Location": httpserver.url_for("/elsewhere")}))
    queue()
    deliver_due(clock=at())
    assert [request.path for request, _response in httpserver.log] == ["/hook"]
    assert Message.objects.get().state == MessageState.DUE


def test_both_secrets_sign_while_they_are_being_changed(httpserver, endpoint, django_user_model):
    requests = answers(httpserver)
    rotated = rotate_secret(endpoint_id=endpoint.pk, actor=django_user_model.objects.create_user("a"), now=NOW)
    queue()
    deliver_due(clock=at())
    headers, body = requests[0]
    for secret in (endpoint.secret, rotated.secret):
        assert verified(secret, body, headers)
    assert endpoint.secret != rotated.secret
