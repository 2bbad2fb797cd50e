"""Once a supplier has said what comes and when, their word counts and not our order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orders.models import OrderState, PurchaseOrder, ReplenishmentProposal
from orders.selectors.positions import load_arrivals, load_positions, open_lines_of
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import cancel_order, close_order
from orders.services.receipts import receive_order
from tests.orders.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(firm, plan):
    """24 of tea."""
    plan()
    tea = ReplenishmentProposal.objects.filter(sku=firm.tea).values_list("pk", flat=True)
    return approve_proposals(proposal_ids=tea, user=None, now=NOW).orders[0].lines.get()


def say(line, quantity, day=None):
    line.confirmed_quantity, line.promised_on = quantity, day
    line.save()
    PurchaseOrder.objects.filter(pk=line.order_id).update(state=OrderState.CONFIRMED)


def on_order(firm):
    return load_positions([firm.shop.pk])[firm.shop.pk, firm.tea.pk].on_order


@pytest.mark.parametrize(("quantity", "counts"), [(None, 24), (24, 24), (30, 24), (18, 18), (0, 0)])
def test_what_they_confirm_counts_and_never_more_than_was_ordered(firm, line, quantity, counts):
    say(line, quantity)
    assert (on_order(firm), line.coming) == (counts, counts)


def test_a_shortage_brings_the_need_back(firm, line, plan):
    say(line, Decimal(0))
    plan(now=NOW + timedelta(minutes=1))
    assert ReplenishmentProposal.objects.get(sku=firm.tea, state="open").quantity == 24


def test_the_day_they_promise_comes_before_the_days_we_reckon_with(firm, line):
    days = [TODAY + timedelta(days=days) for days in (2, 4, 9)]
    assert load_arrivals([firm.shop.pk])[0].expected_on == days[0]
    line.expected_on = days[1]
    line.save()
    assert open_lines_of(firm.tea.pk, firm.shop.pk)[0].due_on == days[1]
    say(line, 24, days[2])
    assert load_arrivals([firm.shop.pk])[0].expected_on == days[2]


@pytest.mark.parametrize("state", [OrderState.DRAFT, OrderState.AWAITING_APPROVAL, OrderState.CONFIRMED])
def test_open_orders_of_every_kind_count_as_on_order(firm, line, state):
    PurchaseOrder.objects.update(state=state)
    assert on_order(firm) == 24


def test_a_confirmed_order_is_received_cancelled_and_closed(firm, line):
    say(line, Decimal(18))
    receive_order(order_id=line.order_id, key="r", user=None, now=NOW, quantities={line.pk: Decimal(6)})
    assert on_order(firm) == 12
    assert close_order(order_id=line.order_id, user=None, now=NOW).state == OrderState.CLOSED
    assert on_order(firm) == 0


def test_a_confirmed_order_is_cancelled(line):
    say(line, Decimal(24))
    assert cancel_order(order_id=line.order_id, user=None, now=NOW).state == OrderState.CANCELLED


def test_the_database_refuses_a_negative_word(line):
    with pytest.raises(IntegrityError), transaction.atomic():
        say(line, Decimal(-1))
