"""Approval: one order per supplier and location, one transfer per pair of places, once however often it is asked
for."""

import base64
import csv
import io
from datetime import timedelta

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent
from inventory.errors import KeyAlreadyUsed
from inventory.models import Listing, Location, Transfer
from orders.errors import AlreadyDecided
from orders.models import OrderState, ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import mark_sent_orders
from orders.services.splits import split_proposal
from outbox.models import Message, MessageState, WebhookEndpoint
from tests.orders.conftest import AS_OF, NOW, TODAY, add_stock, foresee, make_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposals(firm, plan):
    plan()
    return list(ReplenishmentProposal.objects.filter(state=ProposalState.OPEN).order_by("pk"))


def approve(proposals, key="", user=None, now=NOW):
    return approve_proposals(proposal_ids=[p.pk for p in proposals], user=user, now=now, key=key)


def test_all_lines_of_a_supplier_become_one_order(firm, proposals):
    (order,) = approve(proposals, user=firm.buyer).orders
    lines = {line.sku.code: (line.quantity, line.unit_price) for line in order.lines.select_related("sku")}
    assert lines == {"tea": (24, 2), "salt": (18, 2)}
    assert (order.state, order.supplier, order.location) == (OrderState.APPROVED, firm.acme, firm.shop)
    assert (order.total, order.currency, order.approved_by) == (84, "EUR", firm.buyer)
    assert (order.ordered_on, order.expected_on) == (TODAY, TODAY + timedelta(days=2))
    assert order.number.startswith("PO-2026-")
    assert AuditEvent.objects.filter(action="purchase_order.approved", object_id=str(order.pk)).exists()


def test_each_supplier_gets_an_order_of_its_own(firm, plan):
    make_terms(firm.best, firm.tea, priority=0)
    plan()
    orders = approve(ReplenishmentProposal.objects.all()).orders
    assert {order.supplier for order in orders} == {firm.acme, firm.best}
    assert orders[0].number != orders[1].number


def test_the_supplier_gets_the_order_by_mail_with_a_table(firm, proposals):
    firm.acme.terms.filter(sku=firm.tea).update(supplier_code="A-1")
    (order,) = approve(proposals).orders
    message = Message.objects.get(channel="email")
    assert (message.target, message.event_id) == ("acme@example.test", order.event_id)
    assert order.number in message.payload["subject"]
    paper, attached = message.payload["attachments"]
    assert base64.b64decode(paper["base64"]).startswith(b"%PDF")
    table = base64.b64decode(attached["base64"]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[2] == ["tea", "A-1", "Name of tea", "each", "24", "2", "48", "2026-03-12", "Shop (SHOP)"]


def test_nothing_of_a_name_becomes_a_formula(firm, proposals):
    firm.tea.name = "=1+1"
    firm.tea.save()
    approve(proposals)
    attachment = Message.objects.get(channel="email").payload["attachments"][1]
    assert "'=1+1" in base64.b64decode(attachment["base64"]).decode("utf-8-sig")


def test_other_programs_are_told(firm, proposals):
    WebhookEndpoint.objects.create(url="https://example.test/hook", secret="whsec_x", created_at=NOW)
    (order,) = approve(proposals).orders
    body = Message.objects.get(channel="webhook").payload
    assert body["type"] == "purchase_order.approved"
    assert (body["data"]["number"], len(body["data"]["lines"])) == (order.number, 2)


def test_a_double_click_gives_one_order(firm, proposals):
    first, second = approve(proposals, key="click-1"), approve(proposals, key="click-1")
    assert [order.pk for order in first.orders] == [order.pk for order in second.orders]
    assert PurchaseOrder.objects.count() == 1
    assert Message.objects.count() == 1


def test_without_a_key_the_second_click_is_refused_by_name(firm, proposals):
    approve(proposals)
    with pytest.raises(AlreadyDecided, match="tea") as refusal:
        approve(proposals[:1])
    assert refusal.value.details == [{"id": proposals[0].pk, "sku": "tea", "state": "approved"}]
    assert PurchaseOrder.objects.count() == 1


def test_one_decided_line_refuses_all_of_them(firm, proposals):
    approve(proposals[:1])
    with pytest.raises(AlreadyDecided):
        approve(proposals)
    proposals[1].refresh_from_db()
    assert proposals[1].state == ProposalState.OPEN


def test_a_key_is_not_used_for_other_proposals(firm, proposals):
    approve(proposals[:1], key="click-1")
    with pytest.raises(KeyAlreadyUsed):
        approve(proposals[1:], key="click-1")


def test_nothing_chosen(firm):
    with pytest.raises(InvalidInput):
        approve([])


def test_unknown_proposals_are_refused(firm):
    with pytest.raises(ReplenishmentProposal.DoesNotExist):
        approve_proposals(proposal_ids=[999], user=None, now=NOW)


def test_what_was_ordered_counts_so_the_need_is_gone(firm, plan, proposals):
    approve(proposals)
    for day in range(3):
        result = plan(as_of=AS_OF + timedelta(days=day), now=NOW + timedelta(days=day, minutes=1))
        assert result.created == 0
    assert not ReplenishmentProposal.objects.filter(state=ProposalState.OPEN).exists()


def test_a_store_is_supplied_from_the_depot_by_a_draft_transfer(firm, plan):
    Location.objects.filter(pk=firm.shop.pk).update(supplied_by=firm.depot)
    add_stock(firm.tea, firm.depot, 100)
    plan()
    proposal = ReplenishmentProposal.objects.get(sku=firm.tea)
    assert (proposal.source, proposal.supplier, proposal.unit_price) == (firm.depot, None, 2)
    (transfer,) = approve([proposal]).transfers
    line = transfer.lines.get()
    assert (transfer.state, line.sku, line.quantity) == ("draft", firm.tea, proposal.quantity)
    assert plan(now=NOW + timedelta(minutes=1)).created == 0


def test_the_depot_does_not_promise_the_same_units_to_two_stores(firm, plan):
    Location.objects.filter(pk__in=[firm.shop.pk, firm.other.pk]).update(supplied_by=firm.depot)
    Listing.objects.create(sku=firm.tea, location=firm.other, listed_on=TODAY)
    foresee(firm.run, firm.tea, firm.other, 2.0)
    add_stock(firm.tea, firm.depot, 25)
    plan()
    plan(firm.other)
    moved = ReplenishmentProposal.objects.filter(source=firm.depot)
    assert sum(proposal.quantity for proposal in moved) <= 25
    assert ReplenishmentProposal.objects.get(location=firm.other).supplier == firm.acme
    assert Transfer.objects.count() == 0


def test_an_order_is_sent_once_its_mail_was_handed_over(firm, proposals):
    (order,) = approve(proposals).orders
    assert mark_sent_orders(now=NOW) == 0
    Message.objects.update(state=MessageState.SENT)
    assert mark_sent_orders(now=NOW) == 1
    order.refresh_from_db()
    assert (order.state, order.sent_at) == (OrderState.SENT, NOW)


@pytest.mark.parametrize("lines", [1, 2])
def test_the_statements_do_not_grow_with_the_lines(proposals, django_assert_num_queries, lines):
    with django_assert_num_queries(20):
        approve(proposals[:lines])


@pytest.mark.parametrize("given_up", ["tea", "shop"])
def test_what_was_given_up_since_the_night_is_named_and_nothing_is_bought(firm, proposals, given_up):
    type(getattr(firm, given_up)).objects.filter(pk=getattr(firm, given_up).pk).update(is_active=False)
    with pytest.raises(IllegalStateChange, match="tea"):
        approve(proposals)
    (tea,) = [row for row in proposals if row.sku == firm.tea]
    with pytest.raises(IllegalStateChange, match="tea"):
        split_proposal(proposal_id=tea.pk, wanted={firm.acme.pk: None}, user=None, now=NOW)
    assert not PurchaseOrder.objects.exists()
