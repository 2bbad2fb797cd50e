"""Rules that approve by themselves: what they take, what they leave to a person, and in whose name."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent, Role
from inventory.models import Category
from orders.models import AutoApprovalDay, AutoApprovalRule, OrderState, PurchaseOrder, ReorderLevel
from orders.selectors.auto_approval import try_rule
from orders.services.auto_approval import (
    AutoConditions,
    end_auto_rule,
    set_auto_rule,
    stop_auto_approval,
    switch_auto_rule,
)
from orders.services.auto_run import AutoApproval, approve_by_rules
from orders.services.decisions import approve_proposals, edit_proposal
from orders.services.purchase_orders import cancel_order
from tests.orders.conftest import NOW, TODAY, ask_for, set_limits

pytestmark = pytest.mark.django_db
WIDE = AutoConditions(name="Small ones", order_up_to=Decimal(100), daily_cap=Decimal(1000))


def make_rule(firm, **changes):
    return set_auto_rule(conditions=replace(WIDE, **changes), author=firm.buyer, now=NOW)


def run(firm, now=NOW):
    return approve_by_rules(location_ids=[firm.shop.pk, firm.other.pk], now=now)


def is_open(proposal):
    proposal.refresh_from_db()
    return proposal.state == "open"


@pytest.fixture(autouse=True)
def _no_limit(firm):
    set_limits(None)


def test_it_buys_in_the_name_of_its_author_and_says_so(firm):
    rule = make_rule(firm)
    proposal = ask_for(firm, firm.tea, 60)
    assert run(firm) == AutoApproval(orders=1, proposals=1)
    order = PurchaseOrder.objects.get()
    assert (order.state, order.created_by, order.approval_rule, order.total) == ("approved", firm.buyer, rule, 60)
    assert not is_open(proposal)
    event = AuditEvent.objects.get(action="purchase_order.approved_by_rule")
    assert (event.actor, event.data["rule_name"], event.data["author"]) == (None, "Small ones", "buyer")
    assert not AuditEvent.objects.filter(action="purchase_order.approved").exists()


def test_what_is_not_sold_any_more_is_not_bought(firm):
    make_rule(firm)
    proposal = ask_for(firm, firm.tea, 60)
    firm.tea.is_active = False
    firm.tea.save()
    assert run(firm) == AutoApproval(orders=0, proposals=0)
    assert is_open(proposal)


@pytest.mark.parametrize(("quantity", "taken"), [(100, True), (102, False)])
def test_an_order_above_its_amount_is_left_whole(firm, quantity, taken):
    make_rule(firm)
    small, rest = ask_for(firm, firm.tea, 6), ask_for(firm, firm.salt, quantity - 6)
    run(firm)
    assert [is_open(small), is_open(rest)] == [not taken] * 2


def test_the_amount_is_in_the_currency_of_the_firm(firm):
    make_rule(firm)
    proposal = ask_for(firm, firm.tea, 60, price=2)
    run(firm)
    assert is_open(proposal)


def test_without_a_rate_nothing_is_approved(firm):
    make_rule(firm)
    firm.acme.currency = "CHF"
    firm.acme.save()
    proposal = ask_for(firm, firm.tea, 6)
    run(firm)
    assert is_open(proposal)


def test_the_cap_of_a_day_holds_and_begins_anew(firm):
    rule = make_rule(firm, daily_cap=Decimal(100))
    ask_for(firm, firm.tea, 60)
    second = ask_for(firm, firm.salt, 42, place=firm.other)
    assert run(firm).orders == 1
    assert is_open(second)
    assert AutoApprovalDay.objects.get().spent == 60
    cancel_order(order_id=PurchaseOrder.objects.get().pk, user=firm.buyer, now=NOW)
    assert run(firm).orders == 0
    assert run(firm, NOW + timedelta(days=1)).orders == 1
    assert list(AutoApprovalDay.objects.order_by("day").values_list("spent", flat=True)) == [60, 42]
    assert AutoApprovalDay.objects.filter(rule=rule, day=TODAY).exists()


def test_the_database_refuses_what_is_above_the_cap(firm):
    rule = make_rule(firm)
    with pytest.raises(IntegrityError), transaction.atomic():
        AutoApprovalDay.objects.create(rule=rule, day=TODAY, spent=1001, cap=1000)


def test_never_above_the_limit_of_its_author(firm):
    set_limits(50)
    make_rule(firm)
    approve_proposals(proposal_ids=[ask_for(firm, firm.tea, 30).pk], user=firm.buyer, now=NOW)
    proposal = ask_for(firm, firm.salt, 24)
    run(firm)
    assert is_open(proposal)
    set_limits(54)
    run(firm)
    assert not is_open(proposal)


def test_the_database_never_lets_a_rule_be_the_second_person(firm):
    rule = make_rule(firm)
    approve_proposals(proposal_ids=[ask_for(firm, firm.tea, 30).pk], user=firm.buyer, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseOrder.objects.update(approval_rule=rule, needs_second=True, state=OrderState.AWAITING_APPROVAL)


def test_one_order_a_day_of_a_supplier_and_a_place(firm):
    make_rule(firm)
    ask_for(firm, firm.tea, 60)
    assert run(firm).orders == 1
    later = ask_for(firm, firm.salt, 6)
    assert run(firm).orders == 0
    assert is_open(later)


def test_conditions_of_a_line(firm):
    best = ask_for(firm, firm.soap, 6, supplier=firm.best)
    make_rule(firm, supplier_id=firm.acme.pk, value_class="A")
    tea, salt = ask_for(firm, firm.tea, 6), ask_for(firm, firm.salt, 6)
    for sku, letter in ((firm.tea, "A"), (firm.salt, "C")):
        ReorderLevel.objects.create(
            sku=sku, location=firm.shop, computed_on=TODAY, outcome="proposed", cycle_service_level=0.9,
            review_period_days=1, lot_days=7, value_class=letter,
        )  # fmt: skip
    run(firm)
    assert [is_open(row) for row in (best, tea, salt)] == [True, False, True]


def test_a_category_holds_for_what_lies_in_it(firm):
    above, other = (Category.objects.create(code=code, name=code) for code in ("above", "other"))
    Category.objects.filter(pk=firm.category.pk).update(parent=above)
    proposal = ask_for(firm, firm.tea, 6)
    make_rule(firm, category_id=other.pk)
    run(firm)
    assert is_open(proposal)
    make_rule(firm, name="Food", category_id=above.pk)
    run(firm)
    assert not is_open(proposal)


@pytest.mark.parametrize(("quantity", "taken"), [(24, True), (36, True), (18, False), (42, False)])
def test_a_quantity_that_is_far_from_the_usual_is_left(firm, quantity, taken):
    for past in (24, 36):
        approve_proposals(proposal_ids=[ask_for(firm, firm.tea, past).pk], user=firm.buyer, now=NOW)
    make_rule(firm, within_percent=Decimal(20))
    proposal, new = ask_for(firm, firm.tea, quantity), ask_for(firm, firm.salt, 6)
    run(firm)
    assert is_open(proposal) is not taken
    assert is_open(new)


def test_what_a_person_edited_is_left_to_them(firm):
    make_rule(firm)
    proposal = ask_for(firm, firm.tea, 6)
    edit_proposal(proposal_id=proposal.pk, quantity=Decimal(12), user=firm.buyer, now=NOW)
    run(firm)
    assert is_open(proposal)


def test_less_than_the_supplier_delivers_is_left(firm):
    firm.acme.minimum_order_value = Decimal(50)
    firm.acme.save()
    make_rule(firm)
    proposal = ask_for(firm, firm.tea, 48)
    run(firm)
    assert is_open(proposal)


def test_the_switch_over_all_and_those_of_each(firm):
    rule, proposal = make_rule(firm), ask_for(firm, firm.tea, 6)
    stop_auto_approval(is_stopped=True, actor=firm.buyer, now=NOW)
    run(firm)
    stop_auto_approval(is_stopped=False, actor=firm.buyer, now=NOW)
    switch_auto_rule(rule_id=rule.pk, is_active=False, actor=firm.buyer, now=NOW)
    run(firm)
    assert is_open(proposal)
    switch_auto_rule(rule_id=rule.pk, is_active=True, actor=firm.buyer, now=NOW)
    run(firm)
    assert not is_open(proposal)
    actions = list(
        AuditEvent.objects.filter(action__startswith="auto_").order_by("pk").values_list("action", flat=True)
    )
    assert actions[1:] == [
        "auto_approval.stopped", "auto_approval.started", "auto_rule.switched_off", "auto_rule.switched_on",
    ]  # fmt: skip


@pytest.mark.parametrize("change", [{"role": Role.MANAGER}, {"is_active": False}, {"sees_all_locations": False}])
def test_it_can_do_no_more_than_its_author(firm, change):
    make_rule(firm)
    proposal = ask_for(firm, firm.tea, 6)
    for name, value in change.items():
        setattr(firm.buyer, name, value)
    firm.buyer.save()
    run(firm)
    assert is_open(proposal)


def test_one_that_has_ended_stays_and_is_not_changed(firm):
    rule = make_rule(firm)
    end_auto_rule(rule_id=rule.pk, actor=firm.buyer, now=NOW)
    end_auto_rule(rule_id=rule.pk, actor=firm.buyer, now=NOW)
    with pytest.raises(IllegalStateChange):
        set_auto_rule(conditions=WIDE, author=firm.buyer, now=NOW, rule_id=rule.pk)
    with pytest.raises(IllegalStateChange):
        switch_auto_rule(rule_id=rule.pk, is_active=True, actor=firm.buyer, now=NOW)
    assert make_rule(firm).pk != rule.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"order_up_to": Decimal(0)}, "order_up_to"),
        ({"daily_cap": Decimal(99)}, "daily_cap"),
        ({"within_percent": Decimal(501)}, "within_percent"),
    ],
)
def test_what_is_wrong_is_named(firm, changes, field):
    with pytest.raises(InvalidInput) as refused:
        make_rule(firm, **changes)
    assert [row["field"] for row in refused.value.details] == [field]
    assert not AutoApprovalRule.objects.exists()


def test_a_trial_says_what_it_would_take_and_writes_nothing(firm):
    ask_for(firm, firm.tea, 60)
    far = ask_for(firm, firm.salt, 102, place=firm.other)
    tried = try_rule(rule=AutoApprovalRule(author=firm.buyer, **vars(WIDE)), now=NOW)
    assert (tried.count, tried.total, len(tried.orders)) == (1, 60, 1)
    assert {miss.value: count for miss, count in tried.left_over.items()} == {"above_order": 1}
    assert is_open(far)
    assert not PurchaseOrder.objects.exists()


def test_without_a_rule_it_costs_one_query(firm):
    with CaptureQueriesContext(connection) as queries:
        run(firm)
    assert len(queries) == 1


def test_as_many_statements_for_many_proposals_as_for_few(firm):
    make_rule(firm, order_up_to=Decimal(1000))
    counts = []
    for place, skus in ((firm.shop, [firm.tea]), (firm.other, [firm.tea, firm.salt, firm.soap])):
        for sku in skus:
            ask_for(firm, sku, 6, place=place)
        with CaptureQueriesContext(connection) as queries:
            assert run(firm).proposals == len(skus)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
