"""What a file of master data may not change: the unit of stock that moved, and what a place is."""

from decimal import Decimal

import pytest

from inventory.models import Location, Sku
from inventory.services.kits import PartLine, set_kit_parts
from tests.imports.conftest import NOW

HISTORY = "date,kind,sku,location,quantity\n2026-03-01,receipt,flour,SHOP,1.5\n"


@pytest.fixture
def flour(take_in):
    """`flour`, of which 1.5 kg lie at SHOP."""
    take_in("locations", "code,name\nSHOP,Shop\n")
    take_in("skus", "code,name,unit\nflour,Flour,kg\nsalt,Salt,kg\n")
    take_in("movements", HISTORY)


def test_a_unit_stays_once_stock_has_moved(flour, refusals):
    text = "code,name,unit\nsalt,Salt,each\nflour,Flour,each\n"
    assert refusals("skus", text) == [(3, "unit", "unit_fixed")]
    assert set(Sku.objects.values_list("unit", flat=True)) == {"kg"}


def test_the_file_of_a_small_firm_keeps_it_too(flour, refusals):
    text = "code,name,unit,cost,price,location,on_hand\nflour,Flour,each,1,2,SHOP,\n"
    assert (2, "unit", "unit_fixed") in refusals("products", text)


def test_the_same_unit_and_none_at_all_are_no_change(flour, take_in):
    take_in("skus", "code,name,unit\nflour,White flour,kg\nsalt,Salt,each\n")
    take_in("skus", "code,name\nflour,Fine flour\n")
    assert list(Sku.objects.order_by("code").values_list("name", "unit")) == [("Fine flour", "kg"), ("Salt", "each")]


def test_the_places_of_the_ledger_do_not_become_stores(flour, refusals):
    virtual = Location.objects.get(kind="customer")
    assert refusals("locations", f"code,name\n{virtual.code},Mine\n") == [(2, "code", "code_of_other_place")]
    virtual.refresh_from_db()
    assert virtual.kind == "customer"


def test_a_level_stays_within_what_can_be_kept(flour, refusals):
    rows = "".join(f"2026-03-02,receipt,salt,SHOP,99999999999,R{number}\n" for number in range(2))
    assert refusals("movements", f"date,kind,sku,location,quantity,reference\n{rows}") == [(3, "quantity", "refused")]


def test_a_unit_that_a_kit_does_not_allow(take_in, refusals):
    take_in("skus", "code,name,unit\nP,Part,kg\nK,Kit,each\n")
    kit, part = Sku.objects.get(code="K"), Sku.objects.get(code="P")
    set_kit_parts(kit_id=kit.pk, parts=[PartLine(part.pk, Decimal("0.5"))], user=None, now=NOW)
    text = "code,name,unit\nP,Part,each\nK,Kit,kg\n"
    assert refusals("skus", text) == [(2, "unit", "unit_of_kit"), (3, "unit", "unit_of_kit")]
