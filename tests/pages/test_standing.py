"""What is read in sets says the same as looking at every listing, once `watch` has looked."""

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from alerts.services.evaluate import evaluate_location
from dashboards.selectors.standing import read_risk
from dashboards.selectors.stock import StockFilter, list_stock, with_risk
from inventory.models import Sku
from inventory.services.listings import list_skus
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, sell
from orders.models import Outcome, ReorderLevel
from orders.selectors.risk import at_risk, load_risk

RANKS = {"out": 0, "low": 1}


def make_level(sku, place, reorder_point):
    ReorderLevel.objects.create(
        sku=sku,
        location=place,
        computed_on=timezone.now().date(),
        outcome=Outcome.ENOUGH,
        reorder_point=Decimal(reorder_point),
        order_up_to_level=Decimal(40),
        cycle_service_level=0.95,
        review_period_days=1,
        lot_days=7,
        lead_time_days=3,
        daily_mean=[2.0] * 28,
        lead_quantiles=[3, 4, 6, 8, 9, 10, 12],
    )


@pytest.fixture
def full(shop):
    """Twenty SKUs at both places: some never came, some are low, some sold out, some will not last."""
    now = timezone.now()
    skus = [
        Sku.objects.create(code=f"S{n:02}", name=f"Thing {n * 7 % 20:02}", price=5, cost=2, created_at=now)
        for n in range(20)
    ]
    places = (shop.here, shop.there)
    ids = [sku.pk for sku in skus]
    list_skus(sku_ids=ids, location_ids=[place.pk for place in places], listed_on=now.date(), now=now)
    for number, sku in enumerate(skus[3:], start=3):
        for place in places:
            receive_goods(location=place, lines=[GoodsLine(sku.pk, Decimal(number))], key=None, user=None, now=now)
            make_level(sku, place, number % 5 * 4)
    sell(location=shop.here, lines=[GoodsLine(skus[9].pk, Decimal(9))], key=None, user=None, now=now)
    for place in places:
        evaluate_location(location_id=place.pk, now=now)
    return shop


def slow_rows(shop):
    today = timezone.now().date()
    return load_risk(location_ids=[shop.here.pk, shop.there.pk], today=today)


@pytest.fixture
def boss(db):
    return User.objects.create_user("boss", role="manager", sees_all_locations=True)


def test_the_figures_are_those_of_all_listings(full):
    fast = read_risk([full.here, full.there], now=timezone.now(), shown=100)
    slow = at_risk(slow_rows(full))
    counts = Counter(row.status for row in slow)
    assert (fast.out, fast.low, fast.projected) == (counts["out"], counts["low"], counts["projected"])
    assert min(fast.out, fast.low, fast.projected) > 0
    assert fast.value_at_risk == sum(row.value_at_risk for row in slow)
    assert {(row.sku_id, row.location_id) for row in fast.rows} == {(row.sku_id, row.location_id) for row in slow}


def test_the_most_money_comes_first(full):
    fast = read_risk([full.here, full.there], now=timezone.now(), shown=5)
    slow = sorted(at_risk(slow_rows(full)), key=lambda row: -row.value_at_risk)
    assert [row.value_at_risk for row in fast.rows] == [row.value_at_risk for row in slow[:5]]


def test_the_list_has_the_order_of_all_listings(full, boss):
    listed = with_risk(list_stock(boss, StockFilter())[:], now=timezone.now())
    slow = sorted(
        slow_rows(full), key=lambda row: (RANKS.get(row.status, 2), row.sku_name, row.sku_id, row.location_name)
    )
    assert [(row.listing.sku_id, row.listing.location_id) for row in listed] == [
        (row.sku_id, row.location_id) for row in slow
    ]


@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_follow_each_other_without_gap_or_repeat(full, boss, size):
    rows = list_stock(boss, StockFilter())
    whole = [row.pk for row in rows[:]]
    pages = [row.pk for first in range(0, len(rows), size) for row in rows[first : first + size]]
    assert pages == whole
    assert len(set(whole)) == len(rows) == 44


@pytest.mark.parametrize("status", ["out", "low", "ok"])
def test_a_status_holds_what_stands_so(full, boss, status):
    found = {(row.sku_id, row.location_id) for row in list_stock(boss, StockFilter(status=status))[:]}
    wanted = {"out": {"out"}, "low": {"low"}, "ok": {"projected", "ok"}}[status]
    assert found == {(row.sku_id, row.location_id) for row in slow_rows(full) if row.status in wanted}
