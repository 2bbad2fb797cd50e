"""Changes after sending: kept as revisions, sent anew, never below what came nor above what may be bought alone."""

import base64
from datetime import date, timedelta
from decimal import Decimal

import pypdfium2
import pytest

from accounts.errors import IllegalStateChange, InvalidInput, NotAllowed
from orders.errors import ChangedMeanwhile
from orders.models import BuyingSettings, OrderRevision, OrderState, PurchaseOrder, PurchaseOrderLine
from orders.selectors.order_pages import order_messages
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import cancel_order
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from outbox.models import Message
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, TODAY, ask_for, set_limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(firm):
    """50 of tea and 50 of salt at 1 each, bought alone by somebody who may buy for 100."""
    set_limits(100, 100)
    SupplierTerms.objects.update(pack_size=1)
    asked = [ask_for(firm, sku, 50).pk for sku in (firm.tea, firm.salt)]
    return approve_proposals(proposal_ids=asked, user=firm.buyer, now=NOW).orders[0]


def line(order, code="tea"):
    return order.lines.get(sku__code=code)


def revise(order, quantity, day=None, code="tea", **more):
    change = LineChange(Decimal(quantity), day)
    user = order.created_by
    return revise_order(order_id=order.pk, changes={line(order, code).pk: change}, user=user, now=NOW, **more)


def text_of(attachment):
    pdf = pypdfium2.PdfDocument(base64.b64decode(attachment["base64"]))
    return "".join(page.get_textpage().get_text_bounded() for page in pdf)


def test_it_is_kept_and_the_supplier_gets_the_order_anew(firm, order):
    firm.tea.name = "茶 <b>& Co"
    firm.tea.save()
    revision = revise(order, 30, TODAY + timedelta(days=9), note="Less, please")
    order.refresh_from_db()
    assert (revision.number, revision.total_before, revision.total_after, order.revision) == (1, 100, 80, 1)
    assert revision.changes[0]["before"] == {"quantity": "50", "expected_on": str(TODAY)}
    assert revision.changes[0]["after"] == {"quantity": "30", "expected_on": str(TODAY + timedelta(days=9))}
    message = Message.objects.get(event_type="purchase_order.revised", channel="email")
    assert "30 instead of 50" in message.payload["text"]
    assert "Less, please" in message.payload["text"]
    paper = text_of(message.payload["attachments"][0])
    assert "revision 1" in paper
    assert "茶 <b>& Co" in paper
    assert order_messages(order).count() == 2


def test_days_follow_the_lines(order):
    revise(order, 50, TODAY + timedelta(days=9))
    order.refresh_from_db()
    assert (order.expected_on, line(order, "salt").expected_on) == (TODAY + timedelta(days=9), TODAY)


def test_what_they_confirmed_of_a_changed_line_no_longer_counts(order):
    PurchaseOrder.objects.update(state=OrderState.CONFIRMED)
    PurchaseOrderLine.objects.update(confirmed_quantity=50, promised_on=TODAY)
    revise(order, 40)
    order.refresh_from_db()
    assert (order.state, line(order).confirmed_quantity, line(order, "salt").confirmed_quantity) == ("sent", None, 50)


def test_the_same_again_is_no_revision(order):
    assert revise(order, 50) is None
    assert not OrderRevision.objects.exists()


def test_a_line_can_be_dropped_and_the_last_one_not(order):
    revise(order, 0)
    order.refresh_from_db()
    assert (line(order).is_closed, line(order).coming, order.total) == (True, 0, 50)
    with pytest.raises(InvalidInput, match="Cancel it"):
        revise(order, 0, code="salt")


def test_not_below_what_has_arrived(order):
    receive_order(order_id=order.pk, key="r", user=None, now=NOW, quantities={line(order).pk: Decimal(20)})
    with pytest.raises(InvalidInput, match="tea: 20 have arrived"):
        revise(order, 19)
    revise(order, 20)
    assert line(order).is_closed


@pytest.mark.parametrize(("quantity", "days"), [("0.5", None), ("NaN", None), ("-1", None), ("10", -1)])
def test_odd_changes_are_refused(order, quantity, days):
    with pytest.raises(InvalidInput):
        revise(order, quantity, None if days is None else TODAY + timedelta(days=days))


def test_strange_lines_and_a_revision_that_somebody_overtook_are_refused(firm, order):
    with pytest.raises(InvalidInput):
        revise_order(order_id=order.pk, changes={999_999: LineChange(Decimal(1))}, user=None, now=NOW)
    revise(order, 40, seen=0)
    with pytest.raises(ChangedMeanwhile):
        revise(order, 30, seen=0)


def test_growing_above_the_limit_is_a_new_order_for_a_second_person(firm, order):
    with pytest.raises(NotAllowed, match="new order"):
        revise(order, 51)
    revise(order, 40)
    revise(order, 50)
    revise(order, 30)
    bought = ask_for(firm, firm.soap, 20)
    approve_proposals(proposal_ids=[bought.pk], user=firm.buyer, now=NOW)
    with pytest.raises(NotAllowed):
        revise(order, 31)


def test_what_a_second_person_approved_only_shrinks(order):
    PurchaseOrder.objects.update(needs_second=True, approved_by=None, state="awaiting_approval")
    with pytest.raises(IllegalStateChange):
        revise(order, 40)
    set_limits(None, None)
    PurchaseOrder.objects.update(needs_second=False, state="sent")
    assert revise(order, 500).total_after == 550


def test_a_lowered_limit_does_not_keep_an_order_from_shrinking(order):
    set_limits(10, 10)
    assert revise(order, 40).total_after == 90


def test_what_is_over_is_not_changed(order):
    cancel_order(order_id=order.pk, user=None, now=NOW)
    with pytest.raises(IllegalStateChange):
        revise(order, 40)


@pytest.mark.parametrize("code", ["tea", "salt"])
def test_after_a_receipt_under_a_tolerance_each_line_still_shrinks(firm, order, code):
    BuyingSettings.objects.create(pk=1, over_receipt_percent=50)
    receive_order(order_id=order.pk, key="a", user=None, now=NOW, quantities={line(order).pk: Decimal(3)})
    assert revise(order, 10, code=code).total_after == 60
    assert line(order, code).over_allowed == 0


def test_a_line_of_which_more_came_than_was_ordered_stays_as_it_is_while_others_change(order):
    BuyingSettings.objects.create(pk=1, over_receipt_percent=10)
    receive_order(order_id=order.pk, key="a", user=None, now=NOW, quantities={line(order).pk: Decimal(52)})
    changes = {line(order).pk: LineChange(Decimal(50)), line(order, "salt").pk: LineChange(Decimal(40))}
    revision = revise_order(order_id=order.pk, changes=changes, user=None, now=NOW)
    assert [row["sku"] for row in revision.changes] == ["salt"]


@pytest.mark.parametrize("day", [date.max, TODAY + timedelta(days=731)])
def test_a_day_beyond_all_plans_is_refused(order, day):
    with pytest.raises(InvalidInput, match="within two years"):
        revise(order, 40, day)
    assert revise(order, 40, TODAY + timedelta(days=730)).number == 1


def test_the_supplier_hears_of_an_order_its_changes_and_its_end_in_this_order(order):
    for quantity in (30, 40):
        revise(order, quantity)
    cancel_order(order_id=order.pk, user=None, now=NOW)
    mails = Message.objects.filter(channel="email").order_by("pk")
    assert [mail.event_type.partition(".")[2] for mail in mails] == ["approved", "revised", "revised", "cancelled"]
    assert [mail.after_event_id for mail in mails] == [None, *(mail.event_id for mail in mails[:3])]
