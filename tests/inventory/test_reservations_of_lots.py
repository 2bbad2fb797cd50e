"""Reserving what is tracked by lot: only what may be sold counts, and the first to expire is handed over first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.errors import OutOfStock
from inventory.models import Lot, StockoutEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.issuing import issue_reservation
from inventory.services.listings import list_skus
from inventory.services.lot_holds import quarantine_lot
from inventory.services.posting import post_movements
from inventory.services.reservations import expire_due, release_reservation
from tests.inventory.holding import hold, reserved_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def milk(firm, tools):
    """Three that expire after 11 March and two after 20 March; it is the 10th."""
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    for code, day, quantity in (("A", 11, 3), ("B", 20, 2)):
        lot = Lot.objects.create(sku=firm.milk, code=code, expires_on=date(2026, 3, day), received_at=tools.NOW)
        line = tools.line(firm.milk, firm.supplier, firm.shop, quantity, lot_id=lot.pk)
        post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)
    return firm.milk


def test_what_expired_unnoticed_is_not_promised(firm, milk, tools):
    late = tools.NOW + timedelta(days=3)
    with pytest.raises(OutOfStock) as refusal:
        hold(firm.shop, (milk, 3), now=late)
    assert refusal.value.details[0]["available"] == "2"
    hold(firm.shop, (milk, 2), now=late)
    assert not any(result.count for result in check_ledger(now=late))


def test_the_first_to_expire_is_handed_over_first(firm, milk, tools):
    (held,) = hold(firm.shop, (milk, 4), now=tools.NOW)
    posting = issue_reservation(reservation_id=held.pk, key=None, user=None, now=tools.NOW).posting
    rows = posting.movements.order_by("line").values_list("lot__code", "quantity")
    assert list(rows) == [("A", 3), ("B", 1)]


def test_a_lot_that_expires_may_take_the_promise_with_it(firm, milk, tools):
    (held,) = hold(firm.shop, (milk, 5), now=tools.NOW, expires_at=tools.NOW + timedelta(days=9))
    late = tools.NOW + timedelta(days=3)
    with pytest.raises(OutOfStock):
        issue_reservation(reservation_id=held.pk, key=None, user=None, now=late)
    expire_due(now=tools.NOW + timedelta(days=9))
    assert not any(result.count for result in check_ledger(now=tools.NOW + timedelta(days=9)))


def test_the_good_ones_are_handed_over_though_the_rest_is_kept_back(firm, milk, tools):
    list_skus(sku_ids=[milk.pk], location_ids=[firm.shop.pk], listed_on=date(2026, 1, 1), now=tools.NOW)
    (held,) = hold(firm.shop, (milk, 5), now=tools.NOW + MINUTE)
    quarantine_lot(lot_id=Lot.objects.get(code="A").pk, reason="Smells", user=None, now=tools.NOW + 2 * MINUTE)
    posting = issue_reservation(
        reservation_id=held.pk, quantity=Decimal(2), key=None, user=None, now=tools.NOW + 3 * MINUTE
    ).posting
    assert list(posting.movements.values_list("lot__code", "quantity")) == [("B", 2)]
    assert (reserved_of(milk, firm.shop), tools.level_of(milk, firm.shop)) == (3, 3)
    # Nothing was to be had from the moment of the promise on, and nothing is.
    (event,) = StockoutEvent.objects.filter(sku=milk, started_at__gte=tools.NOW + MINUTE)
    assert (event.started_at, event.ended_at) == (tools.NOW + MINUTE, None)
    with pytest.raises(OutOfStock):
        issue_reservation(reservation_id=held.pk, quantity=Decimal(1), key=None, user=None, now=tools.NOW + 4 * MINUTE)
    assert not any(result.count for result in check_ledger(now=tools.NOW + 5 * MINUTE))


def test_what_others_hold_is_not_handed_over_for_it(firm, milk, tools):
    (mine,), (theirs,) = (hold(firm.shop, (milk, quantity), now=tools.NOW) for quantity in (4, 1))
    quarantine_lot(lot_id=Lot.objects.get(code="A").pk, reason="Smells", user=None, now=tools.NOW)
    given = {"key": None, "user": None, "now": tools.NOW + MINUTE}
    with pytest.raises(OutOfStock) as refusal:
        issue_reservation(reservation_id=mine.pk, quantity=Decimal(2), **given)
    assert refusal.value.details[0]["available"] == "1"
    assert reserved_of(milk, firm.shop) == 5
    issue_reservation(reservation_id=mine.pk, quantity=Decimal(1), destination=firm.other, **given)
    # The last good one is promised to both; a person lets go of one of them.
    release_reservation(reservation_id=mine.pk, user=None, now=tools.NOW + MINUTE)
    issue_reservation(reservation_id=theirs.pk, **given)
    assert (reserved_of(milk, firm.shop), tools.level_of(milk, firm.shop)) == (0, 3)
    assert not any(result.count for result in check_ledger(now=tools.NOW + 5 * MINUTE))
