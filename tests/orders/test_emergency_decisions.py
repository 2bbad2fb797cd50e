"""An emergency is decided with one act: an express order under the usual limits, a transfer, or waiting."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange
from accounts.models import AuditEvent
from inventory.errors import KeyAlreadyUsed
from inventory.models import Transfer
from orders.errors import AlreadyDecided, ChangedMeanwhile
from orders.models import Emergency, PurchaseOrder
from orders.services.emergency_decisions import approve_emergency, wait_for_delivery
from orders.services.expiry import expire_emergencies
from outbox.models import Message
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, TODAY, set_limits, take_stock
from tests.orders.test_emergencies import give_stock, late_tea

__all__ = ["late_tea"]


@pytest.fixture
def emergency(late_tea, plan):
    plan()
    return Emergency.objects.get()


def approve(row, late_tea, **more):
    return approve_emergency(emergency_id=row.pk, user=late_tea.buyer, now=NOW, **more)


def test_one_act_makes_an_express_order_and_tells_the_supplier_at_once(emergency, late_tea):
    approve(emergency, late_tea, way=f"express-{late_tea.best.pk}", seen=emergency.quantity)

    order = PurchaseOrder.objects.get()
    assert (order.state, order.supplier, order.is_express) == ("approved", late_tea.best, True)
    assert order.expected_on == TODAY + timedelta(days=1)
    line = order.lines.get()
    assert (line.sku, line.quantity, line.unit_price) == (late_tea.tea, emergency.quantity, Decimal("2.5000"))
    mail = Message.objects.get(channel="email")
    assert mail.payload["subject"].startswith("EXPRESS")
    assert "by express, at the latest on Mar 11, 2026" in mail.payload["text"]
    emergency.refresh_from_db()
    assert (emergency.state, emergency.decided_by, emergency.purchase_order) == ("approved", late_tea.buyer, order)
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"emergency.approved", "purchase_order.approved"} <= actions


def test_what_was_ordered_by_express_is_no_emergency_any_more(emergency, late_tea, plan):
    approve(emergency, late_tea)
    plan()

    assert not Emergency.objects.filter(state="open").exists()


def test_a_repeat_with_the_same_key_changes_nothing_and_another_person_comes_too_late(emergency, late_tea):
    approve(emergency, late_tea, key="k")
    approve(emergency, late_tea, key="k")
    assert PurchaseOrder.objects.count() == 1

    with pytest.raises(AlreadyDecided, match="no longer waiting"):
        approve(emergency, late_tea, key="other")


def test_a_key_belongs_to_one_emergency(emergency, late_tea, plan):
    approve(emergency, late_tea, key="k")
    take_stock(late_tea.salt, late_tea.shop, 99)
    SupplierTerms.objects.filter(supplier=late_tea.acme, sku=late_tea.salt).update(
        express_lead_time_days=0, promised_lead_time_days=9
    )
    plan()
    with pytest.raises(KeyAlreadyUsed):
        approve(Emergency.objects.get(state="open"), late_tea, key="k")


def test_above_the_limit_a_second_person_is_asked_and_nobody_is_told(emergency, late_tea):
    set_limits(10)
    row = approve(emergency, late_tea)

    assert row.purchase_order.state == "awaiting_approval"
    assert not Message.objects.filter(channel="email").exists()


def test_another_quantity_than_the_one_that_was_seen_is_refused(emergency, late_tea):
    with pytest.raises(ChangedMeanwhile, match="instead of 1"):
        approve(emergency, late_tea, seen=Decimal(1))
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"price": 3}, {"express_lead_time_days": None}, {"is_active": False}, {"express_lead_time_days": 5},
        {"pack_size": 100}, {"minimum_quantity": 1000},
    ],
)  # fmt: skip
def test_other_terms_than_those_that_were_seen_are_refused(emergency, late_tea, change):
    SupplierTerms.objects.filter(supplier=late_tea.best).update(**change)

    with pytest.raises(ChangedMeanwhile, match="other terms"):
        approve(emergency, late_tea)


def test_the_same_figure_in_another_currency_is_another_price(emergency, late_tea):
    late_tea.best.currency = "USD"
    late_tea.best.save()

    with pytest.raises(ChangedMeanwhile, match="other terms"):
        approve(emergency, late_tea)


@pytest.mark.parametrize("what", ["tea", "shop"])
def test_nothing_is_bought_of_what_was_given_up_meanwhile(emergency, late_tea, what):
    given_up = getattr(late_tea, what)
    given_up.is_active = False
    given_up.save()

    with pytest.raises(IllegalStateChange, match="not sold at Shop any more"):
        approve(emergency, late_tea)
    assert not PurchaseOrder.objects.exists()


def approve_later(row, late_tea, days):
    return approve_emergency(emergency_id=row.pk, user=late_tea.buyer, now=NOW + timedelta(days=days))


def test_who_decides_late_gets_it_later_but_never_after_the_ordinary_delivery(emergency, late_tea):
    """It takes 1 day, and the ordinary delivery comes on the 10th."""
    with pytest.raises(ChangedMeanwhile, match="would not come before the ordinary delivery"):
        approve_later(emergency, late_tea, 9)
    assert approve_later(emergency, late_tea, 8).purchase_order.expected_on == TODAY + timedelta(days=9)


def test_one_whose_plan_has_stopped_ends_after_the_ordinary_delivery(emergency, late_tea):
    assert expire_emergencies(now=NOW + timedelta(days=11)) == 0
    assert expire_emergencies(now=NOW + timedelta(days=12)) == 1
    assert expire_emergencies(now=NOW + timedelta(days=12)) == 0
    emergency.refresh_from_db()
    assert emergency.state == "withdrawn"
    assert AuditEvent.objects.get(action="emergency.expired").object_id == str(emergency.pk)


def test_a_way_that_nobody_compared_is_refused(emergency, late_tea):
    for way in ("express-0", "wait-0", "nonsense"):
        with pytest.raises(ChangedMeanwhile, match="This way is not there"):
            approve(emergency, late_tea, way=way)


def test_waiting_is_not_asked_again_before_the_ordinary_delivery(emergency, late_tea, plan):
    wait_for_delivery(emergency_id=emergency.pk, user=late_tea.buyer, now=NOW)
    wait_for_delivery(emergency_id=emergency.pk, user=late_tea.buyer, now=NOW)
    plan()

    row = Emergency.objects.get()
    assert (row.state, row.quiet_until, row.chosen["kind"]) == ("waited", TODAY + timedelta(days=10), "wait")
    with pytest.raises(AlreadyDecided):
        approve(row, late_tea)


@pytest.fixture
def movable(late_tea, plan):
    """The other shop gives."""
    SupplierTerms.objects.filter(supplier=late_tea.best).update(express_lead_time_days=None)
    give_stock(late_tea, late_tea.other, 30)
    plan(late_tea.other)
    plan()
    return Emergency.objects.get()


def test_a_move_becomes_a_draft_transfer_for_tomorrow(movable, late_tea):
    approve(movable, late_tea)

    transfer = Transfer.objects.get()
    assert (transfer.source, transfer.destination, transfer.state) == (late_tea.other, late_tea.shop, "draft")
    assert transfer.expected_on == TODAY + timedelta(days=1)
    assert transfer.lines.get().quantity == movable.quantity


def test_a_giver_who_has_sold_it_meanwhile_is_not_robbed(movable, late_tea):
    take_stock(late_tea.tea, late_tea.other, 20)

    with pytest.raises(ChangedMeanwhile, match="can only spare 0"):
        approve(movable, late_tea)
    assert not Transfer.objects.exists()
