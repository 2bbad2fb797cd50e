"""Faults of lots, and levels that would grow too large, are named beside what else is wrong with a posting."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.errors import InvalidLines
from inventory.models import Lot, Movement, StockLevel
from inventory.services.posting import post_movements
from tests.inventory.test_too_much import MOST


@pytest.fixture
def milk(firm, tools):
    return tools.make_sku("milk", is_lot_tracked=True)


@pytest.fixture
def faults(tools):
    """faults(lines) posts them, is refused, and gives (line, beginning of the message)."""

    def post(*lines, kind="receipt"):
        before = Movement.objects.count(), StockLevel.objects.count()
        with pytest.raises(InvalidLines) as refusal:
            post_movements(lines=lines, kind=kind, key=None, now=tools.NOW)
        assert (Movement.objects.count(), StockLevel.objects.count()) == before
        return sorted((row["line"], row["message"][:22]) for row in refusal.value.details)

    return post


FRACTION, NO_LOT, NOT_TRACKED = "This SKU is counted in", "This SKU is tracked by", "This SKU is not tracke"
TOO_LARGE, FUTURE = "With it, the stock wou", "It is dated in the fut"
NO_PLACE, UNKNOWN_LOT = "There is no such locat", "This SKU has no such l"


def test_a_missing_and_a_needless_lot_are_named_with_the_rest(firm, milk, tools, faults):
    found = faults(
        tools.line(firm.apple, firm.supplier, firm.shop, "0.5"),
        tools.line(milk, firm.supplier, firm.shop, 1),
        tools.line(firm.bread, firm.supplier, firm.shop, 1, lot_id=1),
        tools.line(firm.rice, firm.supplier, firm.shop, 1),
    )
    assert found == [(1, FRACTION), (2, NO_LOT), (3, NOT_TRACKED)]


def test_a_line_tells_its_own_faults_and_those_of_its_lot(firm, milk, tools, faults):
    late = tools.NOW + timedelta(days=1)
    found = faults(tools.line(milk, firm.supplier, firm.shop, "0.5", occurred_at=late, lot_id=10**9))
    assert found == [(1, FUTURE), (1, UNKNOWN_LOT), (1, FRACTION)]


def test_a_level_that_would_grow_too_large_is_named_with_the_rest(firm, milk, stock, tools, faults):
    stock(firm.apple, firm.shop, MOST)
    found = faults(
        tools.line(firm.apple, firm.supplier, firm.shop, 1),
        tools.line(firm.bread, firm.supplier, firm.shop, "0.5"),
        tools.line(milk, firm.supplier, firm.shop, 1),
    )
    assert found == [(1, TOO_LARGE), (2, FRACTION), (3, NO_LOT)]


def test_a_faulty_line_makes_no_level_too_large(firm, stock, tools, faults):
    stock(firm.apple, firm.shop, MOST)
    found = faults(
        tools.line(firm.apple, firm.supplier, firm.shop, "0.5"),
        tools.line(firm.apple, firm.shop, firm.customer, 1),
        tools.line(firm.rice, firm.supplier, firm.shop, Decimal("NaN")),
    )
    assert [line for line, _message in found] == [1, 3]


def test_a_place_that_is_unknown_hides_no_fault_of_another_line(firm, milk, tools, faults):
    nowhere = tools.line(milk, firm.supplier, firm.shop, 1)
    found = faults(
        type(nowhere)(milk.pk, firm.supplier.pk, 10**9, Decimal(1)), tools.line(milk, firm.supplier, firm.shop, 1)
    )
    assert found == [(1, NO_PLACE), (2, NO_LOT)]


def test_lots_that_are_held_are_named_with_the_rest(firm, milk, tools, faults):
    lot = Lot.objects.create(sku=milk, code="Q", expires_on=date(2026, 3, 1), received_at=tools.NOW)
    post_movements(
        lines=[tools.line(milk, firm.supplier, firm.shop, 5, lot_id=lot.pk)], kind="receipt", key=None, now=tools.NOW
    )
    found = faults(
        tools.line(milk, firm.shop, firm.customer, 1, lot_id=lot.pk),
        tools.line(firm.apple, firm.shop, firm.customer, "0.5"),
        kind="sale",
    )
    assert found == [(1, "Lot Q expired after Ma"), (2, FRACTION)]
