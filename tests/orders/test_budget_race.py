"""The last of a budget under concurrency: two approvals, an approval and an order by hand, a share-out beside them."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from orders.errors import OverBudget
from orders.locks import lock_proposals
from orders.models import PurchaseOrder, ReplenishmentProposal
from orders.selectors.budgets import live_budgets, pots_on
from orders.services import budget_guard
from orders.services.budget_shares import share_budgets
from orders.services.budgets import BudgetTerms, set_budget
from orders.services.decisions import approve_proposals
from orders.services.drafts import DraftLine, make_draft, submit_draft
from tests.orders.conftest import NOW, TODAY, ask_for, make_person, set_limits
from tests.orders.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm(committed_firm):
    """One order of 60 fits into 100; two wait, typed by a person so that no budget cuts them."""
    firm = committed_firm
    set_limits(None)
    firm.second = make_person("second")
    firm.asked = [ask_for(firm, firm.tea, 60), ask_for(firm, firm.salt, 60, place=firm.other)]
    ReplenishmentProposal.objects.update(edited_at=NOW, edited_by=firm.buyer)
    terms = BudgetTerms(name="Spring", period="month", starts_on=date(2026, 3, 1), amount=Decimal(100))
    set_budget(terms=terms, author=firm.buyer, now=NOW)
    return firm


def buy(firm, at, user):
    return lambda: approve_proposals(proposal_ids=[firm.asked[at].pk], user=user, now=NOW)


def spent():
    return PurchaseOrder.objects.exclude(state="draft").aggregate(total=Sum("home_total"))["total"]


def test_two_approvals_at_once_never_spend_the_same_money(firm):
    answers = together(buy(firm, 0, firm.buyer), buy(firm, 1, firm.second))
    assert sum(isinstance(answer, OverBudget) for answer in answers) == 1
    assert spent() == 60


def test_an_approval_and_an_order_by_hand_at_once_keep_the_budget(firm):
    draft = make_draft(
        supplier=firm.acme, location=firm.shop, lines=[DraftLine(firm.soap.pk, Decimal(30))], user=firm.second, now=NOW
    )
    answers = together(buy(firm, 0, firm.buyer), lambda: submit_draft(order_id=draft.pk, user=firm.second, now=NOW))
    assert sum(isinstance(answer, OverBudget) for answer in answers) == 1
    assert spent() == 60


def test_shares_and_approvals_at_once_neither_wait_for_each_other_forever_nor_overspend(firm):
    acts = [buy(firm, 0, firm.buyer), buy(firm, 1, firm.second)]
    answers = together(*acts, *[lambda: share_budgets(now=NOW)] * 3)
    assert sum(isinstance(answer, OverBudget) for answer in answers[:2]) == 1
    assert not any(isinstance(answer, Exception) for answer in answers[2:])
    assert spent() == 60


def test_what_somebody_decides_meanwhile_is_passed_over_and_cut_by_the_next(firm):
    ReplenishmentProposal.objects.update(edited_at=None, edited_by=None)
    with transaction.atomic():
        lock_proposals([firm.asked[0].pk])
        (changed,) = together(lambda: share_budgets(now=NOW))
    assert changed == 1
    cut = ReplenishmentProposal.objects.filter(cut_by__isnull=False).values_list("pk", flat=True)
    assert list(cut) == [firm.asked[1].pk]


def test_a_repeat_of_the_same_approval_spends_once(firm):
    def act():
        return approve_proposals(proposal_ids=[firm.asked[0].pk], user=firm.buyer, now=NOW, key="k")

    together(act, act)
    assert spent() == 60
    assert PurchaseOrder.objects.get().ordered_on == TODAY


def test_without_the_lock_both_are_bought(firm, monkeypatch):
    """A control: both read what is left before either has bought."""
    barrier = threading.Barrier(2)

    def read():
        barrier.wait(timeout=20)
        return list(live_budgets())

    def pots(*asked):
        found = pots_on(*asked)
        barrier.wait(timeout=20)
        return found

    monkeypatch.setattr(budget_guard, "lock_budgets", read)
    monkeypatch.setattr(budget_guard, "pots_on", pots)
    together(buy(firm, 0, firm.buyer), buy(firm, 1, firm.second))
    assert spent() == 120
