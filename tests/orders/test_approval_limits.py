"""What one person may buy alone: by role and amount, summed over all they buy of a supplier lately, so that splitting
an order gains nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEvent, Role
from orders.models import BuyingSettings, ExchangeRate, OrderState, PurchaseOrder
from orders.selectors.positions import load_positions
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import cancel_order
from outbox.models import Message
from tests.orders.conftest import NOW, ask_for, make_person, set_limits

pytestmark = pytest.mark.django_db
ALONE, WAITS = OrderState.APPROVED, OrderState.AWAITING_APPROVAL


@pytest.fixture(autouse=True)
def limit(firm):
    set_limits(100, 100)


def buy(firm, *amounts, user=None, sku=None, now=NOW, **more):
    """Approves one proposal of each amount together; the states of the orders that came of it."""
    skus = [sku] if sku else [firm.tea, firm.salt, firm.soap]
    asked = [ask_for(firm, sku, amount, **more).pk for sku, amount in zip(skus, amounts, strict=False)]
    orders = approve_proposals(proposal_ids=asked, user=user or firm.buyer, now=now).orders
    return [order.state for order in orders]


@pytest.mark.parametrize(("amount", "state"), [(100, ALONE), (Decimal("100.01"), WAITS), (101, WAITS)])
def test_the_limit_itself_is_within_it(firm, amount, state):
    firm.tea.unit = "kg"
    firm.tea.save()
    assert buy(firm, amount) == [state]


def test_lines_of_one_order_are_summed(firm):
    assert buy(firm, 60, 60) == [WAITS]


def test_a_second_order_counts_with_the_first(firm):
    assert buy(firm, 60) == [ALONE]
    assert buy(firm, 60) == [WAITS]
    assert buy(firm, 40) == [ALONE]
    assert buy(firm, 1) == [WAITS]


def test_two_stores_at_once_count_together(firm):
    asked = [ask_for(firm, firm.tea, 60, place=place).pk for place in (firm.shop, firm.other)]
    orders = approve_proposals(proposal_ids=asked, user=firm.buyer, now=NOW).orders
    assert [order.state for order in orders] == [ALONE, WAITS]


def test_another_supplier_and_another_person_count_for_themselves(firm):
    buy(firm, 100)
    assert buy(firm, 100, supplier=firm.best) == [ALONE]
    assert buy(firm, 100, user=make_person("paula")) == [ALONE]


def test_what_is_void_and_what_is_long_ago_does_not_count(firm):
    buy(firm, 100)
    cancel_order(order_id=PurchaseOrder.objects.get().pk, user=firm.buyer, now=NOW)
    assert buy(firm, 100) == [ALONE]
    assert buy(firm, 1, now=NOW + timedelta(days=6, hours=23)) == [WAITS]
    assert buy(firm, 100, now=NOW + timedelta(days=7)) == [ALONE]


def test_the_window_is_the_firms_own(firm):
    BuyingSettings.objects.create(pk=1, window_days=30)
    buy(firm, 100)
    assert buy(firm, 1, now=NOW + timedelta(days=29)) == [WAITS]


def test_amounts_are_compared_in_the_firms_currency(firm):
    ExchangeRate.objects.create(currency="EUR", valid_from=date(2026, 3, 10), rate=Decimal("1.25"))
    assert buy(firm, 80) == [ALONE]
    ExchangeRate.objects.create(currency="EUR", valid_from=date(2026, 3, 11), rate=Decimal("9"))
    assert PurchaseOrder.objects.get().home_total == 100
    assert buy(firm, 1) == [WAITS]


def test_without_a_rate_nobody_can_say_so_a_second_person_looks(firm):
    ExchangeRate.objects.all().delete()
    assert buy(firm, 1) == [WAITS]
    assert PurchaseOrder.objects.get().counted_total is None


def test_who_has_no_limit_needs_no_rate(firm):
    ExchangeRate.objects.all().delete()
    assert buy(firm, 5000, user=make_person("root", Role.ADMINISTRATOR)) == [ALONE]


def test_the_supplier_hears_nothing_yet_and_the_need_is_met_once(firm, plan):
    assert buy(firm, 500) == [WAITS]
    assert not Message.objects.exists()
    assert load_positions([firm.shop.pk])[firm.shop.pk, firm.tea.pk].on_order == 500
    order = PurchaseOrder.objects.get()
    assert (order.created_by, order.approved_by, order.counted_total) == (firm.buyer, None, 500)
    assert AuditEvent.objects.filter(action="purchase_order.submitted", object_id=str(order.pk)).exists()


def test_the_limits_to_begin_with(firm):
    set_limits(10000, 10000)
    assert buy(firm, 10001) == [WAITS]
