"""Neither a lower price nor a pallet nor a truck makes the plan buy what will expire before anybody asks for it.

Tea is asked for twice a day and comes after two days; 24 are needed, in packs of 6.
"""

from decimal import Decimal

import pytest

from orders.models import ReplenishmentProposal
from suppliers.models import SupplierTerms
from suppliers.services.suppliers import update_supplier
from suppliers.services.terms import Terms, set_terms
from tests.orders.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(firm, plan):
    """bought(14) is the quantity of tea that the plan proposes where it keeps 14 days."""

    def planned(shelf_life_days):
        firm.tea.shelf_life_days = shelf_life_days
        firm.tea.weight_kg = 1
        firm.tea.save()
        plan()
        return ReplenishmentProposal.objects.get(sku=firm.tea).quantity

    return planned


def with_truck(firm):
    changes = {"truck_policy": "fill", "truck_kilograms": 1000, "fill_days": 60}
    update_supplier(supplier_id=firm.acme.pk, changes=changes, actor=None, now=NOW)


@pytest.mark.parametrize(
    ("keeps", "quantity"),
    [
        (None, 120),  # sixty days
        (14, 30),  # 32 are asked for in 2 + 14 days
        (13, 30),  # 30 are, in whole packs
        (12, 24),
    ],
)
def test_a_truck_is_filled_with_what_keeps(firm, bought, keeps, quantity):
    with_truck(firm)
    assert bought(keeps) == quantity


def test_a_lower_price_for_more_than_keeps_is_left(firm, bought):
    terms = Terms(price=Decimal(2), pack_size=Decimal(6), price_breaks=((Decimal(60), Decimal(1)),))
    set_terms(supplier_id=firm.acme.pk, sku_id=firm.tea.pk, terms=terms, actor=None, now=NOW)
    assert bought(None) >= 60
    assert bought(14) == 24


def test_a_pallet_that_would_not_keep_stays_broken(firm, bought):
    SupplierTerms.objects.filter(supplier=firm.acme, sku=firm.tea).update(pallet_size=36, pallet_percent=40)
    assert bought(None) == 36
    assert bought(14) == 24
