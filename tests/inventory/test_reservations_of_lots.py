"""Reserving what is tracked by lot: only what may be sold counts, and the first to expire is handed over first."""

from datetime import date, timedelta

import pytest

from inventory.errors import OutOfStock
from inventory.models import Lot
from inventory.selectors.ledger_check import check_ledger
from inventory.services.issuing import issue_reservation
from inventory.services.posting import post_movements
from inventory.services.reservations import expire_due
from tests.inventory.holding import hold


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
