"""What is lost before a delivery is left out wherever a least-cost level is weighed: in a preview, of a quantity."""

from decimal import Decimal

import pytest

from orders.models import PolicyRule, ReorderLevel, ReplenishmentProposal
from orders.selectors.consequence import consequence_of
from orders.selectors.rule_preview import preview_rule
from orders.services.planning import check_reorder
from orders.services.policy import Scope, Targets, set_rule
from tests.orders.conftest import NOW, add_stock, take_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def dry(firm, plan):
    """Acme takes 10 days, of which the shelf is empty for all."""
    firm.acme.promised_lead_time_days = 10
    firm.acme.save()
    targets = Targets(target="economic", ordering_cost=Decimal("0.01"), disappointment=Decimal(50))
    set_rule(scope=Scope(sku_id=firm.tea.pk), targets=targets, actor=None, now=NOW)
    plan()
    return firm


def test_a_preview_of_the_rule_that_holds_changes_no_stock(dry):
    found = preview_rule(rule=PolicyRule.objects.get(), place=dry.shop, now=NOW)
    assert found.stock_then == found.stock_now > 0
    row = found.rows[0]
    assert (row.point_then, row.up_to_then) == (row.point_now, row.up_to_now)


def test_what_the_plan_proposes_is_not_told_to_be_too_little(dry):
    """Nothing of it is asked for before it comes: the day after is served but for a rare chance."""
    proposal = ReplenishmentProposal.objects.get(sku=dry.tea)
    found = consequence_of(proposal, proposal.quantity, now=NOW)
    assert found.risk < 0.2
    assert found.early_risk > 0.9


def test_what_spoils_of_a_quantity_knows_that_nobody_waited(dry):
    """60 that come after 10 days and keep 5 are asked for 10 times, whatever was asked for before."""
    dry.tea.shelf_life_days = 5
    dry.tea.save()
    proposal = ReplenishmentProposal.objects.get(sku=dry.tea)
    assert consequence_of(proposal, Decimal(60), now=NOW).spoils == pytest.approx(50, abs=1)


def test_a_check_after_a_sale_says_what_the_night_says(dry, plan):
    add_stock(dry.tea, dry.shop, 9)
    check_reorder(location_id=dry.shop.pk, sku_ids=None, now=NOW)
    take_stock(dry.tea, dry.shop, 5)
    check_reorder(location_id=dry.shop.pk, sku_ids=[dry.tea.pk], now=NOW)
    names = ("reorder_point", "order_up_to_level", "safety_stock", "turn", "outcome")
    checked = ReorderLevel.objects.filter(sku=dry.tea).values_list(*names).get()
    quantity = ReplenishmentProposal.objects.get(sku=dry.tea, state="open").quantity
    assert checked[3]
    again = plan()
    assert ReorderLevel.objects.filter(sku=dry.tea).values_list(*names).get() == checked
    assert ReplenishmentProposal.objects.get(sku=dry.tea, state="open").quantity == quantity
    assert (again.created, again.changed, again.withdrawn) == (0, 0, 0)
