"""Who approved an order hears that its e-mail was given up, instead of waiting for goods that nobody sends."""

import pytest

from accounts.models import AuditEvent, User
from orders.models import OrderState, ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.services.decisions import approve_proposals
from orders.services.order_mail import APPROVED
from orders.services.purchase_orders import mark_sent_orders
from orders.services.undelivered import UNDELIVERED, tell_undelivered
from outbox.models import Message, MessageState
from tests.orders.conftest import NOW

pytestmark = pytest.mark.django_db
REASON = "550 no such mailbox"


@pytest.fixture
def order(firm, plan):
    plan()
    firm.buyer.email = "buyer@example.test"
    firm.buyer.save()
    ids = ReplenishmentProposal.objects.filter(state=ProposalState.OPEN).values_list("pk", flat=True)
    (made,) = approve_proposals(proposal_ids=ids, user=firm.buyer, now=NOW).orders
    return made


def give_up():
    Message.objects.filter(event_type=APPROVED).update(state=MessageState.FAILED, last_error=REASON)


def told():
    return list(Message.objects.filter(event_type=UNDELIVERED).values_list("target", "payload"))


def test_who_approved_it_is_told_once_with_the_reason(firm, order):
    give_up()
    assert [tell_undelivered(now=NOW) for _twice in range(2)] == [1, 0]
    ((target, mail),) = told()
    assert target == "buyer@example.test"
    assert order.number in mail["subject"] and REASON in mail["text"] and f"/orders/{order.pk}/" in mail["text"]
    assert AuditEvent.objects.get(action=UNDELIVERED, object_id=str(order.pk)).data["reason"] == REASON


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_is_told_in_their_language(firm, order, language):
    firm.buyer.language = language
    firm.buyer.save()
    give_up()
    tell_undelivered(now=NOW)
    assert ("未能送达" in told()[0][1]["subject"]) == (language == "zh-hans")


def test_one_that_waits_or_was_sent_is_no_news(order):
    assert tell_undelivered(now=NOW) == 0
    Message.objects.filter(event_type=APPROVED).update(state=MessageState.SENT)
    mark_sent_orders(now=NOW)
    assert (tell_undelivered(now=NOW), told()) == (0, [])


def test_one_that_somebody_sent_otherwise_or_cancelled_is_no_news(order):
    give_up()
    PurchaseOrder.objects.update(state=OrderState.SENT)
    assert tell_undelivered(now=NOW) == 0


def test_without_an_address_it_stands_in_the_history_alone(firm, order):
    firm.buyer.email = ""
    firm.buyer.save()
    give_up()
    assert tell_undelivered(now=NOW) == 1
    assert told() == []


def test_where_who_approved_it_has_left_administrators_hear_of_it(firm, order):
    for name, fields in (("ada", {}), ("off", {"is_active": False}), ("bo", {"email": ""})):
        fields = {"email": f"{name}@example.test", "sees_all_locations": True, **fields}
        User.objects.create_user(name, role="administrator", **fields)
    User.objects.filter(pk=firm.buyer.pk).update(is_active=False)
    give_up()
    tell_undelivered(now=NOW)
    assert [target for target, _mail in told()] == ["ada@example.test"]
