"""Lots in files: made by what brings them in, named by what takes them out."""

from datetime import date

import pytest

from inventory.models import Lot, LotLevel, Movement, Sku

HEAD = "date,kind,sku,location,quantity,lot,expires_on\n"


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nM,Milk,each\nA,Apple,each\n")
    Sku.objects.filter(code="M").update(is_lot_tracked=True)


def test_a_receipt_brings_a_lot_and_a_sale_takes_from_it(take_in, shop):
    rows = "2026-02-01,receipt,M,MAIN,10,L1,2026-12-31\n2026-02-02,sale,M,MAIN,4,l1,\n2026-02-02,receipt,A,MAIN,1,,\n"
    assert take_in("movements", HEAD + rows).changed_count == 3
    lot = Lot.objects.get()
    assert (lot.code, lot.expires_on) == ("L1", date(2026, 12, 31))
    assert LotLevel.objects.get().on_hand == 6


def test_opening_stock_may_lie_in_several_lots(take_in, shop):
    text = "sku,location,quantity,lot,expires_on\nM,MAIN,5,L1,2026-12-31\nM,MAIN,7,L2,\n"
    assert take_in("stock", text).changed_count == 2
    assert take_in("stock", text).changed_count == 0
    assert sorted(LotLevel.objects.values_list("on_hand", flat=True)) == [5, 7]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-02-01,receipt,M,MAIN,10,,", "lot_missing"),
        ("2026-02-01,receipt,A,MAIN,10,L1,", "lot_untracked"),
        ("2026-02-01,sale,M,MAIN,1,L9,", "unknown_lot"),
        ("2026-02-01,receipt,M,MAIN,1,L1,2027-01-01", "refused"),
    ],
)
def test_a_lot_that_does_not_fit_is_named(take_in, refusals, shop, row, code):
    take_in("movements", HEAD + "2026-02-01,receipt,M,MAIN,10,L1,2026-12-31\n")
    assert refusals("movements", HEAD + row + "\n") == [(2, "lot", code)]
    assert Movement.objects.count() == 1
