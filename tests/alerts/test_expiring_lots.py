"""Alerts of lots: what has expired and still stands there, and what will expire before anybody asks for it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alerts.models import Alert
from alerts.selectors.changes import changes_since_last_look
from alerts.services.evaluate import evaluate_location
from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Lot
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.lot_holds import hold_expired_lots, quarantine_lot
from inventory.services.lot_tracking import start_lot_tracking
from inventory.services.receiving import receive_goods
from orders.models import ReorderLevel
from tests.alerts.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk(shop):
    """Listed, tracked; two a day are asked for, and three days are to be covered."""
    sku = shop.stock("milk", 0, reorder_point=1)
    ReorderLevel.objects.filter(sku=sku).update(
        daily_mean=[2.0] * 14, lead_quantiles=[1, 2, 4, 5, 6, 7, 9], protection_interval_days=3
    )
    start_lot_tracking(sku_id=sku.pk, user=None, now=NOW)
    return sku


def bring(shop, sku, code, quantity, day):
    lines = [GoodsLine(sku.pk, Decimal(quantity), lot=LotName(code, date(2026, 3, day)))]
    receive_goods(location=shop.location, lines=lines, key=None, user=None, now=NOW)


def look(shop, now=NOW):
    evaluate_location(location_id=shop.location.pk, now=now)
    rows = Alert.objects.filter(kind="expiring").exclude(state="closed")
    return [(row.sku.code, row.facts["expired"], row.facts["expiring"], row.value_at_risk) for row in rows]


def test_what_will_expire_unsold_opens_one_alert_with_its_cost(shop, milk):
    bring(shop, milk, "A", 7, 3)  # today and tomorrow four are sold
    bring(shop, milk, "B", 9, 30)
    assert look(shop) == [("milk", "0", "3", Decimal("3.00"))]
    assert look(shop) == [("milk", "0", "3", Decimal("3.00"))]


def test_what_will_be_sold_in_time_opens_none(shop, milk):
    bring(shop, milk, "A", 4, 3)
    assert look(shop) == []


def test_what_expired_is_told_until_it_is_written_off(shop, milk):
    bring(shop, milk, "A", 4, 3)
    later = NOW + timedelta(days=2)
    hold_expired_lots(now=later)
    assert look(shop, later) == [("milk", "4", "0", Decimal("4.00"))]
    assert Alert.objects.get(kind="stock_risk").severity == "out"
    off = [Change(milk.pk, Decimal(-4), LotName("A"))]
    adjust_stock(location=shop.location, changes=off, reason_code="expired", key=None, user=None, now=later)
    assert look(shop, later + timedelta(minutes=1)) == []


def test_the_watch_sees_what_was_quarantined_or_expired(shop, milk):
    bring(shop, milk, "A", 4, 3)
    before = changes_since_last_look(job="watch", step="look", now=NOW)
    quarantine_lot(lot_id=Lot.objects.get(code="A").pk, reason="r", user=None, now=NOW)
    after = changes_since_last_look(job="watch", step="look", now=NOW)
    assert (before.hold_mark, after.hold_mark > 0) == (0, True)
