"""Whether a place may sell before it books: switched on and off while it sells, and never off over a hole."""

import threading
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.errors import InvalidInput
from inventory.domain.goods import LotName
from inventory.errors import OutOfStock
from inventory.locks import lock_rules_of_place
from inventory.models import Location, LotLevel, StockLevel
from inventory.services.bins import create_bins
from inventory.services.places import set_may_go_negative
from inventory.services.posting import post_movements
from inventory.services.receiving import receive_goods
from inventory.services.reservations import reserve_stock
from inventory.services.sales import GoodsLine, sell
from tests.waiting import wait_until

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def goods(sku, quantity):
    return [GoodsLine(sku.pk, Decimal(quantity))]


@pytest.fixture
def act(firm, tools):
    who = {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}

    def do(service, sku, quantity, **fields):
        return service(**who, lines=goods(sku, quantity), **fields)

    return do


@pytest.fixture
def allow(firm, tools):
    def switch(is_allowed, place=firm.shop):
        return set_may_go_negative(location_id=place.pk, is_allowed=is_allowed, user=None, now=tools.NOW)

    return switch


@pytest.mark.django_db
def test_what_was_refused_is_sold_and_the_books_agree(firm, act, allow, stock, tools):
    stock(firm.apple, firm.shop, 1)
    with pytest.raises(OutOfStock):
        act(sell, firm.apple, 3)
    allow(True)
    act(sell, firm.apple, 3)
    assert tools.level_of(firm.apple, firm.shop) == -2
    call_command("check_ledger")


@pytest.mark.django_db
def test_it_is_not_forbidden_while_something_stands_below_zero(firm, act, allow, tools):
    allow(True)
    act(sell, firm.apple, 2)
    act(reserve_stock, firm.bread, 1, reference="order")
    with pytest.raises(InvalidInput, match=r"apple \(-2\), bread \(0\)"):
        allow(False)
    assert Location.objects.get(pk=firm.shop.pk).may_go_negative
    act(receive_goods, firm.apple, 2)
    act(receive_goods, firm.bread, 1)
    allow(False)
    with pytest.raises(OutOfStock):
        act(sell, firm.apple, 1)


@pytest.mark.django_db
def test_only_this_place_and_its_lots_are_told(firm, act, allow, stock, tools):
    milk = tools.make_sku("milk", is_lot_tracked=True)
    from_lot = [GoodsLine(milk.pk, Decimal(2), lot=LotName("L1"))]
    receive_goods(location=firm.shop, lines=from_lot, key=None, user=None, now=tools.NOW)
    stock(firm.apple, firm.other, 1)
    allow(True)
    allow(True)
    assert LotLevel.objects.get(sku=milk, location=firm.shop).may_go_negative
    assert not StockLevel.objects.get(location=firm.other).may_go_negative
    act(sell, milk, 3)
    with pytest.raises(InvalidInput, match="milk"):
        allow(False)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["supplier", "in_transit"])
def test_other_places_have_no_such_rule(firm, allow, kind):
    with pytest.raises(Location.DoesNotExist):
        allow(True, getattr(firm, kind))


def test_a_new_bin_has_the_rule_of_its_place(firm, allow, tools):
    allow(True)
    create_bins(parent_id=firm.shop.pk, codes=["A-01"], user=None, now=tools.NOW)
    create_bins(parent_id=firm.other.pk, codes=["B-01"], user=None, now=tools.NOW)
    bins = Location.objects.filter(kind="bin").order_by("code")
    assert list(bins.values_list("may_go_negative", flat=True)) == [True, False]


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_a_level_that_is_made_meanwhile_has_the_new_rule(firm, allow, tools):
    def first_sale():
        try:
            sell(location=firm.other, lines=goods(firm.apple, 1), key=None, user=None, now=tools.NOW)
        finally:
            connection.close()

    till = threading.Thread(target=first_sale)
    with transaction.atomic():
        lock_rules_of_place(firm.other.pk)
        allow(True, firm.other)
        till.start()
        wait_until(is_somebody_waiting)
    till.join()
    assert StockLevel.objects.get(sku=firm.apple, location=firm.other).on_hand == -1


def test_bins_that_are_there_are_told_with_their_levels_and_lots(firm, allow, stock, tools):
    (shelf,) = create_bins(parent_id=firm.shop.pk, codes=["A"], user=None, now=tools.NOW)
    (box,) = create_bins(parent_id=shelf.pk, codes=["A-1"], user=None, now=tools.NOW)
    create_bins(parent_id=firm.other.pk, codes=["B"], user=None, now=tools.NOW)
    stock(firm.apple, box, 1)
    allow(True)
    told = dict(Location.objects.filter(kind="bin").values_list("code", "may_go_negative"))
    assert told == {"A": True, "A-1": True, "B": False}
    assert StockLevel.objects.get(location=box).may_go_negative
    call_command("check_ledger")
    customer = Location.objects.get(kind="customer")
    lines = [tools.line(firm.apple, box, customer, 3)]
    post_movements(lines=lines, kind="sale", key=None, now=tools.NOW)
    with pytest.raises(InvalidInput, match="apple"):
        allow(False)
    stock(firm.apple, box, 2)
    allow(False)
    assert not Location.objects.get(pk=box.pk).may_go_negative


@pytest.mark.django_db(transaction=True)
def test_a_bin_that_is_made_meanwhile_has_the_new_rule(firm, allow, tools):
    (shelf,) = create_bins(parent_id=firm.other.pk, codes=["A"], user=None, now=tools.NOW)

    def make_box():
        try:
            create_bins(parent_id=shelf.pk, codes=["A-1"], user=None, now=tools.NOW)
        finally:
            connection.close()

    hand = threading.Thread(target=make_box)
    with transaction.atomic():
        allow(True, firm.other)
        hand.start()
        wait_until(is_somebody_waiting)
    hand.join()
    assert Location.objects.get(code="A-1").may_go_negative
