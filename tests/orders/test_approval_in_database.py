"""The database refuses by itself what the rules of approval forbid, and two purchases at once see each other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from orders.models import Delegation, OrderState, PurchaseOrder
from orders.services.decisions import approve_proposals
from tests.orders.conftest import NOW, TODAY, ask_for, make_person, set_limits


@pytest.fixture
def order(firm):
    """500 above the limit of its maker, waiting."""
    set_limits(100, 100)
    asked = ask_for(firm, firm.tea, 500)
    return approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW).orders[0]


def write(order, **changes):
    with transaction.atomic():
        PurchaseOrder.objects.filter(pk=order.pk).update(**changes)


@pytest.mark.parametrize("case", ["nobody", "maker", "editor", "staff", "over their limit", "no second", "in a name"])
def test_a_state_jump_by_sql_is_refused(firm, order, case):
    paula, sam = make_person("paula"), make_person("sam", Role.STAFF)
    boss = make_person("boss", Role.ADMINISTRATOR)
    changes = {
        "nobody": {},
        "maker": {"approved_by": firm.buyer},
        "editor": {"approved_by": boss, "changed_by": boss},
        "staff": {"approved_by": sam},
        "over their limit": {"approved_by": paula},
        "no second": {"needs_second": False, "approved_by": firm.buyer},
        "in a name": {"approved_by": paula, "approved_for": boss},
    }[case]
    with pytest.raises(IntegrityError):
        write(order, state=OrderState.APPROVED, **changes)


@pytest.mark.parametrize("state", [OrderState.SENT, OrderState.CONFIRMED, OrderState.RECEIVED, OrderState.CLOSED])
def test_no_later_state_is_a_way_around(order, state):
    with pytest.raises(IntegrityError):
        write(order, state=state)


def test_the_same_with_a_second_person_is_taken(order):
    boss, paula = make_person("boss", Role.ADMINISTRATOR), make_person("paula")
    Delegation.objects.create(giver=boss, taker=paula, starts_on=TODAY, ends_on=TODAY, created_at=NOW)
    write(order, state=OrderState.APPROVED, approved_by=paula, approved_for=boss)
    write(order, state=OrderState.SENT)


def test_an_order_that_grows_is_compared_again(firm):
    set_limits(100, 100)
    asked = ask_for(firm, firm.tea, 90)
    small = approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW).orders[0]
    with pytest.raises(IntegrityError):
        write(small, home_total=101)
    write(small, home_total=100)


@pytest.mark.django_db(transaction=True)
def test_two_purchases_at_once_are_not_both_under_the_limit(committed_firm):
    firm, barrier = committed_firm, Barrier(2)
    set_limits(100, 100)
    asked = [ask_for(firm, sku, 60).pk for sku in (firm.tea, firm.salt)]

    def buy(pk):
        barrier.wait()
        try:
            return approve_proposals(proposal_ids=[pk], user=firm.buyer, now=NOW).orders[0].state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        states = sorted(pool.map(buy, asked))
    assert states == ["approved", "awaiting_approval"]
