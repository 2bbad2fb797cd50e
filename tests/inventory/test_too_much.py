"""Quantities that together are more than a column keeps are refused by a sentence, and nothing is written."""

from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.domain.goods import GoodsLine
from inventory.errors import InvalidLines
from inventory.models import Movement, Reservation, Transfer
from inventory.services.kits import PartLine, set_kit_parts
from inventory.services.places import set_may_go_negative
from inventory.services.posting import post_movements
from inventory.services.sales import sell
from inventory.services.transfers import create_transfer
from tests.inventory.counting import given
from tests.inventory.holding import hold

MOST = 99_999_999_999


def lines_of(refusal):
    return [row["line"] for row in refusal.value.details]


def test_a_level_that_would_overflow_names_its_lines(firm, stock, tools):
    stock(firm.apple, firm.shop, MOST)
    arriving = [tools.line(sku, firm.supplier, firm.shop, 1) for sku in (firm.bread, firm.apple)]
    with pytest.raises(InvalidLines) as refusal:
        post_movements(lines=arriving, kind="receipt", key=None, now=tools.NOW)
    assert lines_of(refusal) == [2]
    assert Movement.objects.count() == 1
    assert tools.level_of(firm.apple, firm.shop) == MOST


def test_lines_of_one_posting_are_added_up(firm, stock):
    with pytest.raises(InvalidLines):
        stock(firm.apple, firm.shop, MOST + 1)
    stock(firm.apple, firm.shop, MOST)


def test_below_zero_there_is_an_end_too(firm, tools):
    set_may_go_negative(location_id=firm.shop.pk, is_allowed=True, user=None, now=tools.NOW)
    basket = {"location": firm.shop, "lines": [GoodsLine(firm.apple.pk, Decimal(MOST))], "user": None, "now": tools.NOW}
    sell(**basket, key=None)
    with pytest.raises(InvalidLines):
        sell(**basket, key=None)
    assert tools.level_of(firm.apple, firm.shop) == -MOST


def test_a_place_that_may_go_below_zero_promises_no_more_than_can_be_kept(firm, tools):
    set_may_go_negative(location_id=firm.shop.pk, is_allowed=True, user=None, now=tools.NOW)
    hold(firm.shop, (firm.apple, MOST), now=tools.NOW)
    with pytest.raises(InvalidLines) as refusal:
        hold(firm.shop, (firm.bread, 1), (firm.apple, 1), now=tools.NOW)
    assert lines_of(refusal) == [2]
    assert Reservation.objects.count() == 1


def test_a_transfer_adds_up_what_its_kits_hold(firm, tools):
    set_kit_parts(kit_id=firm.bread.pk, parts=[PartLine(firm.apple.pk, Decimal(50))], user=None, now=tools.NOW)
    lines = [GoodsLine(firm.bread.pk, Decimal(10**9)), GoodsLine(firm.apple.pk, Decimal(MOST))]
    ends = {"source": firm.shop, "destination": firm.other}
    with pytest.raises(InvalidInput, match="apple"):
        create_transfer(**ends, lines=lines, user=None, now=tools.NOW)
    assert not Transfer.objects.exists()


def test_a_count_that_adds_up_to_too_much_says_which_sku(counting, firm, tools):
    wrong = given("apple", MOST)
    counting.send(given("apple", 10), wrong)
    with pytest.raises(InvalidInput, match="apple"):
        counting.submit()
    counting.send(given("", None, voids=wrong.uid))
    counting.submit()
    assert tools.level_of(firm.apple, firm.shop) == 10
