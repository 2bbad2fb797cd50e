"""A transfer waits for the very lots that it sent: no file takes them, whatever else of the SKU files brought there."""

from decimal import Decimal

import pytest

from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Location, LotLevel, Sku
from inventory.services.transfers import create_transfer, receive_transfer, ship_transfer
from tests.imports.conftest import NOW

HEAD = "date,kind,sku,location,counterpart,quantity,lot,expires_on\n"


@pytest.fixture
def way(take_in):
    """The code of in transit: four of lot L2 travel there with a transfer, four of L1 were brought by a file."""
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\nSIDE,Side,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nM,Milk,each\n")
    Sku.objects.filter(code="M").update(is_lot_tracked=True)
    code = Location.objects.get(kind="in_transit").code
    rows = "2026-02-01,receipt,M,MAIN,,4,L1,2027-12-31\n2026-02-01,receipt,M,MAIN,,4,L2,2027-12-31\n"
    take_in("movements", HEAD + rows)
    take_in("movements", HEAD + f"2026-02-02,transfer,M,MAIN,{code},4,L1,\n")
    return code


@pytest.fixture
def transfer(way):
    milk, main, side = Sku.objects.get(), Location.objects.get(code="MAIN"), Location.objects.get(code="SIDE")
    lines = [GoodsLine(milk.pk, Decimal(4), lot=LotName("L2"))]
    made = create_transfer(source=main, destination=side, lines=lines, user=None, now=NOW)
    return ship_transfer(transfer_id=made.pk, user=None, now=NOW)


def test_the_lot_of_a_transfer_is_not_taken_for_that_of_a_file(refusals, way, transfer):
    text = HEAD + f"2026-02-20,transfer,M,{way},SIDE,4,L2,\n"
    assert refusals("movements", text) == [(2, "quantity", "in_transit_of_transfers")]
    receive_transfer(transfer_id=transfer.pk, key=None, user=None, now=NOW)
    assert LotLevel.objects.get(lot__code="L2", location__code="SIDE").on_hand == 4


def test_the_lot_that_a_file_brought_goes_on(take_in, way, transfer):
    take_in("movements", HEAD + f"2026-02-20,transfer,M,{way},SIDE,4,L1,\n")
    assert LotLevel.objects.get(lot__code="L1", location__code="SIDE").on_hand == 4
    receive_transfer(transfer_id=transfer.pk, key=None, user=None, now=NOW)


def test_what_has_arrived_is_free_again(take_in, refusals, way, transfer):
    receive_transfer(transfer_id=transfer.pk, key=None, user=None, now=NOW)
    take_in("movements", HEAD + f"2026-02-20,transfer,M,SIDE,{way},1,L2,\n")
    take_in("movements", HEAD + f"2026-02-21,transfer,M,{way},MAIN,1,L2,\n")
    assert LotLevel.objects.get(lot__code="L2", location__code="MAIN").on_hand == 1
