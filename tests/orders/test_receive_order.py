"""Receiving: whole or in part, once, never more than was ordered, and always with its movements."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.errors import KeyAlreadyUsed
from inventory.models import Movement, StockLevel
from orders.errors import OverReceipt
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, Receipt, ReplenishmentProposal
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import cancel_order, close_order, mark_order_sent
from orders.services.receipts import receive_order
from outbox.models import Message
from suppliers.models import ObservedLeadTime
from tests.orders.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def order(firm, plan):
    plan()
    return approve_proposals(
        proposal_ids=ReplenishmentProposal.objects.values_list("pk", flat=True), user=None, now=NOW
    ).orders[0]


def receive(order, quantities=None, key="r1"):
    return receive_order(order_id=order.pk, key=key, user=None, now=LATER, quantities=quantities)


def line_of(order, sku):
    return order.lines.get(sku=sku)


def on_hand(sku):
    return StockLevel.objects.filter(sku=sku).values_list("on_hand", flat=True).first()


def test_the_whole_order(firm, order):
    receipt = receive(order)
    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED
    assert (on_hand(firm.tea), on_hand(firm.salt)) == (24, 18)
    movement = Movement.objects.get(sku=firm.tea)
    assert (movement.posting_id, movement.unit_price) == (receipt.posting_id, 2)
    assert receipt.posting.source_id == order.pk


def test_it_teaches_how_long_the_supplier_took(firm, order):
    receive(order)
    seen = ObservedLeadTime.objects.get(sku=firm.tea)
    assert (seen.ordered_on, seen.expected_on) == (TODAY, TODAY + timedelta(days=2))
    assert seen.received_on == TODAY + timedelta(days=3)


def test_a_part_and_then_the_rest(firm, order):
    receive(order, {line_of(order, firm.tea).pk: Decimal(10)})
    order.refresh_from_db()
    assert order.state == OrderState.PARTLY_RECEIVED
    assert on_hand(firm.salt) is None
    receive(order, key="r2")
    order.refresh_from_db()
    assert (order.state, on_hand(firm.tea)) == (OrderState.RECEIVED, 24)


def test_what_is_partly_received_counts_once(firm, order, plan):
    receive(order, {line_of(order, firm.tea).pk: Decimal(10)})
    assert plan(now=LATER).created == 0


def test_the_same_receipt_again_changes_nothing(firm, order):
    first, second = receive(order), receive(order)
    assert first.pk == second.pk
    assert on_hand(firm.tea) == 24
    assert ObservedLeadTime.objects.count() == 2


def test_a_key_belongs_to_one_order(firm, order):
    receive(order)
    other = PurchaseOrder.objects.get(pk=order.pk)
    other.pk, other.number = None, "PO-x"
    other.save(force_insert=True)
    with pytest.raises(KeyAlreadyUsed):
        receive(other)


def test_a_key_belongs_to_its_quantities(firm, order):
    tea = line_of(order, firm.tea).pk
    first = receive(order, {tea: Decimal(10)})
    assert receive(order, {tea: Decimal(10)}).pk == first.pk
    with pytest.raises(KeyAlreadyUsed):
        receive(order, {tea: Decimal(11)})
    assert on_hand(firm.tea) == 10


def test_too_much_is_refused_with_the_line_named_and_nothing_written(firm, order):
    tea, salt = line_of(order, firm.tea), line_of(order, firm.salt)
    with pytest.raises(OverReceipt, match="tea: 25 came, at most 24") as refusal:
        receive(order, {tea.pk: Decimal(25), salt.pk: Decimal(1)})
    assert refusal.value.details == [{"line": tea.pk, "sku": "tea", "open": "24", "received": "25"}]
    assert not Movement.objects.exists()
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(("quantity", "said"), [("-1", "above zero"), ("0.5", "in whole units"), ("NaN", "a number")])
def test_odd_quantities_are_refused_and_the_line_says_why(firm, order, quantity, said):
    line = line_of(order, firm.tea)
    with pytest.raises(InvalidInput, match="tea: ") as refusal:
        receive(order, {line.pk: Decimal(quantity)})
    (detail,) = refusal.value.details
    assert (detail["line"], said in detail["message"]) == (line.pk, True)


@pytest.mark.parametrize("quantities", [{}, {999_999: Decimal(1)}])
def test_nothing_and_strange_lines_are_refused(order, quantities):
    with pytest.raises(InvalidInput):
        receive(order, quantities)


def test_a_received_order_cannot_be_received_again(order):
    receive(order)
    with pytest.raises(IllegalStateChange):
        receive(order, key="r2")


def test_a_cancelled_order_cannot_be_received(order):
    cancel_order(order_id=order.pk, user=None, now=NOW)
    with pytest.raises(IllegalStateChange):
        receive(order)
    assert not Movement.objects.exists()


def test_cancelling_tells_the_supplier_once_and_brings_the_need_back(firm, order, plan):
    for _ in range(2):
        cancel_order(order_id=order.pk, user=None, now=NOW)
    assert Message.objects.filter(event_type="purchase_order.cancelled", channel="email").count() == 1
    assert plan(now=LATER).created == 2


def test_what_partly_came_is_closed_and_not_cancelled(firm, order, plan):
    receive(order, {line_of(order, firm.tea).pk: Decimal(10)})
    with pytest.raises(IllegalStateChange, match="Close it"):
        cancel_order(order_id=order.pk, user=None, now=NOW)
    close_order(order_id=order.pk, user=None, now=NOW)
    assert plan(now=LATER).created == 2
    with pytest.raises(IllegalStateChange):
        receive(order, key="r2")


def test_an_order_sent_by_other_means(order):
    assert mark_order_sent(order_id=order.pk, user=None, now=NOW).state == OrderState.SENT
    assert mark_order_sent(order_id=order.pk, user=None, now=LATER).sent_at == NOW


@pytest.mark.parametrize("broken", [{"received": 25}, {"received": -1}, {"quantity": 0}])
def test_the_database_refuses_more_than_was_ordered(firm, order, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseOrderLine.objects.filter(sku=firm.tea).update(**broken)


def test_the_database_refuses_a_cancelled_order_without_its_time(order):
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseOrder.objects.update(state=OrderState.CANCELLED)
