import pytest
from django.db import transaction

from outbox.models import Channel, Message
from outbox.services.enqueue import Event, enqueue_email, enqueue_events
from tests.outbox.clock import NOW, event_id
from tests.outbox.conftest import make_endpoint

pytestmark = pytest.mark.django_db


def mail(to="anna@example.com", number=1):
    enqueue_email(event_id=event_id(number), event_type="t", to=to, subject="S", text="T", now=NOW)


def test_the_same_event_to_the_same_address_is_queued_once():
    for _time in range(3):
        mail()
    mail(to="ben@example.com")
    mail(number=2)
    assert Message.objects.count() == 3


def test_a_rolled_back_act_leaves_no_message():
    with pytest.raises(RuntimeError), transaction.atomic():
        mail()
        raise RuntimeError
    assert not Message.objects.exists()


def test_each_active_endpoint_that_wants_the_type_gets_one_message():
    everything = make_endpoint("https://a.example/")
    alerts_only = make_endpoint("https://b.example/", event_types=["alert.opened"])
    make_endpoint("https://c.example/", event_types=["order.sent"])
    make_endpoint("https://d.example/", is_active=False)
    make_endpoint("https://e.example/", disabled_at=NOW)
    for _time in range(2):
        enqueue_events(events=[Event(event_id(1), "alert.opened", {"sku": "A"})], now=NOW)
    messages = Message.objects.filter(channel=Channel.WEBHOOK)
    assert sorted(messages.values_list("target", flat=True)) == sorted([str(everything.pk), str(alerts_only.pk)])
    assert messages[0].payload == {"type": "alert.opened", "timestamp": NOW.isoformat(), "data": {"sku": "A"}}
