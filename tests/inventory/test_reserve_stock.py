"""Holding stock: all lines or none, each shortage named, a repeat of the key once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import Location, Reservation, ReservationEvent, StockLevel
from inventory.services.reservations import reassign_reservation
from inventory.services.sales import GoodsLine, sell
from tests.inventory.holding import hold, reserved_of


@pytest.fixture
def stocked(firm, stock):
    stock(firm.apple, firm.shop, 10)
    stock(firm.bread, firm.shop, 4)
    return firm


def test_what_is_held_stays_on_the_shelf_but_is_not_available(stocked, tools):
    (held,) = hold(stocked.shop, (stocked.apple, 3), now=tools.NOW, reference="order 7")
    assert (held.state, held.quantity, held.issued, held.reference) == ("pending", 3, 0, "order 7")
    assert tools.level_of(stocked.apple, stocked.shop) == 10
    assert reserved_of(stocked.apple, stocked.shop) == 3
    assert list(ReservationEvent.objects.values_list("kind", "change", "at")) == [("reserved", 3, tools.NOW)]


def test_others_may_buy_only_what_is_not_held(stocked, tools):
    hold(stocked.shop, (stocked.apple, 7), now=tools.NOW)
    here = {"location": stocked.shop, "key": None, "user": None, "now": tools.NOW}
    with pytest.raises(OutOfStock) as refusal:
        sell(**here, lines=[GoodsLine(stocked.apple.pk, Decimal(4))])
    assert refusal.value.details[0]["available"] == "3"
    sell(**here, lines=[GoodsLine(stocked.apple.pk, Decimal(3))])
    assert tools.level_of(stocked.apple, stocked.shop) == 7


def test_each_line_that_asks_too_much_is_named_and_nothing_is_held(stocked, tools):
    wanted = [(stocked.apple, 10), (stocked.bread, 5), (stocked.apple, 1), (stocked.rice, "0.5")]
    with pytest.raises(OutOfStock) as refusal:
        hold(stocked.shop, *wanted, now=tools.NOW)
    rows = [(row["line"], row["sku"], row["asked"], row["available"]) for row in refusal.value.details]
    assert rows == [(2, "bread", "5", "4"), (3, "apple", "1", "0"), (4, "rice", "0.5", "0")]
    assert not Reservation.objects.exists()
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


@pytest.mark.parametrize("lines", [2, 7, 20])
def test_many_lines_of_one_sku_are_reckoned_together(stocked, tools, lines):
    with pytest.raises(OutOfStock):
        hold(stocked.shop, *[(stocked.apple, 10 // lines + 1)] * lines, now=tools.NOW)
    assert not Reservation.objects.exists()


def test_a_repeat_of_the_key_holds_once(stocked, tools):
    first = hold(stocked.shop, (stocked.apple, 3), (stocked.bread, 1), now=tools.NOW, key="web/1")
    again = hold(stocked.shop, (stocked.apple, 3), (stocked.bread, 1), now=tools.NOW, key="web/1")
    assert [row.pk for row in again] == [row.pk for row in first]
    assert reserved_of(stocked.apple, stocked.shop) == 3


@pytest.mark.parametrize("other", [("apple", 4), ("bread", 3)])
def test_the_key_of_another_reservation_is_refused(stocked, tools, other):
    hold(stocked.shop, (stocked.apple, 3), now=tools.NOW, key="web/1")
    with pytest.raises(KeyAlreadyUsed):
        hold(stocked.shop, (getattr(stocked, other[0]), other[1]), now=tools.NOW, key="web/1")
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize(("place", "reference"), [("other", "Anna"), ("shop", "Ben")])
def test_the_key_of_another_person_or_place_is_refused(stocked, stock, tools, place, reference):
    stock(stocked.apple, stocked.other, 3)
    hold(stocked.shop, (stocked.apple, 3), now=tools.NOW, key="web/1", reference="Anna")
    with pytest.raises(KeyAlreadyUsed):
        hold(getattr(stocked, place), (stocked.apple, 3), now=tools.NOW, key="web/1", reference=reference)
    assert Reservation.objects.count() == 1


def test_a_repeat_is_known_though_it_was_moved_since(stocked, stock, tools):
    stock(stocked.apple, stocked.other, 3)
    (held,) = hold(stocked.shop, (stocked.apple, 3), now=tools.NOW, key="web/1")
    reassign_reservation(reservation_id=held.pk, location=stocked.other, user=None, now=tools.NOW)
    (again,) = hold(stocked.shop, (stocked.apple, 3), now=tools.NOW, key="web/1")
    assert (again.pk, again.location_id) == (held.pk, stocked.other.pk)


@pytest.mark.parametrize("quantity", ["0", "-1", "0.5", "NaN"])
def test_a_quantity_that_the_unit_does_not_allow_is_refused(stocked, tools, quantity):
    with pytest.raises(InvalidLines, match="Line 1"):
        hold(stocked.shop, (stocked.apple, quantity), now=tools.NOW)


def test_it_must_be_held_until_a_moment_that_comes(stocked, tools):
    for moment in (tools.NOW, tools.NOW - timedelta(hours=1)):
        with pytest.raises(InvalidInput, match="future"):
            hold(stocked.shop, (stocked.apple, 1), now=tools.NOW, expires_at=moment)


def test_nothing_is_held_where_nothing_is_kept(stocked, tools):
    with pytest.raises(InvalidInput, match="store or a warehouse"):
        hold(Location.objects.get(kind="customer"), (stocked.apple, 1), now=tools.NOW)


def test_a_place_that_sells_before_it_books_promises_before_it_books(stocked, tools):
    stand = tools.make_place("STAND", may_go_negative=True)
    hold(stand, (stocked.apple, 2), now=tools.NOW)
    level = StockLevel.objects.get(sku=stocked.apple, location=stand)
    assert (level.on_hand, level.reserved) == (0, 2)
