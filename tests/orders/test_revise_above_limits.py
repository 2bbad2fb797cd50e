"""A changed order is held against the limit of who made it, however old it is and in whatever small money."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.errors import NotAllowed
from orders.models import ExchangeRate, PurchaseOrder
from orders.services.decisions import approve_proposals
from orders.services.revisions import LineChange, revise_order
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, ask_for, set_limits

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture
def buy(firm):
    """buy(tea=90) orders so many of each at 1 dollar, by somebody who may buy for 100 alone."""
    set_limits(100, 100)
    SupplierTerms.objects.update(pack_size=1)

    def bought(price=1, **units):
        asked = [ask_for(firm, getattr(firm, code), many, price=price).pk for code, many in units.items()]
        return approve_proposals(proposal_ids=asked, user=firm.buyer, now=NOW).orders[0]

    return bought


def revise(order, quantity, now=NOW):
    changes = {order.lines.get().pk: LineChange(Decimal(quantity))}
    return revise_order(order_id=order.pk, changes=changes, user=order.created_by, now=now)


def test_an_order_of_last_month_grows_no_further_than_one_of_today(buy):
    order = buy(tea=90)
    with pytest.raises(NotAllowed, match="new order"):
        revise(order, 101, now=LATER)
    assert revise(order, 100, now=LATER).total_after == 100
    with pytest.raises(NotAllowed):
        revise(order, 101, now=LATER)


def test_what_was_bought_since_counts_beside_it(firm, buy):
    order = buy(tea=60)
    later = ask_for(firm, firm.salt, 30)
    approve_proposals(proposal_ids=[later.pk], user=firm.buyer, now=LATER)
    assert revise(order, 70, now=LATER).total_after == 70
    with pytest.raises(NotAllowed):
        revise(order, 71, now=LATER)


def test_money_too_small_for_a_cent_is_worth_something_once_there_is_more_of_it(firm, buy):
    ExchangeRate.objects.create(currency="EUR", valid_from=date(2026, 2, 1), rate=Decimal("0.001"))
    order = buy(tea=4)
    assert (order.total, order.home_total) == (4, 0)
    assert revise(order, 5_000).total_after == 5_000
    order.refresh_from_db()
    assert order.home_total == 5
    with pytest.raises(NotAllowed):
        revise(order, 200_000)


def test_an_order_for_nothing_is_worth_something_once_it_costs(buy):
    order = buy(price=Decimal("0.0001"), tea=40)
    assert (order.total, order.home_total) == (0, 0)
    with pytest.raises(NotAllowed):
        revise(order, 2_000_000)
    revise(order, 500_000)
    assert PurchaseOrder.objects.get().home_total == 50
