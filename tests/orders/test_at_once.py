"""The same act at the same moment: five planners, two approvals, two receivers, and a plan during an approval."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.errors import DomainError
from inventory.models import Movement, StockLevel
from orders.models import ProposalState, PurchaseOrder, Receipt, ReorderLevel, ReplenishmentProposal
from orders.services.decisions import approve_proposals
from orders.services.planning import plan_location
from orders.services.receipts import receive_order
from tests.orders.conftest import AS_OF, NOW

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Starts all acts at a barrier, each in a connection of its own; an answer, or the refusal, of each."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=20)
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def plan(firm):
    return plan_location(location_id=firm.shop.pk, run_id=firm.run.pk, as_of=AS_OF, now=NOW)


def open_ids():
    return list(ReplenishmentProposal.objects.filter(state=ProposalState.OPEN).values_list("pk", flat=True))


def approve(ids, key=""):
    return approve_proposals(proposal_ids=ids, user=None, now=NOW, key=key)


@pytest.mark.parametrize("round_number", range(3))
def test_five_planners_write_what_one_writes(committed_firm, round_number):
    results = together(*[lambda: plan(committed_firm)] * 5)
    assert sorted(result.created for result in results) == [0, 0, 0, 0, 2]
    assert ReplenishmentProposal.objects.count() == 2
    assert ReorderLevel.objects.count() == 3


def test_two_approvals_with_one_key_make_one_order(committed_firm):
    plan(committed_firm)
    ids = open_ids()
    first, second = together(*[lambda: approve(ids, "click")] * 2)
    assert [order.pk for order in first.orders] == [order.pk for order in second.orders]
    assert PurchaseOrder.objects.count() == 1


def test_two_people_approving_make_one_order(committed_firm):
    plan(committed_firm)
    ids = open_ids()
    answers = together(lambda: approve(ids), lambda: approve(ids[::-1]))
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert PurchaseOrder.objects.count() == 1


def test_two_full_receipts_one_wins(committed_firm):
    plan(committed_firm)
    (order,) = approve(open_ids()).orders
    acts = [
        lambda key=key: receive_order(order_id=order.pk, key=key, user=None, now=NOW) for key in ("first", "second")
    ]
    answers = together(*acts)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert StockLevel.objects.get(sku=committed_firm.tea).on_hand == 24
    assert Movement.objects.count() == 2


def test_the_same_receipt_sent_twice_is_one(committed_firm):
    plan(committed_firm)
    (order,) = approve(open_ids()).orders
    together(*[lambda: receive_order(order_id=order.pk, key="r", user=None, now=NOW)] * 2)
    assert Receipt.objects.count() == 1


def test_a_plan_during_an_approval_waits_and_counts_what_it_orders(committed_firm):
    plan(committed_firm)
    ids, is_locked, results = open_ids(), threading.Event(), []

    def plan_meanwhile():
        is_locked.wait(timeout=20)
        results.append(plan(committed_firm))
        connection.close()

    planner = threading.Thread(target=plan_meanwhile)
    planner.start()
    with transaction.atomic():
        approve(ids)
        is_locked.set()
        wait_until_somebody_waits_for_us()
    planner.join(timeout=20)
    assert (results[0].created, results[0].withdrawn) == (0, 0)
    assert not open_ids()


def wait_until_somebody_waits_for_us():
    """The planner has reached the rows that this transaction holds."""
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("The planner did not wait for the approval.")
