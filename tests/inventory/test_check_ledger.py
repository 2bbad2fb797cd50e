"""check_ledger: quiet while all is well, exit 1 and a named difference for each kind of damage."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.services.sales import GoodsLine, sell


@pytest.fixture
def trade(firm, stock, tools):
    stock(firm.apple, firm.shop, 10)
    stock(firm.rice, firm.shop, "2.5")
    sell(
        location=firm.shop,
        lines=[GoodsLine(firm.apple.pk, tools.line(firm.apple, firm.shop, firm.customer, 4).quantity)],
        key=None,
        user=None,
        now=tools.NOW,
    )
    # What waits for the end of the transaction would hinder ALTER TABLE.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def check():
    out = StringIO()
    call_command("check_ledger", stdout=out)
    return out.getvalue()


def test_all_is_well(trade):
    assert check().count("no differences") == 8


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE inventory_stocklevel SET on_hand = 7 WHERE on_hand = 6", "apple at SHOP: is 7.000, should be 6.000"),
        ("DELETE FROM inventory_stocklevel WHERE on_hand = 6", "apple at SHOP: is None, should be 6.000"),
        ("UPDATE inventory_stocklevel SET reserved = 1 WHERE on_hand = 6", "apple at SHOP: is 1.000, should be 0"),
        ("UPDATE inventory_location SET may_go_negative = true WHERE code = 'SHOP'", "is False, should be True"),
        ("DELETE FROM inventory_stockoutevent", "bread at SHOP: is none, should be open"),
        ("UPDATE inventory_stockoutevent SET ended_at = NULL", "apple at SHOP: is open, should be none"),
        ("ALTER TABLE inventory_movement DISABLE TRIGGER inventory_movement_no_change", "no_change: is D, should be O"),
        ("DROP TRIGGER inventory_posting_no_truncate ON inventory_posting", "no_truncate: is missing, should be O"),
    ],
)  # fmt: skip
def test_each_kind_of_damage_is_named(trade, damage, found):
    with connection.cursor() as cursor:
        cursor.execute(damage)
    out = StringIO()
    with pytest.raises(CommandError, match="differences"):
        call_command("check_ledger", stdout=out)
    assert found in out.getvalue()
