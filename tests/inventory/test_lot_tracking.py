"""Starting and stopping to track a SKU by lot: the stock comes along, no level and no stockout changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.errors import IllegalStateChange
from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Lot, LotLevel, Movement, StockLevel, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.lot_holds import quarantine_lot
from inventory.services.lot_tracking import start_lot_tracking, stop_lot_tracking
from inventory.services.receiving import receive_goods
from inventory.services.sales import sell


@pytest.fixture
def tracked(firm, stock, tools):
    """Apples: six at the shop, two of them reserved, four at the depot; then tracked by lot."""
    stock(firm.apple, firm.shop, 6)
    stock(firm.apple, firm.depot, 4)
    start_lot_tracking(sku_id=firm.apple.pk, user=None, now=tools.NOW)
    return firm.apple


@pytest.fixture(autouse=True)
def _ledger_is_right(db, tools):
    yield
    assert [result.title for result in check_ledger(now=tools.NOW + timedelta(minutes=1)) if result.count] == []


def stands():
    return dict(LotLevel.objects.exclude(on_hand=0).values_list("location__code", "on_hand"))


def test_what_is_there_becomes_the_first_lot(firm, tracked, tools):
    assert stands() == {"SHOP": 6, "DEPOT": 4}
    assert list(StockLevel.objects.filter(sku=tracked).values_list("is_lot_tracked", flat=True).distinct()) == [True]
    assert StockoutEvent.objects.filter(sku=tracked, ended_at=None).count() == 0
    sell(location=firm.shop, lines=[GoodsLine(tracked.pk, Decimal(2))], key=None, user=None, now=tools.NOW)
    assert stands() == {"SHOP": 4, "DEPOT": 4}


def test_a_level_made_later_is_tracked_too(firm, tracked, tools):
    lines = [GoodsLine(tracked.pk, Decimal(1), lot=LotName("B", date(2026, 4, 1)))]
    receive_goods(location=firm.other, lines=lines, key=None, user=None, now=tools.NOW)
    assert StockLevel.objects.get(sku=tracked, location=firm.other).is_lot_tracked


def test_stopping_gives_the_lots_up_and_starting_again_finds_the_stock(firm, tracked, tools):
    stop_lot_tracking(sku_id=tracked.pk, user=None, now=tools.NOW)
    assert stands() == {}
    sell(location=firm.shop, lines=[GoodsLine(tracked.pk, Decimal(2))], key=None, user=None, now=tools.NOW)
    start_lot_tracking(sku_id=tracked.pk, user=None, now=tools.NOW)
    assert stands() == {"SHOP": 4, "DEPOT": 4}


def test_each_is_refused_twice_and_while_something_is_held(firm, tracked, tools):
    with pytest.raises(IllegalStateChange, match="already"):
        start_lot_tracking(sku_id=tracked.pk, user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match="not tracked"):
        stop_lot_tracking(sku_id=firm.bread.pk, user=None, now=tools.NOW)
    quarantine_lot(lot_id=Lot.objects.get().pk, reason="r", user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match="quarantined or expired"):
        stop_lot_tracking(sku_id=tracked.pk, user=None, now=tools.NOW)


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE inventory_stocklevel SET is_lot_tracked = false",
        "UPDATE inventory_lotlevel SET on_hand = -1",
        "UPDATE inventory_lotlevel SET sku_id = (SELECT id FROM inventory_sku WHERE code = 'bread')",
        "UPDATE inventory_stocklevel SET held = on_hand + 1",
        "UPDATE inventory_stocklevel SET held = -1",
        "UPDATE inventory_lot SET status = 'quarantined'",
        "UPDATE inventory_lot SET code = ''",
        "DELETE FROM inventory_lot",
    ],
)
def test_the_database_refuses_nonsense(tracked, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(nonsense)


def test_a_movement_cannot_name_a_lot_of_another_sku(firm, tracked):
    row = Movement.objects.filter(lot__isnull=False).first()
    row.pk, row.line, row.sku = None, 99, firm.bread
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.bulk_create([row])
