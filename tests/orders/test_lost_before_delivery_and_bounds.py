"""What is lost before the delivery is left out of what a bound asks for or allows as well."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from orders.domain.before_delivery import Supply
from orders.domain.bounds import within_bounds
from orders.domain.policy import Policy
from orders.models import ReorderLevel, ReplenishmentProposal
from orders.services.policy import Scope, Targets, set_rule
from suppliers.domain.calendar import Closure
from suppliers.services.closures import add_closures
from tests.orders.conftest import NOW, TODAY, add_stock
from tests.orders.test_levels_exact import Foreseen, levels, protection

pytestmark = pytest.mark.django_db
ECONOMIC = {"target": "economic", "ordering_cost": Decimal(1), "disappointment": Decimal(5)}


def rule(firm, **targets):
    set_rule(scope=Scope(sku_id=firm.tea.pk), targets=Targets(**(ECONOMIC | targets)), actor=None, now=NOW)


def level(firm):
    return ReorderLevel.objects.get(sku=firm.tea)


def need(firm):
    reason = ReplenishmentProposal.objects.get(sku=firm.tea, state="open").reason
    return Decimal(dict(row[:2] for row in reason["lines"])["need"])


def close(firm, days):
    feast = Closure("Feast", TODAY, TODAY + timedelta(days=days - 1))
    add_closures(supplier_id=firm.acme.pk, closures=[feast], actor=None, now=NOW)


def test_what_is_shown_is_ordered_beside_what_is_asked_for_after_the_delivery(firm, plan):
    """8 are to stand there, and of 2 a day for 3 days the first 4 are lost."""
    rule(firm, presentation=Decimal(8))
    plan()
    assert level(firm).reorder_point == pytest.approx(10, abs=1)


def test_of_what_ends_nothing_is_bought_that_is_lost_before_it_comes(firm, plan):
    """Of 2 a day for 7 days the first 4 are lost."""
    rule(firm, phase="phase_out", ends_on=TODAY + timedelta(days=6), ordering_cost=Decimal(50))
    plan()
    assert level(firm).order_up_to_level == pytest.approx(10, abs=1)


@pytest.mark.parametrize(("lost", "here", "most"), [(0, 0, 10), (4, 0, 6), (4, 8, 8), (30, 0, 0)])
def test_what_spoils_is_bought_for_who_asks_while_it_keeps(lost, here, most):
    """10 of 2 a day for 5 days until it spoils, less by what is lost of them, and never less than is there to sell."""
    demand = Foreseen(2.0, lambda q, h: 2.0 * h)
    base = replace(levels(demand, protection([2]), 0.95), lost=np.array([float(lost)]))
    supply = Supply(np.array([float(here)]), np.full((1, 2), float(here)))
    found = within_bounds(base, [Policy()], demand, protection([2]), np.array([3.0]), np.array([0.5]), supply)
    assert found.levels.order_up_to == pytest.approx(most)


def test_a_closure_counts_once_where_a_bound_holds(firm, plan):
    """Closed for 5 of the 10 days that are left: 7 days of 2 are lost until it comes."""
    rule(firm, phase="phase_out", ends_on=TODAY + timedelta(days=9), ordering_cost=Decimal(50))
    close(firm, 5)
    plan()
    assert need(firm) <= 7


def test_what_the_shelf_serves_is_not_spare_where_the_delivery_comes_after_the_end(firm, plan):
    """3 days of 2 are left, Acme is closed until after them, and 4 stand there."""
    rule(firm, phase="phase_out", ends_on=TODAY + timedelta(days=2))
    add_stock(firm.tea, firm.shop, 4)
    close(firm, 30)
    plan()
    assert level(firm).order_up_to_level == 4
    assert level(firm).outcome == "enough"
