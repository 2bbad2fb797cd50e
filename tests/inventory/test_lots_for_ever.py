"""Lots of other systems that never expire are dated to the last day there is; a shelf life may reach beyond it."""

from datetime import date
from decimal import Decimal

import pytest

from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Lot
from inventory.selectors.ledger_check import check_ledger
from inventory.services.lot_holds import correct_expiry, quarantine_lot
from inventory.services.receiving import receive_goods
from inventory.services.sales import sell


@pytest.fixture
def act(firm, tools):
    """Arguments of an act with so many units of `salt`, which keeps for ever."""
    salt = tools.make_sku("salt", is_lot_tracked=True, shelf_life_days=2**31 - 1)

    def given(quantity, lot=None):
        lines = [GoodsLine(salt.pk, Decimal(quantity), lot=lot)]
        return {"location": firm.shop, "lines": lines, "key": None, "user": None, "now": tools.NOW}

    return given


def test_the_last_day_of_the_calendar_is_an_expiry_like_others(act, tools):
    receive_goods(**act(5, LotName("A1", date.max)))
    sell(**act(2))
    quarantine_lot(lot_id=Lot.objects.get(code="A1").pk, reason="dirt", user=None, now=tools.NOW)
    assert [result.title for result in check_ledger(now=tools.NOW) if result.count] == []


def test_a_shelf_life_ends_with_the_calendar(act):
    receive_goods(**act(5, LotName("B2")))
    assert Lot.objects.get(code="B2").expires_on == date.max
    sell(**act(5))


def test_an_expiry_may_be_corrected_to_it(act, tools):
    receive_goods(**act(5, LotName("C3", date(2026, 4, 1))))
    lot = Lot.objects.get(code="C3")
    correct_expiry(lot_id=lot.pk, expires_on=date.max, reason="never", user=None, now=tools.NOW)
    sell(**act(5))
