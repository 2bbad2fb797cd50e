"""Days in e-mails are written with the name of their month, in the language of who reads: programs write 2026-03-11."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from alerts.models import Alert
from alerts.services.wording import alert_line
from orders.models import PurchaseOrder
from orders.services.decisions import approve_proposals
from orders.services.revisions import LineChange, revise_order
from outbox.models import Message
from tests.orders.conftest import NOW, TODAY, ask_for
from tests.orders.test_supply_requests import ask

pytestmark = pytest.mark.django_db

PROGRAM_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def body(event):
    payload = Message.objects.get(event_type=event, channel="email").payload
    return f"{payload['subject']}\n{payload['text']}"


def order_of_tea(firm):
    approve_proposals(proposal_ids=[ask_for(firm, firm.tea, 48).pk], user=firm.buyer, now=NOW)
    return PurchaseOrder.objects.get()


def test_a_supplier_reads_the_day_of_an_order_in_their_language(firm):
    firm.acme.language = "zh-hans"
    firm.acme.save()
    order = order_of_tea(firm)
    day = order.expected_on
    assert f"{day.year}年{day.month}月{day.day}日" in body("purchase_order.approved")


def test_a_changed_day_is_written_beside_the_one_before(firm):
    order = order_of_tea(firm)
    change = LineChange(Decimal(24), TODAY + timedelta(days=9))
    revise_order(order_id=order.pk, changes={order.lines.get().pk: change}, user=firm.buyer, now=NOW)
    said = body("purchase_order.revised")
    assert "expected on Mar 19, 2026 (was Mar " in said
    assert not PROGRAM_DAY.search(said)


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("late_order", {"supplier": "Acme", "expected_on": "2026-03-09"}, "expected on Mar 9 "),
        ("short_order", {"supplier": "Acme", "promised_on": "2026-03-12"}, "later, on Mar 12."),
    ],
)
def test_a_digest_says_which_day_an_order_was_or_will_be_there(firm, kind, facts, said):
    with translation.override("en"):
        assert said in alert_line(Alert(kind=kind, location=firm.shop, subject="PO-1", facts=facts))


def test_suppliers_who_are_asked_urgently_read_the_last_day(firm):
    ask(firm)
    said = Message.objects.filter(event_type="supply_request.asked", channel="email").first().payload
    assert "by Mar 12, 2026" in said["subject"]
    assert not PROGRAM_DAY.search(said["subject"] + said["text"])
