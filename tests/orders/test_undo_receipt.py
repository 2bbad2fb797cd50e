"""A receipt that was a mistake: its goods go, what it filled is open again, and nothing of it is remembered but why."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent, Role
from inventory.domain.goods import LotName
from inventory.errors import OutOfStock
from inventory.models import LotLevel, Movement, StockLevel
from inventory.services.lot_tracking import start_lot_tracking
from inventory.services.reversals import why_not_reversible
from orders.models import BuyingSettings, OrderState, PurchaseOrderLine
from orders.services.purchase_orders import close_order
from orders.services.receipt_undoing import undo_receipt
from orders.services.receipts import receive_order
from orders.services.supplier_returns import return_goods
from outbox.models import Message
from suppliers.models import ObservedLeadTime
from tests.orders.conftest import NOW, TODAY, sent_order, take_stock
from tests.pages.conftest import make_user, signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def order(firm):
    """Ten of tea and ten of salt."""
    made = sent_order(firm)
    made.sent_at = NOW
    made.save(update_fields=["sent_at"])
    return made


@pytest.fixture
def manager(firm):
    return signed_in(make_user("maria", Role.MANAGER, firm.shop))


def line_of(order, sku):
    return order.lines.get(sku=sku)


def receive(order, sku, units, key="r1", at=LATER, lot=None):
    line = line_of(order, sku).pk
    lots = {line: LotName(lot)} if lot else None
    return receive_order(order_id=order.pk, key=key, user=None, now=at, quantities={line: Decimal(units)}, lots=lots)


def undo(receipt, reason="Typed twice"):
    return undo_receipt(receipt_id=receipt.pk, reason=reason, user=None, now=LATER + timedelta(hours=1))


def state_of(order):
    order.refresh_from_db()
    return order.state


def on_hand(sku):
    return StockLevel.objects.get(sku=sku).on_hand


def test_it_leaves_the_shelf_is_expected_again_and_taught_nothing(firm, order):
    receipt = receive(order, firm.tea, 10)
    assert state_of(order) == OrderState.PARTLY_RECEIVED and ObservedLeadTime.objects.count() == 1
    undo(receipt)
    line = line_of(order, firm.tea)
    assert (line.received, line.is_closed, line.arrived_on, state_of(order)) == (0, False, None, OrderState.SENT)
    assert on_hand(firm.tea) == 0 and not ObservedLeadTime.objects.exists()
    back = Movement.objects.get(kind="reversal")
    assert (back.reverses.posting_id, back.posting.note) == (receipt.posting_id, "Typed twice")
    assert receive(order, firm.tea, 10, key="r2").pk != receipt.pk and on_hand(firm.tea) == 10


def test_what_other_receipts_brought_stays(firm, order):
    first = receive(order, firm.tea, 4)
    second = receive(order, firm.tea, 6, key="r2", at=LATER + timedelta(days=1))
    undo(second)
    line = line_of(order, firm.tea)
    assert (line.received, line.arrived_on) == (4, TODAY + timedelta(days=3))
    assert state_of(order) == OrderState.PARTLY_RECEIVED and on_hand(firm.tea) == 4
    undo(first)
    assert state_of(order) == OrderState.SENT


def test_a_repeat_changes_nothing(firm, order):
    receipt = receive(order, firm.tea, 10)
    assert undo(receipt).pk == undo(receipt, "Again").pk
    assert line_of(order, firm.tea).received == 0 and Movement.objects.filter(kind="reversal").count() == 1


def test_a_line_that_was_near_enough_is_waited_for_again(firm, order):
    BuyingSettings.objects.update_or_create(pk=1, defaults={"under_receipt_percent": 10})
    receive(order, firm.salt, 10)
    receipt = receive(order, firm.tea, 9, key="r2")
    assert state_of(order) == OrderState.RECEIVED
    undo(receipt)
    assert not line_of(order, firm.tea).is_closed and state_of(order) == OrderState.PARTLY_RECEIVED


def test_what_a_supplier_confirmed_is_confirmed_again(firm, order):
    PurchaseOrderLine.objects.filter(order=order).update(confirmed_quantity=10)
    undo(receive(order, firm.tea, 10))
    assert state_of(order) == OrderState.CONFIRMED


def test_an_order_of_which_nobody_told_the_supplier_is_still_to_be_sent(firm, order):
    """It was received by mistake; whoever has to telephone must not believe it done."""
    type(order).objects.update(sent_at=None, state=OrderState.APPROVED)
    undo(receive(order, firm.tea, 10))
    assert state_of(order) == OrderState.APPROVED


def test_an_order_that_was_closed_stays_closed(firm, order):
    receipt = receive(order, firm.tea, 10)
    close_order(order_id=order.pk, user=None, now=LATER)
    undo(receipt)
    assert (line_of(order, firm.tea).is_closed, state_of(order), on_hand(firm.tea)) == (True, OrderState.CLOSED, 0)


def test_its_own_lot_goes(firm, order):
    start_lot_tracking(sku_id=firm.tea.pk, user=None, now=NOW)
    receive(order, firm.tea, 4, lot="L1")
    undo(receive(order, firm.tea, 6, key="r2", lot="L2"))
    assert dict(LotLevel.objects.exclude(on_hand=0).values_list("lot__code", "on_hand")) == {"L1": 4}


def test_what_is_sold_or_went_back_cannot_be_undone(firm, order):
    receipt = receive(order, firm.tea, 10)
    take_stock(firm.tea, firm.shop, 3, now=LATER)
    with pytest.raises(OutOfStock):
        undo(receipt)
    line = line_of(order, firm.tea)
    return_goods(order_id=order.pk, quantities={line.pk: Decimal(1)}, reason="Wet", key="b", user=firm.buyer, now=LATER)
    with pytest.raises(InvalidInput, match="1 of Name of tea went back to the supplier"):
        undo(receipt)
    line.refresh_from_db()
    assert (line.received, on_hand(firm.tea)) == (10, 6)


def test_a_reason_is_asked_for_and_a_receipt_without_stock_refused(firm, order):
    receipt = receive(order, firm.tea, 10)
    for reason in ("  ", "x" * 301):
        with pytest.raises(InvalidInput, match="Say why"):
            undo(receipt, reason)
    with pytest.raises(IllegalStateChange, match="moved no stock"):
        undo(order.receipts.create(key="old", received_at=NOW))


def test_other_programs_are_told_what_has_come_and_the_supplier_is_not(firm, order):
    receipt = receive(order, firm.tea, 10)
    mails = Message.objects.filter(channel="email").count()
    undo(receipt)
    assert Message.objects.filter(channel="email").count() == mails
    event = AuditEvent.objects.get(action="purchase_order.receipt_undone")
    assert event.data["reason"] == "Typed twice"


def test_a_manager_undoes_it_on_the_page_of_the_order(firm, order, manager):
    receipt = receive(order, firm.tea, 10)
    page, path = reverse("orders:purchase_order", args=[order.pk]), reverse("orders:undo_receipt", args=[receipt.pk])
    assert path in manager.get(page).content.decode()
    assert "Name of tea" in manager.get(path).content.decode()
    refused = manager.post(path, {"reason": ""})
    assert refused.status_code == 422 and "Say why" in refused.content.decode()
    assert manager.post(path, {"reason": "Typed twice"}).url == page
    text = manager.get(page).content.decode()
    assert "“Typed twice”" in text and "Receipt undone" in text and path not in text
    assert manager.get(path).url == page


def test_what_is_short_is_named_on_the_page(firm, order, manager):
    receipt = receive(order, firm.tea, 10)
    take_stock(firm.tea, firm.shop, 3, now=LATER)
    answer = manager.post(reverse("orders:undo_receipt", args=[receipt.pk]), {"reason": "Typed twice"})
    assert answer.status_code == 409 and "Name of tea: 7 left, 10 would go back." in answer.content.decode()


def test_who_only_receives_sees_no_way_and_is_told_who_can(firm, order):
    receipt = receive(order, firm.tea, 10)
    page, path = reverse("orders:purchase_order", args=[order.pk]), reverse("orders:undo_receipt", args=[receipt.pk])
    staff = signed_in(make_user("sam", Role.STAFF, firm.shop))
    assert path not in staff.get(page).content.decode()
    assert staff.post(path, {"reason": "x"}).status_code == 403
    assert signed_in(make_user("mo", Role.MANAGER, firm.other)).post(path, {"reason": "x"}).status_code == 404
    assert "A manager can undo the receipt on the page of the order" in why_not_reversible(receipt.posting)
