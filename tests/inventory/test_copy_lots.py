"""A history that names lots: the same lot levels and holds as posting one by one; nonsense is refused by line."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inventory.errors import InvalidLines, OutOfStock
from inventory.models import Lot, LotHold, LotLevel, StockLevel
from inventory.selectors.ledger_check import check_ledger
from inventory.services.bulk_posting import copy_movements

START = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def milk(firm, tools):
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    for code, expires_on in (("A", date(2026, 2, 10)), ("B", date(2026, 4, 1))):
        Lot.objects.create(sku=firm.milk, code=code, expires_on=expires_on, received_at=START)
    return firm.milk


@pytest.fixture
def load(firm, milk, tools):
    """load((lot code, quantity, days), ...): deliveries to the shop, or sales below zero."""
    ids = dict(Lot.objects.values_list("code", "pk"))

    def send(*moves, sku=milk):
        count = len(moves)
        return copy_movements(
            sku_id=[sku.pk] * count,
            source_id=[firm.supplier.pk if q > 0 else firm.shop.pk for _lot, q, _day in moves],
            destination_id=[firm.shop.pk if q > 0 else firm.customer.pk for _lot, q, _day in moves],
            kind=["receipt" if q > 0 else "sale" for _lot, q, _day in moves],
            quantity=[abs(q) for _lot, q, _day in moves],
            occurred_at=[START + timedelta(days=day) for _lot, _q, day in moves],
            posting_key=[f"day-{day}" for _lot, _q, day in moves],
            lot_id=[ids.get(lot, lot) for lot, _q, _day in moves],
            now=tools.NOW,
        )

    return send


def test_lot_levels_and_holds_follow_a_history(firm, load, tools):
    load(("A", 5, 0), ("B", 4, 0), ("A", -3, 1), ("A", 1, 20), ("B", -1, 21))
    assert dict(LotLevel.objects.values_list("lot__code", "on_hand")) == {"A": 3, "B": 3}
    level = StockLevel.objects.get(sku=firm.milk)
    assert (level.on_hand, level.held) == (6, 3)
    midnight = datetime(2026, 2, 10, 23, tzinfo=UTC)
    told = list(LotHold.objects.order_by("at").values_list("change", "at"))
    assert told == [(2, midnight), (1, START + timedelta(days=20))]
    assert [result.title for result in check_ledger(now=tools.NOW) if result.count] == []


def test_a_second_load_goes_on_from_the_first(firm, load, tools):
    load(("A", 5, 0), ("B", 4, 0))
    load(("A", -5, 3), ("B", 2, 4))
    assert dict(LotLevel.objects.values_list("lot__code", "on_hand")) == {"A": 0, "B": 6}
    assert StockLevel.objects.get(sku=firm.milk).held == 0
    assert [result.title for result in check_ledger(now=tools.NOW) if result.count] == []


def test_a_lot_may_not_end_below_zero(load):
    with pytest.raises(OutOfStock, match="milk / A"):
        load(("A", 5, 0), ("B", 9, 0), ("A", -6, 1))
    assert LotLevel.objects.count() == 0


def test_rows_with_a_wrong_lot_are_named(firm, load):
    for lot, sku, message in [
        (-1, firm.milk, "Say which lot"),
        (10**9, firm.milk, "no such lot"),
        ("A", firm.apple, "not tracked by lot"),
    ]:
        with pytest.raises(InvalidLines, match=f"Line 1: .*{message}"):
            load((lot, 5, 0), sku=sku)
