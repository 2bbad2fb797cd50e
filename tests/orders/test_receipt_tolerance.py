"""A little too much is taken, a little too less is not waited for: of the sum of all receipts, under the lock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.errors import IllegalStateChange
from inventory.models import StockLevel
from orders.errors import OverReceipt
from orders.models import OrderState, PurchaseOrderLine
from orders.selectors.positions import load_positions
from orders.services.decisions import approve_proposals
from orders.services.limits import change_settings
from orders.services.receipts import receive_order
from tests.orders.conftest import NOW, ask_for


def ordered(firm, quantity=100):
    asked = ask_for(firm, firm.tea, quantity)
    return approve_proposals(proposal_ids=[asked.pk], user=None, now=NOW).orders[0]


def allow(over=0, under=0):
    percents = {"over_receipt_percent": Decimal(over), "under_receipt_percent": Decimal(under)}
    change_settings(changes=percents, actor=None, now=NOW)


def receive(order, quantity, key="r1"):
    arrived = {order.lines.get().pk: Decimal(quantity)}
    receive_order(order_id=order.pk, key=key, user=None, now=NOW + timedelta(days=2), quantities=arrived)
    order.refresh_from_db()
    return order.state


@pytest.mark.django_db
def test_within_the_tolerance_too_much_is_taken(firm):
    allow(over=5)
    order = ordered(firm)
    assert receive(order, 105) == OrderState.RECEIVED
    assert (order.lines.get().received, StockLevel.objects.get().on_hand) == (105, 105)
    assert load_positions([firm.shop.pk])[firm.shop.pk, firm.tea.pk].on_order == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("quantity", "most"), [(100, 105), (10, 10), (30, 31)])
def test_one_more_is_refused_and_whole_units_stay_whole(firm, quantity, most):
    allow(over=5)
    order = ordered(firm, quantity)
    with pytest.raises(OverReceipt, match=f"at most {most} is open"):
        receive(order, most + 1)
    receive(order, most)


@pytest.mark.django_db
def test_the_sum_of_the_receipts_counts(firm):
    allow(over=5)
    order = ordered(firm)
    receive(order, 99)
    with pytest.raises(OverReceipt):
        receive(order, 7, key="r2")
    assert receive(order, 6, key="r2") == OrderState.RECEIVED
    with pytest.raises(IllegalStateChange):
        receive(order, 1, key="r3")


@pytest.mark.django_db
@pytest.mark.parametrize(("came", "state"), [(98, OrderState.RECEIVED), (97, OrderState.PARTLY_RECEIVED)])
def test_what_is_missing_within_the_tolerance_is_not_waited_for(firm, came, state):
    allow(under=2)
    order = ordered(firm)
    assert receive(order, came) == state
    assert order.lines.get().is_closed is (state == OrderState.RECEIVED)


@pytest.mark.django_db
def test_a_smaller_tolerance_later_takes_nothing_back(firm):
    allow(over=10)
    order = ordered(firm)
    receive(order, 60)
    PurchaseOrderLine.objects.update(received=108, over_allowed=10)
    allow(over=0)
    with pytest.raises(OverReceipt):
        receive(order, 1, key="r2")


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [{"received": 101}, {"over_allowed": 101}, {"returned": 1}, {"over_allowed": -1}])
def test_the_database_refuses_the_rest(firm, broken):
    ordered(firm)
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseOrderLine.objects.update(**broken)


@pytest.mark.django_db(transaction=True)
def test_two_full_receipts_at_once_are_one(committed_firm):
    allow(over=5)
    order, barrier = ordered(committed_firm), Barrier(2)

    def take(key):
        barrier.wait()
        try:
            return receive(type(order).objects.get(pk=order.pk), 100, key=key)
        except (OverReceipt, IllegalStateChange):
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ["a", "b"])) == ["received", "refused"]
    assert StockLevel.objects.get().on_hand == 100
