"""The cap of a day under concurrency: two runs at once, a run and a purchase of its author, a run without its lock."""

from decimal import Decimal

import pytest
from django.db import DatabaseError

from orders.models import AutoApprovalDay, AutoApprovalRule, PurchaseOrder
from orders.services import auto_run
from orders.services.auto_approval import AutoConditions, set_auto_rule
from orders.services.auto_run import approve_by_rules
from orders.services.decisions import approve_proposals
from tests.orders.conftest import NOW, ask_for, set_limits
from tests.orders.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm(committed_firm):
    """One order of 60 fits the cap of 100; two are waiting at two places."""
    firm = committed_firm
    set_limits(None)
    conditions = AutoConditions(name="Small", order_up_to=Decimal(100), daily_cap=Decimal(100))
    firm.rule = set_auto_rule(conditions=conditions, author=firm.buyer, now=NOW)
    firm.asked = [ask_for(firm, firm.tea, 60), ask_for(firm, firm.salt, 60, place=firm.other)]
    return firm


def run(place):
    return approve_by_rules(location_ids=[place.pk], now=NOW)


def test_two_runs_at_once_keep_the_cap(firm):
    together(*[lambda: run(firm.shop), lambda: run(firm.other)] * 2)
    assert PurchaseOrder.objects.filter(approval_rule=firm.rule).count() == 1
    assert AutoApprovalDay.objects.get().spent == 60


def test_a_rule_and_its_author_at_once_keep_their_limit(firm):
    set_limits(100)

    def buy():
        return approve_proposals(proposal_ids=[firm.asked[1].pk], user=firm.buyer, now=NOW)

    together(lambda: run(firm.shop), buy)
    alone = PurchaseOrder.objects.filter(needs_second=False)
    assert sum(order.home_total for order in alone) == 60


def test_without_the_locks_the_database_keeps_the_cap(firm, monkeypatch):
    """A control: both read that nothing is spent, and one of the two is refused."""

    def read(rule, day):
        row, _is_new = AutoApprovalDay.objects.get_or_create(rule=rule, day=day, defaults={"cap": rule.daily_cap})
        row.spent = Decimal(0)
        return row

    monkeypatch.setattr(auto_run, "lock_auto_rule", lambda pk: AutoApprovalRule.objects.get(pk=pk))
    monkeypatch.setattr(auto_run, "lock_auto_day", read)
    run(firm.shop)
    with pytest.raises(DatabaseError):
        run(firm.other)
    assert AutoApprovalDay.objects.get().spent == 60
