"""The plan of a location: levels for every listing, one open proposal per need, the same again however often it runs.

Tea sells 2 a day and Acme promises 2 days, so the protection interval is 3 days: Poisson(6), whose 95% quantile is 10.
Seven days of lot make 14, so tea is ordered at 10 or below, up to 24, in packs of 6.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.models import Listing, Sku
from orders.models import Outcome, PolicyRule, ProposalState, ReorderLevel, ReplenishmentProposal
from tests.orders.conftest import AS_OF, NOW, TODAY, add_stock, foresee, make_terms

pytestmark = pytest.mark.django_db


def proposals(sku, state=ProposalState.OPEN):
    return ReplenishmentProposal.objects.filter(sku=sku, state=state)


def level(sku):
    return ReorderLevel.objects.get(sku=sku)


def test_levels_follow_from_the_forecast_and_the_promise(firm, plan):
    plan()
    tea = level(firm.tea)
    assert (tea.reorder_point, tea.order_up_to_level, tea.safety_stock) == (10, 24, 4)
    assert (tea.protection_interval_days, tea.mean_daily_demand, tea.lead_time_days) == (3, 2, 2)
    assert tea.computed_on == AS_OF
    assert tea.supplier == firm.acme


def test_a_need_is_rounded_up_to_packs_and_priced(firm, plan):
    add_stock(firm.tea, firm.shop, 5)
    plan()
    proposal = proposals(firm.tea).get()
    assert (proposal.quantity, proposal.suggested_quantity) == (24, 24)
    assert proposal.unit_price == 2
    assert proposal.expected_on == TODAY + timedelta(days=2)
    assert proposal.value_at_risk > 0


@pytest.mark.parametrize(("on_hand", "quantity"), [(0, 24), (10, 18), (11, 0)])
def test_orders_at_the_reorder_point_and_not_above_it(firm, plan, on_hand, quantity):
    if on_hand:
        add_stock(firm.tea, firm.shop, on_hand)
    plan()
    assert sum(proposal.quantity for proposal in proposals(firm.tea)) == quantity


def test_without_enough_data_nothing_is_guessed(firm, plan):
    result = plan()
    soap = level(firm.soap)
    assert result.without_forecast == 1
    assert soap.outcome == Outcome.NO_FORECAST
    assert soap.reorder_point is None
    assert not proposals(firm.soap).exists()


def test_a_supplier_minimum_makes_no_need(firm, plan):
    firm.acme.terms.update(minimum_quantity=Decimal(60))
    add_stock(firm.tea, firm.shop, 11)
    plan()
    assert not proposals(firm.tea).exists()
    assert level(firm.tea).outcome == Outcome.ENOUGH


def test_no_demand_makes_no_need(firm, plan):
    foresee(firm.run, firm.tea, firm.shop, 0.0)
    plan()
    assert level(firm.tea).outcome == Outcome.NO_DEMAND
    assert not proposals(firm.tea).exists()


def test_nobody_supplies_it(firm, plan):
    firm.acme.terms.update(is_active=False)
    plan()
    assert level(firm.tea).outcome == Outcome.NO_SOURCE
    assert level(firm.tea).reorder_point is not None
    assert not proposals(firm.tea).exists()


def test_a_rule_stops_it(firm, plan):
    PolicyRule.objects.create(sku=firm.tea, is_stopped=True)
    plan()
    assert level(firm.tea).outcome == Outcome.STOPPED
    assert not proposals(firm.tea).exists()


def test_the_supplier_with_the_lowest_priority_number_is_asked(firm, plan):
    make_terms(firm.best, firm.tea, price=Decimal("1.00"), priority=2)
    plan()
    assert proposals(firm.tea).get().supplier == firm.acme
    firm.best.terms.update(priority=1)
    plan()
    assert proposals(firm.tea).get().supplier == firm.best


@pytest.mark.parametrize("times", [2, 5])
def test_again_changes_nothing(firm, plan, times):
    first = plan()
    before = list(ReplenishmentProposal.objects.order_by("pk").values())
    levels = list(ReorderLevel.objects.order_by("pk").values())
    for _ in range(times - 1):
        again = plan(now=NOW + timedelta(minutes=5))
        assert (again.created, again.changed, again.withdrawn) == (0, 0, 0)
    assert first.created == 2
    assert list(ReplenishmentProposal.objects.order_by("pk").values()) == before
    assert list(ReorderLevel.objects.order_by("pk").values()) == levels


def test_a_changed_need_edits_the_open_proposal(firm, plan):
    plan()
    first = proposals(firm.tea).get()
    add_stock(firm.tea, firm.shop, 8)
    result = plan(now=NOW + timedelta(hours=1))
    assert proposals(firm.tea).get().pk == first.pk
    assert proposals(firm.tea).get().quantity == 18
    assert (result.created, result.changed) == (0, 1)


def test_a_need_that_vanished_is_withdrawn(firm, plan):
    plan()
    add_stock(firm.tea, firm.shop, 30)
    assert plan().withdrawn == 1
    assert not proposals(firm.tea).exists()
    assert proposals(firm.tea, ProposalState.WITHDRAWN).count() == 1


@pytest.mark.parametrize("end", ["delisted", "inactive"])
def test_what_is_no_longer_on_sale_has_no_level_and_no_proposal(firm, plan, end):
    plan()
    if end == "delisted":
        Listing.objects.filter(sku=firm.tea).update(delisted_on=TODAY)
    else:
        Sku.objects.filter(pk=firm.tea.pk).update(is_active=False)
    plan()
    assert not proposals(firm.tea).exists()
    assert not ReorderLevel.objects.filter(sku=firm.tea).exists()


def test_what_changed_since_last_night_is_kept_with_the_reason(firm, plan):
    plan()
    add_stock(firm.tea, firm.shop, 8)
    for _ in range(2):
        plan(as_of=AS_OF + timedelta(days=1), now=NOW + timedelta(days=1))
        assert proposals(firm.tea).get().reason["was"] == "24.000"


def test_goods_that_spoil_are_not_bought_for_longer_than_they_keep(firm, plan):
    Sku.objects.filter(pk=firm.tea.pk).update(shelf_life_days=3)
    plan()
    # Poisson(10) until they spoil, of which 95 % do not ask for more than 15.
    assert level(firm.tea).order_up_to_level == 15


def test_a_later_listing_is_not_planned_yet(firm, plan):
    Listing.objects.filter(sku=firm.tea).update(listed_on=date(2026, 4, 1))
    plan()
    assert not ReorderLevel.objects.filter(sku=firm.tea).exists()


def test_the_number_of_statements_does_not_grow(firm, plan, django_assert_num_queries):
    with django_assert_num_queries(33):
        plan()
    for number in range(20):
        sku = Sku.objects.create(code=f"x{number}", name="x", price=3, cost=2, created_at=NOW)
        Listing.objects.create(sku=sku, location=firm.shop, listed_on=date(2026, 1, 1))
        make_terms(firm.acme, sku)
        foresee(firm.run, sku, firm.shop, 1.0)
    with django_assert_num_queries(35):
        assert plan().created == 20
