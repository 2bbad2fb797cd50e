"""The unit of a SKU changes only while nothing that is written down of it would become nonsense."""

from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.domain.packs import PackSize
from inventory.models import Pack, Sku
from inventory.services.card_parts import CardParts
from inventory.services.catalogue import update_sku
from inventory.services.places import set_may_go_negative
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer
from tests.inventory.holding import hold

HALF = Decimal("0.5")


@pytest.fixture
def change(firm, tools):
    def act(unit="each", **parts):
        return update_sku(
            sku_id=firm.rice.pk, values={"unit": unit}, user=None, now=tools.NOW, parts=CardParts(**parts)
        )

    return act


def write_down(what, firm, tools):
    """Half a kilo of rice, in one way or another."""
    if what == "pack":
        Pack.objects.create(sku=firm.rice, name="bag", quantity=HALF)
    if what == "barcode":
        firm.rice.barcodes.create(code="4006381333931", pack_quantity=HALF)
    if what == "draft":
        lines = [GoodsLine(firm.rice.pk, HALF)]
        create_transfer(source=firm.shop, destination=firm.depot, lines=lines, user=None, now=tools.NOW)
    if what == "reservation":
        set_may_go_negative(location_id=firm.shop.pk, is_allowed=True, user=None, now=tools.NOW)
        hold(firm.shop, (firm.rice, HALF), now=tools.NOW)


@pytest.mark.parametrize(
    ("what", "named"),
    [("pack", "bag"), ("barcode", "4006381333931"), ("draft", "TR-2026-"), ("reservation", "Reservation ")],
)
def test_what_does_not_fit_the_new_unit_is_named(firm, tools, change, what, named):
    write_down(what, firm, tools)
    with pytest.raises(InvalidInput, match=f"“{named}.*” is for 0\\.5 of rice: that does not fit the new unit"):
        change()
    assert Sku.objects.get(pk=firm.rice.pk).unit == "kg"


def test_packs_and_barcodes_that_change_with_it_may(firm, tools, change):
    write_down("pack", firm, tools)
    write_down("barcode", firm, tools)
    change(packs=[PackSize("bag", Decimal(2))], barcodes={})
    assert Sku.objects.get(pk=firm.rice.pk).unit == "each"
    with pytest.raises(InvalidInput, match=r"cannot hold 0\.5"):
        change("each", packs=[PackSize("bag", HALF)])


def test_whole_quantities_fit_any_unit(firm, tools, change):
    Pack.objects.create(sku=firm.rice, name="sack", quantity=25)
    assert change().unit == "each"
    assert change("kg").unit == "kg"


def test_it_stays_once_stock_has_moved(firm, stock, change):
    stock(firm.rice, firm.shop, 1)
    with pytest.raises(InvalidInput, match="stock has moved"):
        change()
