"""Posting movements: levels follow, wrong lines are refused whole, a repeat changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import Movement, Posting, StockLevel
from inventory.services.posting import post_movements


@pytest.fixture
def post(tools):
    def send(*lines, kind="sale", key=None, now=tools.NOW, **fields):
        return post_movements(lines=lines, kind=kind, key=key, now=now, **fields)

    return send


def test_a_sale_lowers_the_level_and_leaves_a_movement(firm, stock, post, tools):
    stock(firm.apple, firm.shop, 10)
    posting = post(tools.line(firm.apple, firm.shop, firm.customer, 3, unit_price=Decimal("2.50")))
    moved = posting.movements.get()
    assert (moved.kind, moved.quantity, moved.line, moved.unit_price) == ("sale", 3, 1, Decimal("2.50"))
    assert tools.level_of(firm.apple, firm.shop) == 7 == tools.ledger_sum(firm.apple, firm.shop)


def test_virtual_places_have_no_level(firm, stock):
    stock(firm.apple, firm.shop, 10)
    assert set(StockLevel.objects.values_list("location__code", flat=True)) == {"SHOP"}


def test_lines_of_one_sku_are_summed_before_they_are_checked(firm, stock, post, tools):
    stock(firm.apple, firm.shop, 10)
    with pytest.raises(OutOfStock) as refusal:
        post(*[tools.line(firm.apple, firm.shop, firm.customer, 4)] * 3)
    assert refusal.value.details == [{"line": 3, "sku": "apple", "location": "SHOP", "asked": "4", "available": "2"}]
    assert tools.level_of(firm.apple, firm.shop) == 10
    assert Posting.objects.filter(kind="sale").count() == 0


def test_every_offending_line_is_named(firm, stock, post, tools):
    stock(firm.apple, firm.shop, 1)
    with pytest.raises(OutOfStock) as refusal:
        post(
            tools.line(firm.apple, firm.shop, firm.customer, 1),
            tools.line(firm.bread, firm.shop, firm.customer, 1),
            tools.line(firm.rice, firm.shop, firm.customer, "0.5"),
        )
    assert [(row["line"], row["sku"], row["available"]) for row in refusal.value.details] == [
        (2, "bread", "0"),
        (3, "rice", "0"),
    ]


def test_faults_of_every_kind_are_named_at_once(firm, stock, post, tools):
    stock(firm.apple, firm.shop, 9)
    late = {"occurred_at": tools.NOW + timedelta(days=1)}
    with pytest.raises(InvalidLines) as refusal:
        post(
            tools.line(firm.apple, firm.shop, firm.customer, 1),
            tools.line(firm.apple, firm.shop, firm.shop, 1),
            tools.line(firm.apple, firm.shop, firm.customer, "0.5", **late),
            tools.line(firm.apple, firm.supplier, firm.customer, 1),
        )
    told = [(row["line"], row["message"].split()[-1], row["sku"]) for row in refusal.value.details]
    assert told == [(2, "one.", "apple"), (3, "future.", "apple"), (3, "whole.", "apple"), (4, "ours.", "apple")]
    assert not Posting.objects.filter(kind="sale").exists()


def test_what_the_same_posting_brings_may_leave_again(firm, post, tools):
    post(
        tools.line(firm.apple, firm.shop, firm.customer, 5),
        tools.line(firm.apple, firm.supplier, firm.shop, 5),
        kind="receipt",
    )
    assert tools.level_of(firm.apple, firm.shop) == 0


def test_a_place_that_may_go_negative_does(firm, post, tools):
    kiosk = tools.make_place("KIOSK", may_go_negative=True)
    post(tools.line(firm.apple, kiosk, firm.customer, 2))
    assert tools.level_of(firm.apple, kiosk) == -2


@pytest.mark.parametrize("quantity", ["0", "-1", "0.5", "NaN", "Infinity", "1e11"])
def test_quantities_that_the_unit_does_not_allow_are_refused(firm, post, tools, quantity):
    with pytest.raises(InvalidLines) as refusal:
        post(tools.line(firm.apple, firm.supplier, firm.shop, quantity), kind="receipt")
    assert refusal.value.details[0]["line"] == 1


@pytest.mark.parametrize(("quantity", "is_fine"), [("0.001", True), ("0.0001", False), ("1.250", True)])
def test_weights_have_at_most_three_decimals(firm, post, tools, quantity, is_fine):
    brought = tools.line(firm.rice, firm.supplier, firm.shop, quantity)
    if is_fine:
        assert post(brought, kind="receipt").movements.get().quantity == Decimal(quantity)
    else:
        with pytest.raises(InvalidLines, match="more than 3 decimals"):
            post(brought, kind="receipt")


def test_unknown_skus_and_places_are_refused(firm, post, tools):
    ghost = tools.make_place("GHOST")
    ghost.pk = 10**9
    with pytest.raises(InvalidLines, match="Line 2: There is no such location"):
        post(tools.line(firm.apple, firm.supplier, firm.shop, 1), tools.line(firm.apple, firm.supplier, ghost, 1))
    firm.apple.pk = 10**9
    with pytest.raises(InvalidLines, match="Line 1: There is no such SKU"):
        post(tools.line(firm.apple, firm.supplier, firm.shop, 1))


def test_a_movement_goes_somewhere_and_not_in_the_future(firm, post, tools):
    with pytest.raises(InvalidLines, match="another"):
        post(tools.line(firm.apple, firm.shop, firm.shop, 1))
    with pytest.raises(InvalidLines, match="ours"):
        post(tools.line(firm.apple, firm.supplier, firm.customer, 1))
    with pytest.raises(InvalidLines, match="future"):
        post(tools.line(firm.apple, firm.supplier, firm.shop, 1, occurred_at=tools.NOW + timedelta(hours=1)))


@pytest.mark.parametrize("count", [0, 10_001])
def test_a_posting_has_one_to_ten_thousand_lines(firm, post, tools, count):
    with pytest.raises(InvalidInput, match="10000"):
        post(*[tools.line(firm.apple, firm.supplier, firm.shop, 1)] * count)


def test_a_repeat_of_a_key_returns_the_first_posting(firm, post, tools):
    brought = tools.line(firm.apple, firm.supplier, firm.shop, 5)
    first = post(brought, kind="receipt", key="till-7/1")
    again = post(brought, kind="receipt", key="till-7/1", now=tools.NOW + timedelta(hours=2))
    assert first.pk == again.pk
    assert Movement.objects.count() == 1
    assert tools.level_of(firm.apple, firm.shop) == 5


@pytest.mark.parametrize("change", [{"quantity": 6}, {"sku": "bread"}, {"kind": "opening"}, {"twice": True}])
def test_another_content_under_the_same_key_is_refused(firm, post, tools, change):
    post(tools.line(firm.apple, firm.supplier, firm.shop, 5), kind="receipt", key="k")
    sku = getattr(firm, change.get("sku", "apple"))
    other = tools.line(sku, firm.supplier, firm.shop, change.get("quantity", 5))
    with pytest.raises(KeyAlreadyUsed):
        post(*[other] * (2 if change.get("twice") else 1), kind=change.get("kind", "receipt"), key="k")
    assert tools.level_of(firm.apple, firm.shop) == 5


def test_a_refused_posting_leaves_its_key_free(firm, stock, post, tools):
    sale = tools.line(firm.apple, firm.shop, firm.customer, 5)
    with pytest.raises(OutOfStock):
        post(sale, key="k")
    stock(firm.apple, firm.shop, 5)
    assert post(sale, key="k").movements.count() == 1
