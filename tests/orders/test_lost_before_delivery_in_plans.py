"""A plan of least cost leaves out what will be lost before its order can come, and says so."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.models import Outcome, ReorderLevel, ReplenishmentProposal
from orders.selectors.why import facts_of_level, why
from orders.services.policy import Scope, Targets, set_rule
from suppliers.domain.calendar import Closure
from suppliers.services.closures import add_closures
from tests.orders.conftest import NOW, TODAY, add_stock, foresee, sent_order, take_stock

pytestmark = pytest.mark.django_db
ECONOMIC = {"target": "economic", "ordering_cost": Decimal(1), "disappointment": Decimal(5)}


def rule(firm, **targets):
    set_rule(scope=Scope(sku_id=firm.tea.pk), targets=Targets(**(ECONOMIC | targets)), actor=None, now=NOW)


def proposed(sku):
    return ReplenishmentProposal.objects.get(sku=sku, state="open")


def lines_of(found):
    return {line.code: line.value for line in found.lines}


def test_two_days_without_a_shelf_are_no_need_of_the_order_that_ends_them(firm, plan):
    """2 a day for 2 days until Acme delivers, of the 6 over the days to be covered."""
    rule(firm)
    plan()
    told = lines_of(why(sku=firm.tea, location=firm.shop, now=NOW))
    assert float(told["lost_before"]) == pytest.approx(-4, abs=0.1)
    assert float(told["interval_demand"]) == pytest.approx(6)
    served = told["interval_demand"] + told["lost_before"]
    assert told["safety_stock"] == pytest.approx(told["reorder_point"] - served)
    # The reorder point is not exceeded by what is left: 3 or more against 2, as 7 is by Poisson(6).
    assert told["certainty"] > 0.6


def test_what_comes_today_saves_the_demand_and_the_order_serves_it(firm, plan):
    rule(firm)
    plan()
    dry = ReorderLevel.objects.get(sku=firm.tea)
    add_stock(firm.tea, firm.shop, 1)
    order = sent_order(firm)
    order.lines.filter(sku=firm.tea).update(quantity=3)
    plan()
    wet = ReorderLevel.objects.get(sku=firm.tea)
    assert wet.outcome == Outcome.PROPOSED
    assert facts_of_level(wet).lost_before < facts_of_level(dry).lost_before
    assert wet.order_up_to_level > dry.order_up_to_level


def test_the_later_the_same_units_come_the_more_is_left_out(firm, plan):
    rule(firm)
    order = sent_order(firm)
    line = order.lines.get(sku=firm.tea)
    order.lines.filter(pk=line.pk).update(quantity=3)
    lost = []
    for days in (0, 1, 5):
        order.lines.filter(pk=line.pk).update(expected_on=TODAY + timedelta(days=days))
        plan()
        lost.append(facts_of_level(ReorderLevel.objects.get(sku=firm.tea)).lost_before)
    assert lost[0] < lost[1] < lost[2]


def test_a_level_that_proposes_nothing_still_tells_it(firm, plan):
    rule(firm)
    firm.acme.is_active = False
    firm.acme.save()
    plan()
    found = why(sku=firm.tea, location=firm.shop, now=NOW)
    assert found.code == Outcome.NO_SOURCE
    assert float(lines_of(found)["lost_before"]) < 0


def test_it_goes_when_the_goods_are_there(firm, plan):
    rule(firm)
    plan()
    assert ReorderLevel.objects.get(sku=firm.tea).turn
    add_stock(firm.tea, firm.shop, 40)
    plan()
    level = ReorderLevel.objects.get(sku=firm.tea)
    assert (level.outcome, level.turn) == (Outcome.ENOUGH, None)
    assert "lost_before" not in lines_of(why(sku=firm.tea, location=firm.shop, now=NOW))
    take_stock(firm.tea, firm.shop, 40)


def test_a_certainty_counts_all_that_is_asked_for(firm, plan):
    plan()
    found = why(sku=firm.tea, location=firm.shop, now=NOW)
    assert "lost_before" not in lines_of(found)
    assert proposed(firm.tea).quantity > 0


def test_who_is_closed_for_three_months_is_asked_for_what_is_needed_after_them(firm, plan):
    """A day after the delivery and a lot; two months of closing at most count as asked for, and as lost."""
    rule(firm, ordering_cost=Decimal(20))
    plan()
    usual = proposed(firm.tea).quantity
    feast = Closure("Feast", TODAY, TODAY + timedelta(days=89))
    add_closures(supplier_id=firm.acme.pk, closures=[feast], actor=None, now=NOW)
    plan()
    assert usual / 2 < proposed(firm.tea).quantity < 3 * usual
    assert facts_of_level(ReorderLevel.objects.get(sku=firm.tea)).lost_before == pytest.approx(2 * 62, abs=3)


def test_what_is_hardly_ever_asked_for_is_not_ordered_because_the_shelf_is_empty(firm, plan):
    """A unit in three years is worth no order; the level may fall by what is lost, it never rises."""
    foresee(firm.run, firm.tea, firm.shop, 0.001)
    rule(firm)
    plan()
    level = ReorderLevel.objects.get(sku=firm.tea)
    assert (level.outcome, level.reorder_point, level.order_up_to_level) == (Outcome.ENOUGH, 0, 0)
