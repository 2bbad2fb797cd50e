"""Controls of the races: without the locks the same acts do harm, so the tests of the locks can fail."""

import threading

import pytest
from django.db import DatabaseError

from inventory.models import StockLevel
from orders.models import ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.services import decisions, planning, receipts
from tests.orders.test_at_once import approve, open_ids, plan, together

pytestmark = pytest.mark.django_db(transaction=True)


def reading_at_the_same_time(read, parties):
    """Instead of a lock: everybody reads before anybody writes."""
    barrier = threading.Barrier(parties)

    def unguarded(*args):
        found = read(*args)
        barrier.wait(timeout=20)
        return found

    return unguarded


def outcome(act):
    """What an act did, or that the database itself refused it."""

    def run():
        try:
            return act()
        except DatabaseError as refusal:
            return refusal

    return run


def test_two_planners_without_the_lock_collide(committed_firm, monkeypatch):
    def read(location_id, sku_ids):
        rows = ReplenishmentProposal.objects.filter(location_id=location_id, state=ProposalState.OPEN)
        return dict(rows.values_list("pk", "sku_id"))

    monkeypatch.setattr(planning, "_lock_plans", lambda location: None)
    monkeypatch.setattr(planning, "lock_open_proposals", reading_at_the_same_time(read, 2))
    answers = together(*[outcome(lambda: plan(committed_firm))] * 2)
    assert sum(isinstance(answer, DatabaseError) for answer in answers) == 1


def test_two_receivers_without_the_lock_receive_twice(committed_firm, monkeypatch):
    plan(committed_firm)
    (order,) = approve(open_ids()).orders

    def read(order_id):
        return PurchaseOrder.objects.select_related("supplier", "location").get(pk=order_id)

    def read_lines(found):
        return list(found.lines.select_related("sku").order_by("pk"))

    monkeypatch.setattr(receipts, "lock_order", read)
    monkeypatch.setattr(receipts, "lock_lines", reading_at_the_same_time(read_lines, 2))
    acts = [
        lambda key=key: receipts.receive_order(order_id=order.pk, key=key, user=None, now=order.created_at)
        for key in "ab"
    ]
    together(*acts)
    assert StockLevel.objects.get(sku=committed_firm.tea).on_hand == 48


def test_two_approvals_without_the_lock_buy_twice(committed_firm, monkeypatch):
    plan(committed_firm)
    ids = open_ids()

    def read(proposal_ids):
        rows = ReplenishmentProposal.objects.select_related("sku", "location", "supplier", "source")
        return list(rows.filter(pk__in=proposal_ids).order_by("pk"))

    monkeypatch.setattr(decisions, "lock_proposals", reading_at_the_same_time(read, 2))
    together(*[lambda: approve(ids)] * 2)
    assert PurchaseOrder.objects.count() == 2
