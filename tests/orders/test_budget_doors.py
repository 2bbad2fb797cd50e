"""Every way to buy keeps the budget: by hand, by express, by a change of an order, by a second person; what a supplier
takes up of an urgent request only counts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Role
from orders.errors import OverBudget
from orders.models import OrderState, PurchaseOrder
from orders.selectors.budgets import live_budgets, pots_on
from orders.services.approvals import approve_order
from orders.services.budgets import BudgetTerms, set_budget
from orders.services.decisions import approve_proposals
from orders.services.drafts import DraftLine, make_draft, submit_draft
from orders.services.purchase_orders import NewOrder, OrderLine, close_order, create_orders
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from tests.orders.conftest import NOW, TODAY, ask_for, make_person, set_limits

pytestmark = pytest.mark.django_db
TERMS = BudgetTerms(name="Spring", period="day", starts_on=TODAY, amount=Decimal(100))


@pytest.fixture(autouse=True)
def _budget(firm):
    set_limits(None)
    set_budget(terms=TERMS, author=firm.buyer, now=NOW)


def used(day=TODAY):
    (pot,) = pots_on(live_budgets(), {day})
    return pot.used


def bought(firm, quantity, now=NOW):
    """An order of tea at a dollar a unit."""
    asked = ask_for(firm, firm.tea, quantity)
    (order,) = approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=now).orders
    return order


def test_an_order_by_hand(firm):
    """A unit costs 2 by the terms: 48 are within, 54 above."""
    draft = make_draft(
        supplier=firm.acme, location=firm.shop, lines=[DraftLine(firm.tea.pk, Decimal(54))], user=firm.buyer, now=NOW
    )
    assert used() == 0
    with pytest.raises(OverBudget):
        submit_draft(order_id=draft.pk, user=firm.buyer, now=NOW)
    set_budget(terms=replace(TERMS, amount=Decimal(108)), author=firm.buyer, now=NOW, budget_id=live_budgets()[0].pk)
    submit_draft(order_id=draft.pk, user=firm.buyer, now=NOW)
    assert used() == 108


def test_a_change_of_an_order_counts_only_what_it_adds(firm):
    order = bought(firm, 60)
    order.state, order.sent_at = OrderState.SENT, NOW
    order.save()
    line = order.lines.get()
    with pytest.raises(OverBudget):
        revise_order(order_id=order.pk, changes={line.pk: LineChange(Decimal(102))}, user=firm.buyer, now=NOW)
    revise_order(order_id=order.pk, changes={line.pk: LineChange(Decimal(96))}, user=firm.buyer, now=NOW)
    assert used() == 96


def new_order(firm, quantity, **fields):
    lines = [OrderLine(firm.tea.pk, Decimal(quantity), Decimal(1))]
    return NewOrder(firm.acme, firm.shop, lines, TODAY, TODAY + timedelta(days=1), **fields)


def test_an_express_order_is_refused_like_any_other(firm):
    with pytest.raises(OverBudget):
        create_orders(new=[new_order(firm, 101, is_express=True)], user=firm.buyer, now=NOW)


def test_what_was_promised_counts_without_being_refused(firm):
    create_orders(new=[new_order(firm, 101, is_promised=True)], user=firm.buyer, now=NOW)
    assert used() == 101
    with pytest.raises(OverBudget):
        bought(firm, 1)


def test_an_order_that_waits_for_a_second_person_counts_and_moves_with_its_day(firm):
    set_limits(50)
    first = bought(firm, 60)
    assert (first.state, used()) == (OrderState.AWAITING_APPROVAL, 60)
    set_limits(None)
    tomorrow = NOW + timedelta(days=1)
    bought(firm, 60, now=tomorrow)
    second = make_person("second", Role.MANAGER)
    with pytest.raises(OverBudget):
        approve_order(order_id=first.pk, user=second, now=tomorrow)
    approve_order(order_id=first.pk, user=second, now=NOW + timedelta(days=2))
    assert [used(TODAY + timedelta(days=days)) for days in range(3)] == [0, 60, 60]


def test_of_an_order_closed_short_counts_what_came(firm):
    order = bought(firm, 60)
    line = order.lines.get()
    receive_order(order_id=order.pk, quantities={line.pk: Decimal(24)}, user=firm.buyer, now=NOW, key="r")
    assert used() == 60
    close_order(order_id=order.pk, user=firm.buyer, now=NOW)
    assert used() == 24
    assert PurchaseOrder.objects.get().total == 60
