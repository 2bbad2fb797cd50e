"""Handing over, releasing and expiring the same reservation at once: one of them closes it, and the books agree."""

from datetime import timedelta

import pytest

from accounts.errors import IllegalStateChange
from accounts.statements import Statement
from inventory import locks
from inventory.errors import OutOfStock
from inventory.models import Reservation, ReservationEvent, StockLevel
from inventory.selectors.ledger_check import check_ledger
from inventory.services.issuing import issue_reservation
from inventory.services.receiving import receive_goods
from inventory.services.reservations import expire_due, reassign_reservation, release_reservation
from inventory.services.sales import GoodsLine, sell
from tests.inventory.holding import hold, reserved_of
from tests.inventory.test_deadlocks import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, UNITS = 15, 10
HOUR = timedelta(hours=1)


def bring(firm, quantity, now):
    goods = [GoodsLine(firm.apple.pk, quantity)]
    receive_goods(location=firm.shop, lines=goods, key=None, user=None, now=now)


def close_at_once(held, now):
    """Two who hand over, two who release, two who come after it expired; gives what went wrong."""

    def act(number):
        given = {"user": None, "now": now}
        try:
            if number % 3 == 0:
                issue_reservation(reservation_id=held.pk, key=None, **given)
            elif number % 3 == 1:
                release_reservation(reservation_id=held.pk, **given)
            else:
                expire_due(now=now + 2 * HOUR)
        except IllegalStateChange:
            pass

    return in_threads(6, act)


def play(firm, tools):
    """Rounds of the race. True when anything went wrong that a person or a program would notice."""
    for number in range(ROUNDS):
        now = tools.NOW + 3 * number * HOUR
        bring(firm, tools.line(firm.apple, firm.shop, firm.other, 1).quantity, now)
        (held,) = hold(firm.shop, (firm.apple, 1), now=now, expires_at=now + HOUR)
        if close_at_once(held, now) or ReservationEvent.objects.filter(reservation=held).count() != 2:
            return True
        if reserved_of(firm.apple, firm.shop) or any(result.count for result in check_ledger(now=now)):
            return True
    return False


def test_one_of_them_closes_it(firm, tools):
    assert not play(firm, tools)
    sold = Reservation.objects.filter(state="issued").count()
    assert tools.level_of(firm.apple, firm.shop) == ROUNDS - sold


def test_without_the_lock_the_race_is_noticed(firm, tools, monkeypatch):
    monkeypatch.setattr(locks, "LOCK", Statement(locks.LOCK.sql.replace("FOR UPDATE OF level", "")))
    assert play(firm, tools)


def test_the_last_units_are_sold_or_reserved_once_each(firm, stock, tools):
    stock(firm.apple, firm.shop, UNITS)
    one = tools.line(firm.apple, firm.shop, firm.other, 1).quantity

    def take(number):
        if number % 2:
            hold(firm.shop, (firm.apple, 1), now=tools.NOW)
        else:
            lines = [GoodsLine(firm.apple.pk, one)]
            sell(location=firm.shop, lines=lines, key=None, user=None, now=tools.NOW)

    raised = in_threads(2 * UNITS, take)
    assert [type(error) for error in raised] == [OutOfStock] * UNITS
    level = StockLevel.objects.get(sku=firm.apple, location=firm.shop)
    assert level.on_hand == level.reserved == Reservation.objects.count()
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_one_key_at_once_reserves_once(firm, stock, tools):
    stock(firm.apple, firm.shop, UNITS)
    assert in_threads(8, lambda _number: hold(firm.shop, (firm.apple, 2), now=tools.NOW, key="web/1")) == []
    assert reserved_of(firm.apple, firm.shop) == 2


def test_moving_to_and_fro_while_it_is_handed_over(firm, stock, tools):
    for place in (firm.shop, firm.other):
        stock(firm.apple, place, UNITS)
    rows = [hold(place, (firm.apple, 5), now=tools.NOW)[0] for place in (firm.shop, firm.other)]

    def act(number):
        row, given = rows[number % 2], {"user": None, "now": tools.NOW}
        try:
            if number < 6:
                place = (firm.shop, firm.other)[number // 2 % 2]
                reassign_reservation(reservation_id=row.pk, location=place, **given)
            else:
                issue_reservation(reservation_id=row.pk, key=None, **given)
        except IllegalStateChange:
            pass

    assert in_threads(8, act) == []
    assert Reservation.objects.filter(state="issued").count() == 2
    assert not StockLevel.objects.filter(reserved__gt=0).exists()
    assert not any(result.count for result in check_ledger(now=tools.NOW))
