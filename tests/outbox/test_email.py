from email import message_from_bytes

import pytest

from outbox.models import DeliveryAttempt, Message, MessageState
from outbox.services.deliver import deliver_due
from outbox.services.enqueue import Attachment, enqueue_email
from tests.outbox.clock import NOW, at, event_id

pytestmark = pytest.mark.django_db(transaction=True)


def queue(number=1, to="anna@example.com", **fields):
    enqueue_email(event_id=event_id(number), event_type="t", to=to, subject="有货", text="Low: A", now=NOW, **fields)


def parsed(mailbox):
    return [message_from_bytes(envelope.content) for envelope in mailbox.mails]


def test_a_mail_arrives_with_its_html_and_its_files(mailbox):
    queue(html="<p>Low: A</p>", attachments=[Attachment("order.csv", "text/csv", b"a,b\n")])
    assert deliver_due(clock=at()) == 1
    parts = [(part.get_content_type(), part.get_filename()) for part in parsed(mailbox)[0].walk()]
    assert ("text/html", None) in parts
    assert ("text/csv", "order.csv") in parts
    assert mailbox.mails[0].rcpt_tos == ["anna@example.com"]
    assert Message.objects.get().state == MessageState.SENT
    assert DeliveryAttempt.objects.get().is_success


def test_what_was_sent_is_not_sent_again(mailbox):
    queue()
    deliver_due(clock=at())
    assert deliver_due(clock=at(days=2)) == 0
    assert len(mailbox.mails) == 1


def test_a_server_that_is_away_loses_nothing(mailbox, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for number in range(20):
        queue(number)
    tries = deliver_due(clock=at())
    assert 1 <= tries <= 2, "one failure speaks for all, and two senders may fail at once"
    settings.EMAIL_PORT = port
    deliver_due(clock=at(minutes=1))
    assert len(mailbox.mails) == 20


def test_an_address_that_is_refused_for_good_is_given_up_at_once(mailbox):
    mailbox.answer = "550 no such mailbox"
    queue()
    deliver_due(clock=at())
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.FAILED, "550 no such mailbox")


@pytest.mark.parametrize("answer", ["530 authentication required", "550 sender not allowed", "451 later"])
def test_a_refused_sender_is_a_fault_of_our_settings_and_loses_nothing(mailbox, answer):
    mailbox.answer_to_sender = answer
    for number in range(5):
        queue(number)
    assert 1 <= deliver_due(clock=at()) <= 2, "the next mail would be refused likewise"
    assert not Message.objects.exclude(state=MessageState.DUE).exists()
    mailbox.answer_to_sender = "250 OK"
    deliver_due(clock=at(minutes=1))
    assert len(mailbox.mails) == 5


def test_a_mail_that_is_too_large_for_the_server_is_given_up_at_once(mailbox):
    mailbox.answer_to_sender = "552 message exceeds the size limit"
    queue()
    deliver_due(clock=at())
    assert Message.objects.get().state == MessageState.FAILED


def test_a_temporary_refusal_is_tried_again_with_the_same_message_id(mailbox):
    mailbox.answer = "451 later"
    queue()
    deliver_due(clock=at())
    assert Message.objects.get().state == MessageState.DUE
    mailbox.answer = "250 OK"
    assert deliver_due(clock=at(seconds=4)) == 0
    assert deliver_due(clock=at(seconds=6)) == 1
    assert parsed(mailbox)[0]["Message-ID"].endswith("@localhost>")


def test_a_line_break_in_an_address_or_subject_cannot_add_a_header(mailbox):
    queue(to="anna@example.com\nBcc: eve@example.com")
    enqueue_email(
        event_id=event_id(2), event_type="t", to="ben@example.com", subject="A\nBcc: eve@example.com", text="", now=NOW
    )
    deliver_due(clock=at())
    assert [mail.rcpt_tos for mail in mailbox.mails] == [["ben@example.com"]]
    assert parsed(mailbox)[0]["Bcc"] is None
    assert Message.objects.get(event_id=event_id(1)).state == MessageState.FAILED
