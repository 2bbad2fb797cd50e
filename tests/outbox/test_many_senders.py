import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from email import message_from_bytes

import pytest
from django.conf import settings as project_settings
from django.db import connection
from werkzeug import Response

from outbox.models import DeliveryAttempt, Message, MessageState
from outbox.services.claim import LEASE, Outcome, claim_email, settle
from outbox.services.deliver import deliver_due
from outbox.services.enqueue import Event, enqueue_email, enqueue_events
from tests.outbox.clock import NOW, at, event_id, from_now

pytestmark = pytest.mark.django_db(transaction=True)


def queue_mails(count):
    for number in range(count):
        enqueue_email(event_id=event_id(number), event_type="t", to="a@example.com", subject="", text="", now=NOW)


def four_senders(clock):
    senders = [threading.Thread(target=deliver_and_close, args=(clock,)) for _number in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def deliver_and_close(clock):
    deliver_due(clock=clock)
    connection.close()


def test_four_senders_send_each_mail_once(mailbox):
    queue_mails(40)
    four_senders(at())
    numbers = Counter(message_from_bytes(mail.content)["Message-ID"] for mail in mailbox.mails)
    assert set(numbers.values()) == {1}
    assert len(numbers) == 40


def test_four_senders_never_have_two_messages_under_way_to_one_receiver(httpserver, endpoint):
    lock, moment, now_inside, most, ids = threading.Lock(), threading.Event(), [0], [0], Counter()

    def receive(request):
        with lock:
            now_inside[0] += 1
            most[0] = max(most[0], now_inside[0])
            ids[request.headers["Webhook-Id"]] += 1
        moment.wait(0.01)
        with lock:
            now_inside[0] -= 1
        return Response(status=200)

    httpserver.expect_request("/hook").respond_with_handler(receive)
    for number in range(30):
        enqueue_events(events=[Event(event_id(number), "t.t", {})], now=NOW)
    while Message.objects.exclude(state=MessageState.SENT).exists():
        four_senders(at())
    assert (most[0], len(ids), set(ids.values())) == (1, 30, {1})


def test_a_sender_that_lost_its_lease_changes_nothing():
    queue_mails(1)
    slow = claim_email(now=NOW)
    assert claim_email(now=NOW + LEASE) is None
    fast = claim_email(now=NOW + LEASE * 1.01)
    assert settle(claim=fast, outcome=Outcome(True, "sent", 1), now=NOW)
    assert not settle(claim=slow, outcome=Outcome(False, "late", 1), now=NOW)
    assert (Message.objects.get().state, Message.objects.get().attempts) == (MessageState.SENT, 2)


# Dies as if by kill -9 at the first call of the named function; `before` it is called.
DYING_SENDER = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from outbox.services import deliver
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])
setattr(deliver, sys.argv[2], lambda *arguments, **named: os.kill(os.getpid(), signal.SIGKILL))
deliver.deliver_one_email(clock=timezone.now)
"""


def die_at(step, mailbox_port):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "WORKER_DATABASE": connection.settings_dict["NAME"],
        "WORKER_REDIS": project_settings.REDIS_URL,
    }
    done = subprocess.run(
        [sys.executable, "-c", DYING_SENDER, str(mailbox_port), step], cwd=project_settings.BASE_DIR, env=environment
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("step", "copies"), [("send_email", 1), ("settle", 2)])
def test_a_sender_that_is_killed_loses_nothing_and_repeats_one_at_most(mailbox, settings, step, copies):
    queue_mails(3)
    die_at(step, settings.EMAIL_PORT)
    assert Message.objects.get(state=MessageState.SENDING).attempts == 1
    deliver_due(clock=from_now(seconds=30))
    assert len(mailbox.mails) == copies + 1, "what the dead one held is left alone while its lease lasts"
    deliver_due(clock=from_now(minutes=5))
    counts = Counter(message_from_bytes(mail.content)["Message-ID"] for mail in mailbox.mails)
    assert sorted(counts.values()) == [1, 1, copies]
    assert DeliveryAttempt.objects.filter(is_success=True).count() == 3
