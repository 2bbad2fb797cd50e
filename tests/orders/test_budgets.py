"""Budgets cut what the plan suggests, count what is bought, and refuse what is above them. Tea needs 24 and salt 18, in
packs of 6 at 2 a unit: a pack costs 12."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent
from orders.domain.auto_approval import Miss
from orders.errors import OverBudget
from orders.models import Budget, PurchaseOrder, ReplenishmentProposal
from orders.selectors.auto_approval import try_rule
from orders.selectors.why import why
from orders.services.auto_approval import AutoConditions, set_auto_rule
from orders.services.auto_run import approve_by_rules
from orders.services.budget_shares import share_budgets
from orders.services.budgets import BudgetTerms, end_budget, set_budget
from orders.services.decisions import approve_proposals, edit_proposal, reject_proposals
from orders.services.planning import check_reorder
from orders.services.purchase_orders import cancel_order
from tests.orders.conftest import NOW, TODAY, add_stock, ask_for, set_limits

pytestmark = pytest.mark.django_db
TERMS = BudgetTerms(name="Spring", period="week", starts_on=TODAY, amount=Decimal(1000))


@pytest.fixture(autouse=True)
def _no_limit(firm):
    set_limits(None)


def budget(firm, amount, **changes):
    return set_budget(terms=replace(TERMS, amount=Decimal(amount), **changes), author=firm.buyer, now=NOW)


def change(firm, row, amount):
    return set_budget(terms=replace(TERMS, amount=Decimal(amount)), author=firm.buyer, now=NOW, budget_id=row.pk)


def proposal(sku):
    return ReplenishmentProposal.objects.get(sku=sku, state="open")


def shares(firm):
    rows = [proposal(firm.tea), proposal(firm.salt)]
    return [(row.suggested_quantity, row.cut_quantity, row.quantity) for row in rows]


def approve(firm, *rows, now=NOW):
    return approve_proposals(proposal_ids=[row.pk for row in rows], user=firm.buyer, now=now)


def test_a_plan_keeps_what_each_eighth_averts(firm, plan):
    plan()
    for sku in (firm.tea, firm.salt):
        curve = proposal(sku).averted
        gains = [after - before for before, after in zip([0.0, *curve], curve, strict=False)]
        assert len(curve) == 8
        assert all(gain >= 0 for gain in gains)
        assert gains == sorted(gains, reverse=True)


def test_why_says_what_a_budget_left(firm, plan):
    plan()
    budget(firm, 36)
    for sku in (firm.tea, firm.salt):
        seen = {line.code: line.value for line in why(sku=sku, location=firm.shop, now=NOW).lines}
        left = proposal(sku).quantity
        assert seen.get("affordable", seen["quantity"]) == left
        assert seen["quantity"] - seen.get("budget_cut", 0) == left


def test_enough_money_cuts_nothing(firm, plan):
    plan()
    before = shares(firm)
    budget(firm, 84)
    assert shares(firm) == before == [(24, None, 24), (18, None, 18)]


def test_less_money_cuts_what_averts_least_and_says_what_that_costs(firm, plan):
    plan()
    row = budget(firm, 36)
    (_all, tea_left, tea), (_rest, salt_left, salt) = shares(firm)
    assert (tea + salt, tea_left, salt_left) == (18, tea, salt)
    cut = proposal(firm.tea)
    assert cut.cut_by == row
    assert cut.cut_cost == pytest.approx(Decimal(cut.averted[-1] - cut.averted[3]), abs=Decimal("0.01"))
    assert proposal(firm.salt).suggested_quantity == 18


def test_a_change_shares_the_money_out_again_at_once(firm, plan):
    plan()
    row = budget(firm, 12)
    held = [proposal(sku) for sku in (firm.tea, firm.salt) if proposal(sku).is_held]
    assert len(held) == 1
    assert held[0].quantity == held[0].suggested_quantity
    change(firm, row, 84)
    assert shares(firm) == [(24, None, 24), (18, None, 18)]
    assert proposal(firm.tea).cut_by is None


def test_the_end_of_a_budget_gives_back_what_it_cut(firm, plan):
    plan()
    row = budget(firm, 12)
    end_budget(budget_id=row.pk, actor=firm.buyer, now=NOW)
    end_budget(budget_id=row.pk, actor=firm.buyer, now=NOW)
    assert shares(firm) == [(24, None, 24), (18, None, 18)]
    assert AuditEvent.objects.filter(action="budget.ended").count() == 1
    with pytest.raises(IllegalStateChange):
        change(firm, row, 50)


def test_the_same_night_again_changes_nothing(firm, plan):
    plan()
    budget(firm, 36)
    before = list(ReplenishmentProposal.objects.order_by("pk").values())
    again = plan()
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert share_budgets(now=NOW) == 0
    assert list(ReplenishmentProposal.objects.order_by("pk").values()) == before


def test_what_is_bought_counts_and_what_is_cancelled_comes_back(firm, plan):
    plan()
    budget(firm, 48)
    salt, tea = proposal(firm.salt), proposal(firm.tea)
    assert salt.quantity + tea.quantity == 24
    (order,) = approve(firm, tea).orders
    assert proposal(firm.salt).quantity * 2 + order.total == 48
    cancel_order(order_id=order.pk, user=firm.buyer, now=NOW)
    share_budgets(now=NOW)
    assert proposal(firm.salt).cut_quantity is None


def test_above_what_is_left_an_approval_is_refused_whole(firm):
    """96 of tea cost 96, one dollar each."""
    row = budget(firm, 100)
    asked = [ask_for(firm, firm.tea, 96), ask_for(firm, firm.salt, 6)]
    with pytest.raises(OverBudget) as refusal:
        approve(firm, *asked)
    assert not PurchaseOrder.objects.exists()
    assert refusal.value.details == [
        {"budget": row.pk, "name": "Spring", "left": "100.00", "wanted": "102.00", "first_on": "2026-03-10",
         "last_on": "2026-03-16"}
    ]  # fmt: skip
    assert "“Spring” has 100.00" in refusal.value.message.replace("$", "")


def test_up_to_the_last_cent_it_is_approved(firm):
    budget(firm, 100)
    approve(firm, ask_for(firm, firm.tea, 96))
    approve(firm, ask_for(firm, firm.salt, 4))
    with pytest.raises(OverBudget):
        approve(firm, ask_for(firm, firm.tea, 1))
    approve(firm, ReplenishmentProposal.objects.get(state="open"), now=NOW + timedelta(days=7))


def test_a_typed_quantity_stays_and_takes_its_money_first(firm, plan):
    plan()
    budget(firm, 48)
    salt = proposal(firm.salt)
    edit_proposal(proposal_id=salt.pk, quantity=Decimal(18), user=firm.buyer, now=NOW)
    salt, tea = proposal(firm.salt), proposal(firm.tea)
    assert (salt.quantity, salt.cut_quantity, tea.quantity) == (18, None, 6)
    plan()
    assert proposal(firm.salt).quantity == 18


def test_a_cut_quantity_kept_as_it_stands_stays_with_the_budget(firm, plan):
    plan()
    row = budget(firm, 36)
    tea = proposal(firm.tea)
    edit_proposal(proposal_id=tea.pk, quantity=tea.quantity, user=firm.buyer, now=NOW)
    assert proposal(firm.tea).edited_at is None
    change(firm, row, 84)
    assert proposal(firm.tea).quantity == 24


def test_what_is_rejected_leaves_its_money_to_the_others(firm, plan):
    plan()
    budget(firm, 48)
    reject_proposals(proposal_ids=[proposal(firm.salt).pk], note="no", user=firm.buyer, now=NOW)
    assert proposal(firm.tea).quantity == 24


def test_a_budget_covers_its_suppliers_and_its_place_only(firm):
    asked = [ask_for(firm, firm.tea, 6), ask_for(firm, firm.salt, 6, place=firm.other)]
    other = ask_for(firm, firm.soap, 6, supplier=firm.best)
    row = budget(firm, 1, location_id=firm.shop.pk, supplier_ids=[firm.acme.pk])
    for each in (*asked, other):
        each.refresh_from_db()
    assert [each.is_held for each in (*asked, other)] == [True, False, False]
    approve(firm, asked[1], other)
    with pytest.raises(OverBudget):
        approve(firm, asked[0])
    assert row.suppliers.get() == firm.acme


def test_before_its_first_day_it_cuts_nothing(firm):
    budget(firm, 1, starts_on=TODAY + timedelta(days=1))
    asked = ask_for(firm, firm.tea, 6)
    assert share_budgets(now=NOW) == 0
    approve(firm, asked)


def test_an_order_below_the_least_of_its_supplier_is_held(firm, plan):
    plan()
    firm.acme.minimum_order_value = 50
    firm.acme.save()
    row = budget(firm, 48)
    assert [left for _all, left, _now in shares(firm)] == [0, 0]
    change(firm, row, 60)
    assert sum(quantity for _all, _left, quantity in shares(firm)) == 30


def test_without_a_rate_nothing_is_cut_and_the_approval_says_why(firm):
    firm.acme.currency = "CHF"
    firm.acme.save()
    asked = ask_for(firm, firm.tea, 6)
    budget(firm, 1)
    asked.refresh_from_db()
    assert asked.cut_quantity is None
    with pytest.raises(OverBudget, match="CHF"):
        approve(firm, asked)


def auto_rule(firm):
    conditions = AutoConditions(name="Small", order_up_to=Decimal(100), daily_cap=Decimal(1000))
    return set_auto_rule(conditions=conditions, author=firm.buyer, now=NOW)


def test_rules_that_approve_leave_what_is_held(firm):
    rule = auto_rule(firm)
    ask_for(firm, firm.tea, 60)
    budget(firm, 5)
    assert approve_by_rules(location_ids=[firm.shop.pk], now=NOW).orders == 0
    assert try_rule(rule=rule, now=NOW).left_over == {Miss.HELD: 1}


def test_rules_that_approve_leave_whole_what_is_above_a_budget(firm):
    """Proposed after the money was shared out: 60 and 42, and 70 to spend."""
    rule = auto_rule(firm)
    budget(firm, 70)
    asked = [ask_for(firm, firm.tea, 60), ask_for(firm, firm.salt, 42, place=firm.other)]
    assert try_rule(rule=rule, now=NOW).left_over == {Miss.ABOVE_BUDGET: 1}
    assert approve_by_rules(location_ids=[place.pk for place in (firm.shop, firm.other)], now=NOW).orders == 1
    assert PurchaseOrder.objects.get().total == 60
    assert [ReplenishmentProposal.objects.get(pk=row.pk).state for row in asked] == ["approved", "open"]


def test_a_move_between_our_places_costs_nothing(firm):
    asked = ask_for(firm, firm.tea, 6)
    ReplenishmentProposal.objects.filter(pk=asked.pk).update(supplier=None, source=firm.depot)
    add_stock(firm.tea, firm.depot, 10)
    budget(firm, 1)
    assert len(approve(firm, asked).transfers) == 1


def test_a_sale_plans_again_without_undoing_the_cut(firm, plan):
    plan()
    budget(firm, 36)
    before = shares(firm)
    check_reorder(location_id=firm.shop.pk, sku_ids=[firm.tea.pk], now=NOW)
    assert shares(firm) == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"period": "year"}, "period"), ({"amount": Decimal(0)}, "amount"),
     ({"amount": Decimal("NaN")}, "amount"), ({"amount": Decimal(10) ** 12}, "amount")],
)  # fmt: skip
def test_wrong_terms_are_refused_by_name(firm, wrong, field):
    with pytest.raises(InvalidInput) as refusal:
        set_budget(terms=replace(TERMS, **wrong), author=firm.buyer, now=NOW)
    assert [row["field"] for row in refusal.value.details] == [field]
    assert not Budget.objects.exists()


def test_a_name_is_taken_once(firm):
    budget(firm, 10)
    with pytest.raises(InvalidInput, match="name"):
        budget(firm, 10)


def test_the_database_refuses_a_budget_of_nothing(firm):
    values = {"period": "day", "starts_on": date(2026, 1, 1), "created_at": NOW, "author": firm.buyer}
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(name="x", amount=0, **values)


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len(seen)


def test_statements_do_not_grow_with_lines_or_budgets(firm):
    """The last one changes nothing, so it locks and writes nothing."""
    assert statements(lambda: share_budgets(now=NOW)) == 1
    row = budget(firm, 1)
    counts = []
    for sku, place in ((firm.tea, firm.shop), (firm.salt, firm.shop), (firm.salt, firm.other)):
        ask_for(firm, sku, 6, place=place)
        counts.append(statements(lambda: share_budgets(now=NOW)))
    budget(firm, 2, name="Second")
    change(firm, row, 500)
    counts.append(statements(lambda: share_budgets(now=NOW)))
    assert counts == [13, 13, 13, 7]
