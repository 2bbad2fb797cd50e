"""One need bought from several suppliers: an order for each in one decision, the need counted once, refusals that buy
nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.errors import KeyAlreadyUsed
from inventory.models import Location
from orders.errors import AlreadyDecided, ChangedMeanwhile, OverBudget
from orders.models import Budget, ProposalPart, PurchaseOrder, ReplenishmentProposal
from orders.selectors.splits import is_splittable, split_of
from orders.services.decisions import approve_proposals, edit_proposal
from orders.services.splits import split_proposal
from suppliers.models import Supplier, SupplierTerms
from tests.orders.conftest import NOW, make_supplier, make_terms, set_limits

pytestmark = pytest.mark.django_db
REST = None


@pytest.fixture
def tea(firm, plan):
    """24 of tea are proposed of Acme, in packs of 6 at 2; Best delivers packs of 4, at least 8, at 3 (2.50 from 16)."""
    make_terms(firm.best, firm.tea, pack_size=4, minimum_quantity=8, price=3, priority=2, price_breaks=[["16", "2.50"]])
    plan()
    proposal = ReplenishmentProposal.objects.get(sku=firm.tea)
    assert (proposal.supplier, proposal.quantity) == (firm.acme, 24)
    return proposal


def split(proposal, wanted, **more):
    units = {supplier.pk: units if units is None else Decimal(units) for supplier, units in wanted.items()}
    return split_proposal(proposal_id=proposal.pk, wanted=units, **{"user": None, "now": NOW, **more}).orders


def bought():
    return {
        order.supplier.code: (order.lines.get().quantity, order.lines.get().unit_price)
        for order in PurchaseOrder.objects.select_related("supplier")
    }


def test_so_many_of_one_and_the_rest_of_the_other(firm, tea):
    orders = split(tea, {firm.acme: REST, firm.best: 8})
    # 16 are left, in packs of 6.
    assert bought() == {"ACME": (18, 2), "BEST": (8, 3)}
    assert {order.state for order in orders} == {"approved"}
    tea.refresh_from_db()
    assert (tea.state, tea.quantity, tea.supplier) == ("approved", 26, firm.acme)
    parts = {part.purchase_order.supplier.code: part.quantity for part in ProposalPart.objects.all()}
    assert parts == {"ACME": 18, "BEST": 8}


def test_the_need_is_counted_once_and_not_proposed_again(firm, plan, tea):
    split(tea, {firm.acme: REST, firm.best: 8})
    plan()
    assert not ReplenishmentProposal.objects.filter(sku=firm.tea, state="open").exists()


def test_a_price_break_holds_for_the_part_that_reaches_it(firm, tea):
    split(tea, {firm.acme: REST, firm.best: 16})
    assert bought() == {"ACME": (12, 2), "BEST": (16, Decimal("2.5"))}


def test_the_rest_is_nothing_where_another_brings_it_all(firm, tea):
    split(tea, {firm.acme: REST, firm.best: 24})
    assert bought() == {"BEST": (24, Decimal("2.5"))}
    tea.refresh_from_db()
    assert (tea.supplier, tea.quantity) == (firm.best, 24)


def test_each_part_is_expected_by_the_lead_time_of_its_supplier(firm, tea):
    Supplier.objects.filter(pk=firm.best.pk).update(promised_lead_time_days=5)
    split(tea, {firm.acme: REST, firm.best: 8})
    days = {order.supplier.code: order.expected_on for order in PurchaseOrder.objects.all()}
    assert days == {"ACME": date(2026, 3, 12), "BEST": date(2026, 3, 15)}


def test_the_consequence_is_known_before(firm, tea):
    found = split_of(tea, {firm.acme.pk: REST, firm.best.pk: Decimal(8)}, now=NOW)
    assert [(part.offer.supplier_id, part.quantity, part.cost) for part in found.parts] == [
        (firm.acme.pk, 18, 36),
        (firm.best.pk, 8, 24),
    ]
    assert (found.quantity, found.consequence.cover_days) == (26, 13.0)
    tea.refresh_from_db()
    assert tea.state == "open"


@pytest.mark.parametrize(
    ("acme", "best", "said"),
    [
        (REST, 4, "Best: At least 8 are delivered: order 8"),
        (REST, 9, "Best: 9 is no whole number of packs of 4: order 8 / 12"),
        (9, 8, "Acme: 9 is no whole number of packs of 6: order 6 / 12"),
        (REST, "8.5", "Best: This SKU is counted in whole units; 8.5 is not whole"),
        (REST, -4, "Best: The quantity must be above zero"),
        (0, 0, "Nothing is bought of anybody"),
        (REST, REST, "Only one supplier can bring the rest"),
    ],
)
def test_what_a_supplier_does_not_deliver_is_refused_by_name(firm, tea, acme, best, said):
    with pytest.raises(InvalidInput, match=said):
        split(tea, {firm.acme: acme, firm.best: best})
    assert not PurchaseOrder.objects.exists()
    tea.refresh_from_db()
    assert tea.state == "open"


def test_all_faults_are_named_at_once(firm, tea):
    with pytest.raises(InvalidInput) as refusal:
        split(tea, {firm.acme: 7, firm.best: 9})
    assert [row["supplier"] for row in refusal.value.details] == [firm.acme.pk, firm.best.pk]


def test_a_supplier_who_was_stopped_or_never_delivered_it_is_refused(firm, tea):
    Supplier.objects.filter(pk=firm.best.pk).update(is_active=False)
    with pytest.raises(InvalidInput, match=r"not any more: Best\."):
        split(tea, {firm.acme: REST, firm.best: 8})
    with pytest.raises(InvalidInput, match=r"not any more: Third\."):
        split(tea, {firm.acme: REST, make_supplier("THIRD"): 8})


def test_ended_terms_are_refused_and_nobody_else_is_offered(firm, tea):
    assert is_splittable(tea)
    SupplierTerms.objects.filter(supplier=firm.best).update(is_active=False)
    assert not is_splittable(tea)
    with pytest.raises(InvalidInput, match="Best"):
        split(tea, {firm.acme: REST, firm.best: 8})


def test_no_more_than_a_budget_has_left_for_both_together(firm, tea):
    Budget.objects.create(
        name="March", amount=59, period="month", starts_on=date(2026, 3, 1), created_at=NOW, author=firm.buyer
    )
    with pytest.raises(OverBudget, match=r"1\.00 too much"):
        split(tea, {firm.acme: REST, firm.best: 8})
    assert not PurchaseOrder.objects.exists() and not ProposalPart.objects.exists()
    assert [pot.budget.name for pot in split_of(tea, {firm.best.pk: Decimal(24)}, now=NOW).exceeds] == ["March"]


def test_above_the_limit_each_order_waits_for_a_second_person(firm, tea):
    set_limits(30)
    orders = split(tea, {firm.acme: REST, firm.best: 8}, user=firm.buyer)
    assert {order.supplier.code: order.state for order in orders} == {"ACME": "awaiting_approval", "BEST": "approved"}


def test_what_somebody_else_decided_meanwhile_is_refused(firm, tea):
    approve_proposals(proposal_ids=[tea.pk], user=None, now=NOW)
    with pytest.raises(AlreadyDecided):
        split(tea, {firm.acme: REST, firm.best: 8})
    assert PurchaseOrder.objects.count() == 1


def test_another_quantity_or_price_than_the_one_seen_is_refused(firm, tea):
    with pytest.raises(ChangedMeanwhile, match="24 instead of 30"):
        split(tea, {firm.acme: REST, firm.best: 8}, seen=Decimal(30))
    with pytest.raises(ChangedMeanwhile, match="Best: 3"):
        split(tea, {firm.acme: REST, firm.best: 8}, seen_prices={firm.best.pk: Decimal("2.9")})
    split(tea, {firm.acme: REST, firm.best: 8}, seen=Decimal(24), seen_prices={firm.best.pk: Decimal(3)})


def test_the_rest_is_of_the_quantity_that_a_person_typed(firm, tea):
    edit_proposal(proposal_id=tea.pk, quantity=Decimal(48), user=None, now=NOW)
    split(tea, {firm.acme: REST, firm.best: 12})
    assert bought() == {"ACME": (36, 2), "BEST": (12, 3)}


def test_a_repeat_with_the_same_key_finds_the_same_orders(firm, tea):
    first = split(tea, {firm.acme: REST, firm.best: 8}, key="k")
    again = split(tea, {firm.acme: REST, firm.best: 8}, key="k")
    assert {order.pk for order in first} == {order.pk for order in again} and len(again) == 2
    salt = ReplenishmentProposal.objects.get(sku=firm.salt)
    with pytest.raises(KeyAlreadyUsed):
        split(salt, {firm.acme: REST}, key="k")


def test_what_is_moved_cannot_be_split(firm, tea):
    depot = Location.objects.get(code="DEPOT")
    ReplenishmentProposal.objects.filter(pk=tea.pk).update(supplier=None, source=depot)
    with pytest.raises(IllegalStateChange, match="moved"):
        split(tea, {firm.acme: REST, firm.best: 8})


def test_the_database_keeps_parts_above_zero_and_once_an_order(firm, tea):
    orders = split(tea, {firm.acme: REST, firm.best: 8})
    part = ProposalPart.objects.get(purchase_order=orders[0])
    for broken in ({"quantity": 0}, {"purchase_order": orders[1]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposalPart.objects.filter(pk=part.pk).update(**broken)
