"""What a plan orders does not depend on the currency in which a supplier counts the same money."""

from decimal import Decimal

import pytest

from orders.models import ExchangeRate, ReorderLevel, ReplenishmentProposal
from orders.services.policy import Scope, Targets, set_rule
from tests.orders.conftest import NOW

pytestmark = pytest.mark.django_db


def planned(firm, plan, targets, price, breaks, rate):
    """What is ordered of tea, and up to which levels, where a unit of their currency is worth `rate` dollars."""
    set_rule(scope=Scope(sku_id=firm.tea.pk), targets=targets, actor=None, now=NOW)
    ExchangeRate.objects.update(rate=rate)
    firm.acme.terms.filter(sku=firm.tea).update(price=price, price_breaks=breaks)
    plan()
    level = ReorderLevel.objects.get(sku=firm.tea)
    quantity = ReplenishmentProposal.objects.get(sku=firm.tea, state="open").quantity
    return quantity, level.reorder_point, level.order_up_to_level


@pytest.mark.parametrize(
    ("targets", "quantity"),
    [
        (Targets(ordering_cost=Decimal(1)), None),
        (Targets(target="economic", disappointment=Decimal(1)), None),
        (Targets(target="economic", ordering_cost=Decimal(1)), None),
        (Targets(ordering_cost=Decimal("0.5")), 60),
    ],
)
def test_the_same_money_in_small_coins_orders_the_same(firm, plan, targets, quantity):
    breaks = [["60", "1.80"]] if quantity else []
    whole = planned(firm, plan, targets, Decimal(2), breaks, Decimal(1))
    coins = [[units, str(Decimal(price) * 100)] for units, price in breaks]
    assert planned(firm, plan, targets, Decimal(200), coins, Decimal("0.01")) == whole
    assert quantity in (None, whole[0])
