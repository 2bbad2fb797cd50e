"""What a dead sender held is settled also where its endpoint was switched off, or deleted, since."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

from accounts.errors import IllegalStateChange
from outbox.models import Message, MessageState, WebhookEndpoint
from outbox.services.claim import LEASE, Outcome, claim_webhook, has_claimable, settle
from outbox.services.deliver import deliver_due
from outbox.services.endpoint_health import disable_endpoint
from outbox.services.endpoints import delete_endpoint, resend_message, update_endpoint
from outbox.services.enqueue import Event, enqueue_events
from outbox.services.stranded import give_up_stranded
from outbox.work import DELIVER
from tests.outbox.clock import NOW, at, event_id

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + LEASE * 1.01
OFF, GONE = "The endpoint was switched off.", "The endpoint was deleted."


@pytest.fixture
def admin(db):
    return get_user_model().objects.create_user("boss", role="administrator", sees_all_locations=True)


@pytest.fixture
def held(endpoint):
    """A message that a sender holds, and will never speak of again."""
    enqueue_events(events=[Event(event_id(1), "alert.opened", {})], now=NOW)
    return claim_webhook(now=NOW)


def end(endpoint, way, admin):
    if way == "off":
        disable_endpoint(endpoint=endpoint, reason="410", now=NOW)
    else:
        delete_endpoint(endpoint_id=endpoint.pk, actor=admin, now=NOW)


def said():
    message = Message.objects.get(channel="webhook")
    return (message.state, message.last_error)


@pytest.mark.parametrize(("way", "reason"), [("off", OFF), ("gone", GONE)])
def test_what_a_dead_sender_held_is_given_up(endpoint, admin, held, way, reason):
    end(endpoint, way, admin)
    deliver_due(clock=at(days=30))
    assert said() == (MessageState.SENDING, ""), "no sender ever claims it"
    assert not has_claimable(now=NOW + timedelta(days=30))
    assert give_up_stranded(now=LATER) == 1
    assert said() == (MessageState.FAILED, reason)
    assert give_up_stranded(now=LATER) == 0


def test_a_live_sender_keeps_what_it_holds(endpoint, admin, held):
    end(endpoint, "off", admin)
    assert give_up_stranded(now=NOW + LEASE) == 0
    assert settle(claim=held, outcome=Outcome(True, "answered 200", 1), now=NOW)
    assert said() == (MessageState.SENT, "")


def test_what_a_sender_put_back_is_given_up_too(endpoint, admin, held):
    """A refusal of the one message says nothing of the endpoint, so it asks for another try."""
    end(endpoint, "gone", admin)
    settle(claim=held, outcome=Outcome(False, "422", 1, retry_at=NOW + timedelta(hours=1)), now=NOW)
    assert give_up_stranded(now=NOW) == 1
    assert said() == (MessageState.FAILED, GONE)


def test_what_waits_for_an_endpoint_that_a_person_switched_off_waits(endpoint, admin, held):
    update_endpoint(endpoint_id=endpoint.pk, actor=admin, now=NOW, is_active=False)
    assert give_up_stranded(now=LATER) == 0
    update_endpoint(endpoint_id=endpoint.pk, actor=admin, now=NOW, is_active=True)
    assert claim_webhook(now=LATER).message == held.message


def test_it_does_not_wait_longer_than_any_message_is_tried(endpoint, admin, held):
    update_endpoint(endpoint_id=endpoint.pk, actor=admin, now=NOW, is_active=False)
    assert give_up_stranded(now=NOW + timedelta(days=3)) == 0
    assert give_up_stranded(now=NOW + timedelta(days=3, seconds=1)) == 1
    assert said() == (MessageState.FAILED, OFF)


def test_of_an_endpoint_that_is_on_nothing_is_given_up_for_its_age(endpoint, admin, held):
    assert give_up_stranded(now=NOW + timedelta(days=30)) == 0


def test_the_endpoint_that_is_on_again_gets_it(endpoint, admin, held):
    end(endpoint, "off", admin)
    update_endpoint(endpoint_id=endpoint.pk, actor=admin, now=NOW, is_active=True)
    assert give_up_stranded(now=LATER) == 0
    assert claim_webhook(now=LATER).message == held.message


@pytest.mark.parametrize(("way", "why"), [("off", "switched off. Switch it on"), ("gone", "was deleted, so nothing")])
def test_nothing_is_sent_again_where_nothing_is_sent(endpoint, admin, held, way, why):
    end(endpoint, way, admin)
    give_up_stranded(now=LATER)
    with pytest.raises(IllegalStateChange, match=why):
        resend_message(message_id=held.message.pk, actor=admin, now=LATER)
    assert said()[0] == MessageState.FAILED
    assert WebhookEndpoint.objects.count() == (way == "off")


def test_each_turn_of_the_sender_begins_with_it(endpoint, admin, held):
    end(endpoint, "off", admin)
    (step,) = DELIVER.steps
    step.work(SimpleNamespace(now=LATER))
    assert said() == (MessageState.FAILED, OFF)
