"""The most that a supplier delivers: of a line, and of an order. Quantities are cut with the reason told, the rest goes
to who has the next turn, and no door lets more through."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from orders.models import Outcome, PurchaseOrder, ReorderLevel, ReplenishmentProposal
from orders.selectors.consequence import consequence_of
from orders.services.decisions import approve_proposals, edit_proposal
from orders.services.drafts import DraftLine, make_draft, submit_draft
from orders.services.revisions import LineChange, revise_order
from orders.services.splits import split_proposal
from suppliers.models import Supplier, SupplierTerms
from suppliers.services.suppliers import update_supplier
from suppliers.services.terms import Terms, set_terms
from tests.orders.conftest import NOW, ask_for, make_terms

pytestmark = pytest.mark.django_db


def bound_line(firm, most, sku=None):
    SupplierTerms.objects.filter(supplier=firm.acme, sku=sku or firm.tea).update(maximum_quantity=most)


def bound_order(firm, most):
    Supplier.objects.filter(pk=firm.acme.pk).update(maximum_order_value=most)


def proposal_of(sku):
    return ReplenishmentProposal.objects.filter(sku=sku, state="open").first()


def reasons(proposal):
    return {row[0]: row[1] for row in proposal.reason["lines"]}


def approve(proposal):
    return approve_proposals(proposal_ids=[proposal.pk], user=None, now=NOW)


def test_a_line_is_cut_to_whole_packs_within_the_most_and_says_so(firm, plan):
    bound_line(firm, 20)
    plan()
    found = proposal_of(firm.tea)
    assert (found.quantity, reasons(found)["line_maximum"], reasons(found)["need"]) == (18, "6.000", "24.000")


def test_exactly_the_most_is_not_cut(firm, plan):
    bound_line(firm, 24)
    plan()
    assert proposal_of(firm.tea).quantity == 24
    assert "line_maximum" not in reasons(proposal_of(firm.tea))


def test_who_was_ordered_the_most_of_today_is_passed_over_by_name(firm, plan):
    make_terms(firm.best, firm.tea, priority=2)
    bound_line(firm, 6)
    plan()
    approve(proposal_of(firm.tea))
    plan()
    rest = proposal_of(firm.tea)
    assert (rest.supplier, rest.quantity) == (firm.best, 18)
    assert reasons(rest)["full_today"] == "Acme"


def test_alone_the_supplier_is_asked_again(firm, plan):
    bound_line(firm, 6)
    plan()
    approve(proposal_of(firm.tea))
    plan()
    assert (proposal_of(firm.tea).supplier, proposal_of(firm.tea).quantity) == (firm.acme, 6)


def test_an_order_is_cut_where_it_lasts_longest(firm, plan):
    # 24 of tea (2 a day, 12 days) and 18 of salt (1 a day, 18 days) at 2 each are 84.
    plan()
    assert [proposal_of(sku).quantity for sku in (firm.tea, firm.salt)] == [24, 18]
    bound_order(firm, 60)
    plan()
    tea, salt = proposal_of(firm.tea), proposal_of(firm.salt)
    assert (tea.quantity, salt.quantity) == (18, 12)
    assert (reasons(tea)["order_maximum"], reasons(salt)["order_maximum"]) == ("6.000", "6.000")


def test_what_has_no_room_in_the_order_waits_and_why_nothing_says_so(firm, plan):
    bound_order(firm, 12)
    plan()
    left = [proposal for sku in (firm.tea, firm.salt) if (proposal := proposal_of(sku))]
    assert [proposal.quantity for proposal in left] == [6]
    assert ReorderLevel.objects.filter(outcome=Outcome.DELAYED).count() == 1


def test_a_full_order_passes_the_turn_on(firm, plan):
    make_terms(firm.best, firm.salt, priority=2)
    bound_order(firm, 48)
    plan()
    approve_proposals(
        proposal_ids=ReplenishmentProposal.objects.filter(state="open").values_list("pk", flat=True), user=None, now=NOW
    )
    assert PurchaseOrder.objects.get().total <= 48
    plan()
    # 24 of them were left out: 18 of salt are needed, 6 of it were ordered.
    assert proposal_of(firm.salt).supplier == firm.best


def test_neither_a_price_break_nor_a_least_order_goes_beyond_the_most(firm, plan):
    bound_line(firm, 24)
    breaks = [["48", "1.00"]]
    SupplierTerms.objects.filter(supplier=firm.acme, sku=firm.tea).update(price_breaks=breaks)
    Supplier.objects.filter(pk=firm.acme.pk).update(minimum_order_value=90)
    plan()
    assert proposal_of(firm.tea).quantity == 24


def test_a_typed_quantity_above_the_most_is_refused_and_its_consequence_warns(firm, plan):
    bound_line(firm, 32)
    plan()
    tea = proposal_of(firm.tea)
    with pytest.raises(InvalidInput, match="At most 32 are delivered in an order: order 30"):
        edit_proposal(proposal_id=tea.pk, quantity=Decimal(36), user=None, now=NOW)
    assert edit_proposal(proposal_id=tea.pk, quantity=Decimal(30), user=None, now=NOW).quantity == 30
    assert consequence_of(tea, Decimal(36), now=NOW).is_above_maximum
    assert not consequence_of(tea, Decimal(32), now=NOW).is_above_maximum


def test_an_approval_above_the_most_of_by_now_is_refused_by_name(firm, plan):
    plan()
    bound_line(firm, 12)
    with pytest.raises(InvalidInput, match="tea: Acme delivers at most 12 in an order"):
        approve(proposal_of(firm.tea))
    assert not PurchaseOrder.objects.exists()


def test_an_approval_above_the_largest_order_says_by_how_much(firm):
    bound_order(firm, 50)
    ids = [ask_for(firm, sku, 30).pk for sku in (firm.tea, firm.salt)]
    with pytest.raises(InvalidInput, match=r"10\.00 too much") as refusal:
        approve_proposals(proposal_ids=ids, user=None, now=NOW)
    assert refusal.value.details[0]["supplier"] == firm.acme.pk
    approve_proposals(proposal_ids=ids[:1], user=None, now=NOW)


def test_a_draft_and_a_split_keep_to_it(firm, plan):
    bound_line(firm, 12)
    lines = [DraftLine(firm.tea.pk, Decimal(18))]
    draft = make_draft(supplier=firm.acme, location=firm.shop, lines=lines, user=firm.buyer, now=NOW)
    with pytest.raises(InvalidInput, match="At most 12"):
        submit_draft(order_id=draft.pk, user=firm.buyer, now=NOW)
    tea = ask_for(firm, firm.tea, 24)
    with pytest.raises(InvalidInput, match="Acme: At most 12"):
        split_proposal(proposal_id=tea.pk, wanted={firm.acme.pk: None}, user=None, now=NOW)


def test_a_sent_order_is_not_changed_beyond_it(firm):
    (order,) = approve(ask_for(firm, firm.tea, 12)).orders
    bound_line(firm, 18)
    line = order.lines.get()

    def change(quantity):
        return revise_order(
            order_id=order.pk, changes={line.pk: LineChange(Decimal(quantity), None)}, seen=0, user=None, now=NOW
        )

    with pytest.raises(InvalidInput, match="at most 18"):
        change(24)
    assert change(18).number == 1


def test_a_most_below_what_they_deliver_at_all_is_refused(firm):
    wrong = Terms(price=Decimal(2), pack_size=Decimal(6), minimum_quantity=Decimal(8), maximum_quantity=Decimal(10))
    with pytest.raises(InvalidInput, match="at least what they deliver at all: 12"):
        set_terms(supplier_id=firm.acme.pk, sku_id=firm.tea.pk, terms=wrong, actor=None, now=NOW)
    changes = {"minimum_order_value": 100, "maximum_order_value": 99}
    with pytest.raises(InvalidInput, match="not below the minimum order"):
        update_supplier(supplier_id=firm.acme.pk, changes=changes, actor=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        bound_line(firm, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        bound_order(firm, 0)
