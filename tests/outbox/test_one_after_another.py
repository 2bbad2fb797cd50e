"""An e-mail that takes an earlier one back is never heard before it."""

from email import message_from_bytes

import pytest

from outbox.services.claim import LEASE, claim_email
from outbox.services.deliver import deliver_due
from outbox.services.enqueue import Email, enqueue_emails
from tests.outbox.clock import NOW, at, event_id

pytestmark = pytest.mark.django_db(transaction=True)


def queue(number, subject, after=None, to="acme@example.com"):
    before = None if after is None else event_id(after)
    enqueue_emails(emails=[Email(event_id(number), "t", to, subject, "", after=before)], now=NOW)


@pytest.fixture
def heard(mailbox):
    """The order waits, and its cancellation behind it."""
    queue(1, "Order")
    queue(2, "Cancelled", after=1)
    return lambda: [message_from_bytes(mail.content)["Subject"] for mail in mailbox.mails]


def test_both_go_out_in_their_order(heard):
    assert deliver_due(clock=at()) == 2
    assert heard() == ["Order", "Cancelled"]


def test_a_sender_that_died_with_the_first_is_waited_for(heard):
    claim_email(now=NOW)
    assert deliver_due(clock=at(seconds=1)) == 0
    deliver_due(clock=lambda: NOW + LEASE * 1.01)
    assert heard() == ["Order", "Cancelled"]


def test_a_first_that_is_refused_for_now_is_waited_for(heard, mailbox):
    mailbox.answer = "450 later"
    assert deliver_due(clock=at()) == 1
    mailbox.answer = "250 OK"
    assert deliver_due(clock=at(seconds=1)) == 0
    deliver_due(clock=at(hours=1))
    assert heard() == ["Order", "Cancelled"]


def test_a_first_that_was_given_up_is_not_waited_for(heard, mailbox):
    mailbox.answer = "550 never"
    deliver_due(clock=at())
    assert heard() == []
    queue(3, "Cancelled again", after=1)
    mailbox.answer = "250 OK"
    deliver_due(clock=at(seconds=1))
    assert heard() == ["Cancelled again"]


def test_another_address_does_not_wait(heard, mailbox):
    queue(3, "Changed", after=1, to="new@example.com")
    claim_email(now=NOW)
    assert deliver_due(clock=at(seconds=1)) == 1
    assert heard() == ["Changed"]
