"""Editing and rejecting: a person's word holds until the person, or the day they named, takes it back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from accounts.models import AuditEvent
from orders.errors import AlreadyDecided
from orders.models import Outcome, ProposalState, ReorderLevel, ReplenishmentProposal
from orders.selectors.consequence import consequence_of
from orders.services.decisions import approve_proposals, edit_proposal, reject_proposal, reject_proposals
from tests.orders.conftest import AS_OF, NOW, TODAY, add_stock, ask_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(firm, plan):
    plan()
    return ReplenishmentProposal.objects.get(sku=firm.tea)


def edit(proposal, quantity, user=None):
    return edit_proposal(proposal_id=proposal.pk, quantity=Decimal(quantity), user=user, now=NOW)


def reject(proposal, days=7, note="Too much"):
    return reject_proposal(proposal_id=proposal.pk, note=note, user=None, now=NOW, snooze_days=days)


def test_an_edited_quantity_survives_the_night_and_is_flagged_when_the_need_changes(firm, plan, tea):
    edit(tea, 36, firm.buyer)
    plan()
    tea.refresh_from_db()
    assert (tea.quantity, tea.needs_review, tea.edited_by) == (36, False, firm.buyer)
    add_stock(firm.tea, firm.shop, 8)
    plan()
    tea.refresh_from_db()
    assert (tea.quantity, tea.suggested_quantity, tea.needs_review) == (36, 18, True)


def test_back_to_the_suggestion_gives_it_back_to_the_night(firm, plan, tea):
    edit(tea, 36)
    edit(tea, 24)
    add_stock(firm.tea, firm.shop, 8)
    plan()
    tea.refresh_from_db()
    assert (tea.quantity, tea.edited_at) == (18, None)


def test_an_edited_proposal_whose_need_vanished_is_withdrawn(firm, plan, tea):
    edit(tea, 36)
    add_stock(firm.tea, firm.shop, 40)
    plan()
    tea.refresh_from_db()
    assert tea.state == ProposalState.WITHDRAWN


NONE = "must be above zero. To order none, reject the proposal"


@pytest.mark.parametrize(
    ("quantity", "said"), [("0", NONE), ("-6", NONE), ("0.5", "in whole units; 0.5 is not whole"), ("NaN", "a number")]
)
def test_odd_quantities_are_refused_with_what_is_wrong(tea, quantity, said):
    with pytest.raises(InvalidInput, match=said):
        edit(tea, quantity)


def test_a_broken_pack_is_refused_with_the_next_ones(tea):
    with pytest.raises(InvalidInput, match="order 24 / 30"):
        edit(tea, 25)


def test_the_edited_quantity_is_ordered(tea):
    edit(tea, 36)
    (order,) = approve_proposals(proposal_ids=[tea.pk], user=None, now=NOW).orders
    assert order.lines.get().quantity == 36


def test_a_rejection_holds_until_the_day_it_names(firm, plan, tea):
    reject(tea, days=2)
    tea.refresh_from_db()
    assert (tea.state, tea.snoozed_until, tea.decision_note) == ("rejected", TODAY + timedelta(days=2), "Too much")
    for day, expected in ((0, False), (1, False), (2, True)):
        plan(as_of=AS_OF + timedelta(days=day), now=NOW + timedelta(days=day))
        found = ReplenishmentProposal.objects.filter(sku=firm.tea, state=ProposalState.OPEN)
        assert found.exists() is expected
    assert ReorderLevel.objects.get(sku=firm.tea).outcome == Outcome.PROPOSED


def test_each_of_many_rejected_at_once_is_in_the_audit_trail(firm):
    rows = [ask_for(firm, sku, 12) for sku in (firm.tea, firm.salt, firm.soap)]
    reject_proposals(proposal_ids=[row.pk for row in rows], note="Too much", user=firm.buyer, now=NOW, snooze_days=2)
    until = str(TODAY + timedelta(days=2))
    for row in rows:
        event = AuditEvent.objects.get(action="proposal.rejected", object_type="proposal", object_id=str(row.pk))
        assert (event.actor, event.data) == (firm.buyer, {"note": "Too much", "lesson": "", "until": until})


def test_while_it_is_snoozed_the_level_says_so(firm, plan, tea):
    reject(tea, days=0)
    plan()
    assert ReorderLevel.objects.get(sku=firm.tea).outcome == Outcome.SNOOZED
    assert plan(as_of=AS_OF + timedelta(days=1), now=NOW + timedelta(days=1)).created == 1


@pytest.mark.parametrize(("days", "note"), [(7, "  "), (-1, "x"), (366, "x")])
def test_a_rejection_needs_a_reason_and_a_sane_wait(tea, days, note):
    with pytest.raises(InvalidInput):
        reject(tea, days, note)


@pytest.mark.parametrize("act", [lambda p: edit(p, 30), reject])
def test_what_is_decided_cannot_be_decided_again(tea, act):
    approve_proposals(proposal_ids=[tea.pk], user=None, now=NOW)
    with pytest.raises(AlreadyDecided):
        act(tea)


@pytest.mark.parametrize(
    "broken",
    [
        {"quantity": 0},
        {"state": "approved"},
        {"state": "lost"},
        {"supplier": None},
        {"needs_review": True},
    ],
)
def test_the_database_refuses_what_the_services_never_write(tea, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplenishmentProposal.objects.filter(pk=tea.pk).update(**broken)


def test_the_database_refuses_a_second_open_proposal_of_the_same_need(tea):
    tea.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        tea.save(force_insert=True)


def test_another_quantity_is_bought_at_its_own_price(firm, plan):
    """From 24 on tea costs 1.50 instead of 2: fewer do not keep that price, and as many have it again."""
    firm.acme.terms.filter(sku=firm.tea).update(price_breaks=[["24", "1.50"]])
    plan()
    proposal = ReplenishmentProposal.objects.get(sku=firm.tea)
    assert (proposal.quantity, proposal.unit_price) == (24, Decimal("1.50"))
    assert consequence_of(proposal, Decimal(12), now=NOW).cost == 24
    assert edit(proposal, 12).unit_price == 2
    assert edit(proposal, 30).unit_price == Decimal("1.50")


def test_a_typed_quantity_costs_what_the_terms_of_today_say(firm, plan, tea):
    edit(tea, 30)
    firm.acme.terms.filter(sku=firm.tea).update(price="2.50", price_breaks=[["30", "2.40"], ["36", "2.30"]])
    plan()
    tea.refresh_from_db()
    assert (tea.quantity, tea.unit_price) == (30, Decimal("2.40"))
    assert plan().changed == 0
