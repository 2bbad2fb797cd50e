"""Adjustments with a reason, counts against the ledger, reversals."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.errors import AlreadyReversed, OutOfStock
from inventory.models import Movement
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.counts import Counted, correct_count
from inventory.services.receiving import receive_goods
from inventory.services.reversals import reverse_posting
from inventory.services.sales import GoodsLine, sell


@pytest.fixture
def act(firm, stock, tools):
    """The services at the shop, which holds ten apples."""
    stock(firm.apple, firm.shop, 10)
    common = {"location": firm.shop, "user": None, "now": tools.NOW, "key": None}

    def run(service, **arguments):
        return service(**{**common, **arguments})

    return run


@pytest.mark.parametrize(("quantity", "left"), [(-3, 7), (2, 12)])
def test_an_adjustment_goes_to_or_from_loss_with_its_reason(firm, act, tools, quantity, left):
    posting = act(adjust_stock, changes=[Change(firm.apple.pk, Decimal(quantity))], reason_code="damage")
    moved = posting.movements.select_related("reason").get()
    assert (moved.kind, moved.reason.code, moved.quantity) == ("adjustment", "damage", abs(quantity))
    assert tools.level_of(firm.apple, firm.shop) == left


def test_an_unknown_reason_is_refused_and_the_known_ones_are_listed(firm, act):
    with pytest.raises(InvalidInput, match=r"damage, expired, other"):
        act(adjust_stock, changes=[Change(firm.apple.pk, Decimal(-1))], reason_code="gremlins")


def test_what_is_gone_was_not_found_while_what_turned_up_was(firm, act, tools):
    with pytest.raises(InvalidInput, match="“Found” does not say why units are gone"):
        act(adjust_stock, changes=[Change(firm.apple.pk, Decimal(-1))], reason_code="found")
    act(adjust_stock, changes=[Change(firm.apple.pk, Decimal(1))], reason_code="found")
    assert tools.level_of(firm.apple, firm.shop) == 11


def test_more_than_there_is_cannot_be_lost(firm, act):
    with pytest.raises(OutOfStock):
        act(adjust_stock, changes=[Change(firm.apple.pk, Decimal(-11))], reason_code="theft")


def test_a_count_posts_the_difference_only(firm, act, tools):
    counts = [Counted(firm.apple.pk, Decimal(8)), Counted(firm.bread.pk, Decimal(2)), Counted(firm.rice.pk, Decimal(0))]
    posting = act(correct_count, counts=counts)
    rows = posting.movements.order_by("line").values_list("sku__code", "source__code", "quantity")
    assert list(rows) == [("apple", "SHOP", 2), ("bread", "LOSS", 2)]
    assert tools.level_of(firm.apple, firm.shop) == 8
    assert act(correct_count, counts=counts) is None


def test_a_sale_after_counting_is_no_shrinkage(firm, act, tools):
    counted_at = tools.NOW + timedelta(minutes=5)
    later = tools.NOW + timedelta(minutes=10)
    act(sell, lines=[GoodsLine(firm.apple.pk, Decimal(4))], now=later)
    counted = Counted(firm.apple.pk, Decimal(9), counted_at=counted_at)
    act(correct_count, counts=[counted], now=later + timedelta(minutes=1))
    assert tools.level_of(firm.apple, firm.shop) == 5


def test_a_repeated_count_posts_once(firm, act, tools):
    for _attempt in range(2):
        act(correct_count, counts=[Counted(firm.apple.pk, Decimal(8))], key="count-1")
        act(sell, lines=[GoodsLine(firm.apple.pk, Decimal(1))])
    assert tools.level_of(firm.apple, firm.shop) == 6


@pytest.mark.parametrize("quantities", [[], [-1], [1, 1]])
def test_counts_that_make_no_sense_are_refused(firm, act, quantities):
    with pytest.raises(InvalidInput):
        act(correct_count, counts=[Counted(firm.apple.pk, Decimal(quantity)) for quantity in quantities])


def test_a_reversal_undoes_every_line_once(firm, act, tools):
    goods = [GoodsLine(firm.apple.pk, Decimal(5), Decimal("1.10")), GoodsLine(firm.bread.pk, Decimal(2))]
    posting = act(receive_goods, lines=goods)
    undo = {"posting_id": posting.pk, "user": None, "now": tools.NOW}
    reversal = reverse_posting(**undo, key="undo")
    assert tools.level_of(firm.apple, firm.shop) == 10
    assert reversal.movements.filter(reverses__posting=posting, kind="reversal").count() == 2
    assert reverse_posting(**undo, key="undo").pk == reversal.pk
    with pytest.raises(AlreadyReversed):
        reverse_posting(**undo, key=None)
    assert Movement.objects.filter(kind="reversal").count() == 2


def test_what_is_gone_cannot_be_taken_back(firm, act, tools):
    posting = act(receive_goods, lines=[GoodsLine(firm.bread.pk, Decimal(2))])
    act(sell, lines=[GoodsLine(firm.bread.pk, Decimal(1))])
    with pytest.raises(OutOfStock):
        reverse_posting(posting_id=posting.pk, key=None, user=None, now=tools.NOW)
