"""Plans side by side that want the same units of a third place, and a plan beside the approval of an emergency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from inventory.models import Listing
from orders.locks import lock_spare
from orders.models import Emergency, ProposalState, ReorderLevel, ReplenishmentProposal
from orders.services import plan_turns
from orders.services.emergency_decisions import approve_emergency
from orders.services.planning import plan_location
from tests.orders.conftest import AS_OF, NOW, add_stock, foresee, make_place
from tests.orders.test_at_once import together, wait_until_somebody_waits_for_us
from tests.orders.test_at_once_controls import reading_at_the_same_time
from tests.orders.test_emergencies import make_tea_late

pytestmark = pytest.mark.django_db(transaction=True)


def plan_at(firm, place):
    return plan_location(location_id=place.pk, run_id=firm.run.pk, as_of=AS_OF, now=NOW)


@pytest.fixture
def rivals(committed_firm):
    """OTHER has 16 tea to spare; SHOP and THIRD each need most of them and can buy them, too."""
    firm = committed_firm
    third = make_place("THIRD")
    for place in (firm.other, third):
        Listing.objects.create(sku=firm.tea, location=place, listed_on=date(2026, 1, 1))
        foresee(firm.run, firm.tea, place, 2.0)
    add_stock(firm.tea, firm.other, 40)
    add_stock(firm.tea, firm.shop, 10)
    add_stock(firm.tea, third, 9)
    plan_at(firm, firm.other)
    return firm, (firm.shop, third)


def looking_at_the_same_time(monkeypatch, *looks):
    """Both plans have looked at the spare units before either goes on; `looks` names at which of their looks."""
    for name in looks:
        monkeypatch.setattr(plan_turns, name, reading_at_the_same_time(getattr(plan_turns, name), 2))


def tea_of(firm, place):
    proposal = ReplenishmentProposal.objects.get(sku=firm.tea, location=place, state=ProposalState.OPEN)
    level = ReorderLevel.objects.get(sku=firm.tea, location=place)
    assert (level.source, level.supplier) == (proposal.source, proposal.supplier)
    return proposal


def test_who_comes_second_buys_although_both_had_seen_the_same_units(rivals, monkeypatch):
    firm, places = rivals
    looking_at_the_same_time(monkeypatch, "load_spare")
    together(*[lambda place=place: plan_at(firm, place) for place in places])
    found = [tea_of(firm, place) for place in places]
    assert sorted(row.source == firm.other for row in found) == [False, True]
    assert sorted(row.supplier == firm.acme for row in found) == [False, True]


def test_without_the_lock_both_are_promised_the_same_units(rivals, monkeypatch):
    """The control."""
    firm, places = rivals
    monkeypatch.setattr(plan_turns, "lock_spare", lambda: None)
    looking_at_the_same_time(monkeypatch, "load_spare", "look_again")
    together(*[lambda place=place: plan_at(firm, place) for place in places])
    assert [tea_of(firm, place).source for place in places] == [firm.other] * 2


def test_a_plan_that_moves_nothing_waits_for_nobody(committed_firm):
    with transaction.atomic():
        lock_spare()
        (found,) = together(lambda: plan_at(committed_firm, committed_firm.shop))
    assert found.created == 2


def test_whoever_moves_waits_until_the_other_one_is_done(rivals):
    firm, (shop, _third) = rivals
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_spare()
            planned = pool.submit(in_a_connection, lambda: plan_at(firm, shop))
            wait_until_somebody_waits_for_us()
            assert not planned.done()
        planned.result(timeout=20)
    assert tea_of(firm, shop).source == firm.other


def test_a_plan_waits_for_the_approval_of_an_emergency_and_counts_what_it_orders(committed_firm):
    firm = make_tea_late(committed_firm)
    plan_at(firm, firm.shop)
    assert tea_of(firm, firm.shop).quantity == 42
    emergency = Emergency.objects.get()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            approve_emergency(emergency_id=emergency.pk, user=firm.buyer, now=NOW)
            planned = pool.submit(in_a_connection, lambda: plan_at(firm, firm.shop))
            wait_until_somebody_waits_for_us()
        planned.result(timeout=20)
    assert (emergency.quantity, tea_of(firm, firm.shop).quantity) == (16, 24)
    assert not Emergency.objects.filter(state="open").exists()


def in_a_connection(act):
    """In another thread, whose connection ends with the act."""
    try:
        return act()
    finally:
        connection.close()
