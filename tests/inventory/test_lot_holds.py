"""Quarantine, release, corrected expiry and the calendar: what may be sold changes everywhere at once, exactly."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent
from inventory.domain.goods import GoodsLine, LotName
from inventory.errors import OutOfStock
from inventory.models import Lot, LotHold, StockLevel, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.listings import list_skus
from inventory.services.lot_holds import correct_expiry, hold_expired_lots, quarantine_lot, release_lot
from inventory.services.receiving import receive_goods
from inventory.services.sales import sell
from inventory.services.stockouts import rebuild_stockouts
from inventory.services.transfers import create_transfer, receive_transfer, ship_transfer
from tests.inventory.test_lock_order import ORDERED_LOCK

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 3, 12, 23, tzinfo=UTC)  # after 12 March, in Paris


@pytest.fixture
def lot(firm, tools):
    """Five units of a lot that expires on 12 March at the shop, two at the other one."""
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    list_skus(
        sku_ids=[firm.milk.pk],
        location_ids=[firm.shop.pk, firm.other.pk],
        listed_on=date(2026, 3, 10),
        now=tools.NOW - 12 * HOUR,
    )
    name = LotName("A1", date(2026, 3, 12))
    for place, quantity in ((firm.shop, 5), (firm.other, 2)):
        receive(firm, place, quantity, tools.NOW, name)
    return Lot.objects.get()


def receive(firm, place, quantity, now, name):
    lines = [GoodsLine(firm.milk.pk, Decimal(quantity), lot=name)]
    return receive_goods(location=place, lines=lines, key=None, user=None, now=now)


def buy(firm, quantity, now):
    lines = [GoodsLine(firm.milk.pk, Decimal(quantity))]
    return sell(location=firm.shop, lines=lines, key=None, user=None, now=now)


def held():
    return dict(StockLevel.objects.filter(sku__code="milk").values_list("location__code", "held"))


def spells(place):
    rows = StockoutEvent.objects.filter(sku__code="milk", location=place).order_by("started_at")
    return list(rows.values_list("started_at", "ended_at"))


@pytest.fixture(autouse=True)
def _history_is_exact(firm, tools):
    yield
    later = tools.NOW + timedelta(days=9)
    assert [result.title for result in check_ledger(now=later) if result.count] == []
    live = [spells(place) for place in (firm.shop, firm.other)]
    rebuild_stockouts(location_ids=[firm.shop.pk, firm.other.pk], now=later)
    assert [spells(place) for place in (firm.shop, firm.other)] == live


def test_a_quarantined_lot_is_held_everywhere_and_nothing_of_it_is_sold(firm, lot, tools):
    quarantine_lot(lot_id=lot.pk, reason="Glass found", user=None, now=tools.NOW + HOUR)
    assert held() == {"SHOP": 5, "OTHER": 2}
    with pytest.raises(OutOfStock):
        buy(firm, 1, tools.NOW + 2 * HOUR)
    assert spells(firm.shop)[-1] == (tools.NOW + HOUR, None)
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.data) == ("lot.quarantined", str(lot.pk), {"reason": "Glass found"})


def test_a_released_lot_is_sold_again_and_the_stockout_ends(firm, lot, tools):
    quarantine_lot(lot_id=lot.pk, reason="Glass found", user=None, now=tools.NOW + HOUR)
    release_lot(lot_id=lot.pk, reason="Only on the pallet", user=None, now=tools.NOW + 3 * HOUR)
    assert held() == {"SHOP": 0, "OTHER": 0}
    assert spells(firm.shop)[-1] == (tools.NOW + HOUR, tools.NOW + 3 * HOUR)
    buy(firm, 5, tools.NOW + 4 * HOUR)


def test_each_act_needs_a_reason_and_the_right_state(firm, lot, tools):
    for act in (quarantine_lot, release_lot):
        for reason in ("", "   ", "x" * 301):
            with pytest.raises(InvalidInput, match="Say why"):
                act(lot_id=lot.pk, reason=reason, user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match="not in quarantine"):
        release_lot(lot_id=lot.pk, reason="r", user=None, now=tools.NOW)
    quarantine_lot(lot_id=lot.pk, reason="r", user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match="already"):
        quarantine_lot(lot_id=lot.pk, reason="r", user=None, now=tools.NOW)


def test_what_expires_is_held_from_the_end_of_its_last_day(firm, lot, tools):
    assert hold_expired_lots(now=MIDNIGHT - timedelta(seconds=1)) == 0
    assert hold_expired_lots(now=MIDNIGHT + HOUR) == 2
    assert held() == {"SHOP": 5, "OTHER": 2}
    assert set(LotHold.objects.values_list("at", flat=True)) == {MIDNIGHT}
    assert spells(firm.shop)[-1] == (MIDNIGHT, None)
    assert hold_expired_lots(now=MIDNIGHT + HOUR) == 0


def test_a_late_notice_changes_nothing_that_happened_meanwhile(firm, lot, tools):
    receive(firm, firm.shop, 3, MIDNIGHT + HOUR, LotName("B2", date(2026, 4, 1)))
    buy(firm, 2, MIDNIGHT + 2 * HOUR)
    hold_expired_lots(now=MIDNIGHT + 5 * HOUR)
    assert held() == {"SHOP": 5, "OTHER": 2}
    assert spells(firm.shop)[-1] == (MIDNIGHT, MIDNIGHT + HOUR)


def test_what_expired_stays_held_when_it_is_released(firm, lot, tools):
    quarantine_lot(lot_id=lot.pk, reason="r", user=None, now=tools.NOW + HOUR)
    release_lot(lot_id=lot.pk, reason="r", user=None, now=MIDNIGHT + HOUR)
    assert held() == {"SHOP": 5, "OTHER": 2}
    assert spells(firm.shop)[-1] == (tools.NOW + HOUR, None)


def test_a_corrected_expiry_holds_or_frees_from_now_on(firm, lot, tools):
    correct_expiry(lot_id=lot.pk, expires_on=date(2026, 3, 9), reason="Misread", user=None, now=tools.NOW + HOUR)
    assert held() == {"SHOP": 5, "OTHER": 2}
    assert spells(firm.shop)[-1] == (tools.NOW + HOUR, None)
    correct_expiry(lot_id=lot.pk, expires_on=None, reason="Has none", user=None, now=tools.NOW + 2 * HOUR)
    assert held() == {"SHOP": 0, "OTHER": 0}
    assert AuditEvent.objects.latest("pk").data == {"reason": "Has none", "expires_on": None, "before": "2026-03-09"}


def test_a_lot_on_its_way_is_held_where_it_arrives(firm, lot, tools):
    now = tools.NOW
    lines = [GoodsLine(firm.milk.pk, Decimal(4))]
    transfer = create_transfer(source=firm.shop, destination=firm.depot, lines=lines, user=None, now=now)
    ship_transfer(transfer_id=transfer.pk, user=None, now=now)
    quarantine_lot(lot_id=lot.pk, reason="r", user=None, now=now + HOUR)
    receive_transfer(transfer_id=transfer.pk, key=None, user=None, now=now + 2 * HOUR)
    transit = firm.in_transit.code
    assert held() == {"SHOP": 1, "OTHER": 2, "DEPOT": 4, transit: 0}


def test_levels_are_locked_in_order_before_lots_and_before_they_are_written(firm, lot, tools):
    with CaptureQueriesContext(connection) as captured:
        quarantine_lot(lot_id=lot.pk, reason="r", user=None, now=tools.NOW)
        hold_expired_lots(now=MIDNIGHT + HOUR)
    statements = [query["sql"] for query in captured.captured_queries]
    lot_locks = [
        number for number, sql in enumerate(statements) if 'FROM "inventory_lot"' in sql and "FOR UPDATE" in sql
    ]
    level_locks = [number for number, sql in enumerate(statements) if ORDERED_LOCK.search(sql)]
    writes = [number for number, sql in enumerate(statements) if "UPDATE inventory_stocklevel" in sql]
    assert len(lot_locks) == 1
    assert min(level_locks) < lot_locks[0] < min(writes)
