"""Stockouts follow what is available: reserving makes them, releasing and expiring end them, each at its moment."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.issuing import issue_reservation
from inventory.services.receiving import receive_goods
from inventory.services.reservations import (
    expire_due,
    extend_reservation,
    reassign_reservation,
    release_reservation,
)
from inventory.services.sales import GoodsLine, sell
from inventory.services.stockouts import rebuild_stockouts
from tests.inventory.holding import hold

HOUR = timedelta(hours=1)


def intervals(sku, tools):
    """(start, end) in hours after NOW, of the intervals that began since."""
    rows = StockoutEvent.objects.filter(sku=sku, started_at__gte=tools.NOW).order_by("started_at")
    return [
        tuple(None if at is None else (at - tools.NOW) / HOUR for at in pair)
        for pair in rows.values_list("started_at", "ended_at")
    ]


@pytest.fixture
def stocked(firm, stock):
    stock(firm.apple, firm.shop, 5)
    return firm


def test_reserving_the_last_unit_opens_one_and_releasing_ends_it(stocked, tools):
    hold(stocked.shop, (stocked.apple, 3), now=tools.NOW + HOUR)
    assert intervals(stocked.apple, tools) == []
    (last,) = hold(stocked.shop, (stocked.apple, 2), now=tools.NOW + 2 * HOUR)
    assert intervals(stocked.apple, tools) == [(2, None)]
    release_reservation(reservation_id=last.pk, user=None, now=tools.NOW + 4 * HOUR)
    assert intervals(stocked.apple, tools) == [(2, 4)]


def test_handing_over_what_is_reserved_changes_nothing(stocked, tools):
    (held,) = hold(stocked.shop, (stocked.apple, 5), now=tools.NOW + HOUR)
    issue_reservation(reservation_id=held.pk, key=None, user=None, now=tools.NOW + 2 * HOUR)
    assert intervals(stocked.apple, tools) == [(1, None)]


def test_expiry_ends_one_at_its_own_moment_however_late_it_is_settled(stocked, tools):
    hold(stocked.shop, (stocked.apple, 5), now=tools.NOW + HOUR, expires_at=tools.NOW + 3 * HOUR)
    expire_due(now=tools.NOW + 9 * HOUR)
    assert intervals(stocked.apple, tools) == [(1, 3)]


def test_a_sale_that_settles_an_expiry_tells_both(stocked, tools):
    hold(stocked.shop, (stocked.apple, 5), now=tools.NOW + HOUR, expires_at=tools.NOW + 3 * HOUR)
    lines = [GoodsLine(stocked.apple.pk, Decimal(5))]
    sell(location=stocked.shop, lines=lines, key=None, user=None, now=tools.NOW + 6 * HOUR)
    assert intervals(stocked.apple, tools) == [(1, 3), (6, None)]


def test_where_it_is_not_on_sale_nobody_misses_it(firm, stock, tools):
    stock(firm.apple, firm.other, 1)
    hold(firm.other, (firm.apple, 1), now=tools.NOW)
    assert intervals(firm.apple, tools) == []


def test_what_comes_and_is_reserved_at_once_interrupts_nothing(stocked, tools):
    hold(stocked.shop, (stocked.apple, 5), now=tools.NOW + HOUR)
    goods = [GoodsLine(stocked.apple.pk, Decimal(2))]
    receive_goods(location=stocked.shop, lines=goods, key=None, user=None, now=tools.NOW + 2 * HOUR)
    assert intervals(stocked.apple, tools) == [(1, 2)]
    hold(stocked.shop, (stocked.apple, 2), now=tools.NOW + 2 * HOUR)
    assert intervals(stocked.apple, tools) == [(1, None)]


def step(dice, firm, now):
    """One act of a random history; some are refused."""
    place, amount = dice.choice([firm.shop, firm.shop, firm.shop, firm.other]), Decimal(dice.randint(1, 3))
    goods = {"location": place, "lines": [GoodsLine(firm.apple.pk, amount)], "key": None, "user": None, "now": now}
    until = dice.choice([None, now + dice.randint(1, 30) * timedelta(minutes=20)])
    row = Reservation.objects.filter(state="pending").order_by("-pk").first()
    acts = [
        lambda: receive_goods(**goods),
        lambda: sell(**goods),
        *[lambda: hold(place, (firm.apple, amount), now=now, expires_at=until)] * 3,
        lambda: expire_due(now=now),
    ]
    if row is not None:
        this = {"reservation_id": row.pk, "user": None, "now": now}
        acts += [
            lambda: release_reservation(**this),
            lambda: issue_reservation(**this, key=None, quantity=Decimal(1)),
            lambda: reassign_reservation(**this, location=place),
            lambda: extend_reservation(**this, expires_at=until),
        ]
    dice.choice(acts)()


@pytest.mark.parametrize("seed", range(12))
def test_random_histories_told_anew_are_the_same(firm, tools, seed):
    dice, now, refused = random.Random(seed), tools.NOW, 0
    for _act in range(100):
        now += dice.randint(0, 40) * timedelta(minutes=1)
        try:
            step(dice, firm, now)
        except (OutOfStock, IllegalStateChange):
            refused += 1
    expire_due(now=now)
    live = intervals(firm.apple, tools)
    rebuild_stockouts(location_ids=[firm.shop.pk, firm.other.pk], now=now)
    assert intervals(firm.apple, tools) == live
    assert live
    assert refused < 90
    assert not any(result.count for result in check_ledger(now=now))
