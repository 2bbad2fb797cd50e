"""An order of more than its columns hold is refused by name, whichever way it is made."""

from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from orders.models import ExchangeRate, OrderState, PurchaseOrder
from orders.services.decisions import approve_proposals, edit_proposal
from orders.services.drafts import DraftLine, make_draft, submit_draft
from orders.services.revisions import LineChange, revise_order
from orders.services.weigh import refuse_beyond_measure
from tests.orders.conftest import NOW, ask_for, set_limits

pytestmark = pytest.mark.django_db
HUGE = Decimal(6) * 10**9


def draft(firm, quantity, price):
    firm.acme.terms.filter(sku=firm.tea).update(price=price)
    lines = [DraftLine(firm.tea.pk, Decimal(quantity))]
    return make_draft(supplier=firm.acme, location=firm.shop, lines=lines, user=firm.buyer, now=NOW)


def refused():
    return pytest.raises(InvalidInput, match="Check its quantities and prices")


def test_the_largest_that_fits_is_no_fault():
    refuse_beyond_measure(Decimal("999999999999.99"), Decimal("99999999999999.99"))
    for amounts in ((Decimal(10) ** 12, None), (Decimal(0), Decimal(10) ** 14)):
        with refused():
            refuse_beyond_measure(*amounts)


def test_a_draft_is_not_written(firm):
    with refused():
        draft(firm, HUGE, 200)
    assert not PurchaseOrder.objects.exists()


def test_a_draft_that_is_too_much_in_the_currency_of_the_firm_is_not_ordered(firm):
    set_limits(None)
    order = draft(firm, HUGE, 100)
    ExchangeRate.objects.update(rate=1000)
    with refused():
        submit_draft(order_id=order.pk, user=firm.buyer, now=NOW)
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


def test_proposals_are_not_bought_together_and_an_order_is_not_raised(firm):
    set_limits(None)
    asked = [ask_for(firm, sku, HUGE, price=100) for sku in (firm.tea, firm.salt)]
    with refused():
        approve_proposals(proposal_ids=[row.pk for row in asked], user=firm.buyer, now=NOW)
    (order,) = approve_proposals(proposal_ids=[asked[0].pk], user=firm.buyer, now=NOW).orders
    change = {order.lines.get().pk: LineChange(HUGE * 2)}
    with refused():
        revise_order(order_id=order.pk, changes=change, user=firm.buyer, now=NOW)


def test_a_typed_quantity_that_no_order_holds_is_refused_before_anybody_adds_it_up(firm):
    asked = ask_for(firm, firm.tea, 6, price=200)
    with refused():
        edit_proposal(proposal_id=asked.pk, quantity=HUGE, user=firm.buyer, now=NOW)


def test_an_order_in_dear_money_is_not_raised_beyond_what_can_be_reckoned(firm):
    set_limits(None)
    ExchangeRate.objects.update(rate=Decimal(10) ** 9)
    asked = ask_for(firm, firm.tea, 6, price=Decimal(10) ** 9)
    with refused():
        approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW)
    ExchangeRate.objects.update(rate=1)
    (order,) = approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW).orders
    PurchaseOrder.objects.update(home_total=Decimal(10) ** 13)
    change = {order.lines.get().pk: LineChange(Decimal(10) ** 11 - 4)}
    with refused():
        revise_order(order_id=order.pk, changes=change, user=firm.buyer, now=NOW)
