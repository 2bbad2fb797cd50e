"""Stockout intervals: opened and closed as postings run, the same as told anew from the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inventory.models import Listing, StockoutEvent
from inventory.services.listings import delist_skus, list_skus
from inventory.services.posting import post_movements
from inventory.services.stockouts import rebuild_stockouts

START = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def move(firm, tools):
    """move(hours, quantity): so many units in (or out, below zero) that many hours after START."""

    def send(hours, quantity, *, told_at=None, sku=None, place=None):
        at = START + timedelta(hours=hours)
        shop = place or firm.shop
        ends = (firm.supplier, shop) if quantity > 0 else (shop, firm.customer)
        moved = tools.line(sku or firm.apple, *ends, abs(quantity), occurred_at=at)
        kind = "receipt" if quantity > 0 else "sale"
        now = at if told_at is None else START + timedelta(hours=told_at)
        return post_movements(lines=[moved], kind=kind, key=None, now=now)

    return send


def intervals(sku, since=START):
    """(start, end) in hours after START, of the intervals that began there or later."""

    def hours(at):
        return None if at is None else (at - START).total_seconds() / 3600

    events = StockoutEvent.objects.filter(sku=sku, started_at__gte=since).order_by("started_at")
    return [(hours(event.started_at), hours(event.ended_at)) for event in events]


def test_an_interval_opens_at_the_last_unit_and_closes_at_the_next_delivery(firm, move):
    move(0, 5)
    move(1, -4)
    assert intervals(firm.apple) == []
    move(2, -1)
    assert intervals(firm.apple) == [(2, None)]
    move(5, 3)
    assert intervals(firm.apple) == [(2, 5)]


def test_a_sku_that_is_not_listed_there_has_none(firm, move):
    Listing.objects.all().delete()
    move(0, 5)
    move(1, -5)
    assert intervals(firm.apple) == []


def test_an_interval_without_length_never_was(firm, move):
    move(0, 5)
    move(1, -5)
    move(1, 5)
    assert intervals(firm.apple) == []


def test_a_late_sale_changes_the_past(firm, move):
    move(0, 5)
    move(1, -4)
    move(3, 2)
    assert intervals(firm.apple) == []
    move(2, -1, told_at=4)
    assert intervals(firm.apple) == [(2, 3)]


def test_a_late_delivery_takes_an_interval_away(firm, move):
    move(0, 5)
    move(1, -5)
    move(3, 4)
    move(0.5, 1, told_at=4)
    assert intervals(firm.apple) == []


def test_telling_anew_gives_the_same(firm, move):
    new_year = datetime(2025, 12, 31, 23, tzinfo=UTC)
    for hour, quantity in enumerate([5, -5, 2, -1, -1, 7, -7, 3]):
        move(hour, quantity)
    live = intervals(firm.apple, since=new_year)
    # On sale since the new year in Paris, but not there before its first delivery.
    assert live == [((new_year - START).total_seconds() / 3600, 0), (1, 2), (4, 5), (6, 7)]
    rebuild_stockouts(location_ids=[firm.shop.pk], now=START + timedelta(hours=9))
    assert intervals(firm.apple, since=new_year) == live


def test_a_delisted_sku_is_missed_until_its_last_day_only(firm, move):
    move(0, 5)
    move(1, -5)
    here = {"sku_ids": [firm.apple.pk], "location_ids": [firm.shop.pk], "now": START + timedelta(days=2)}
    delist_skus(**here, delisted_on=date(2026, 3, 11))
    # Paris is an hour ahead, so the 11th begins at 23:00 UTC.
    assert intervals(firm.apple) == [(1, 15)]
    list_skus(**here, listed_on=date(2026, 3, 12))
    assert intervals(firm.apple) == [(1, None)]
