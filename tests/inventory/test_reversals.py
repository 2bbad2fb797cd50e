"""Undoing: once, whole, with a reason, and never behind the back of a document."""

from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent
from inventory.errors import AlreadyReversed, OutOfStock
from inventory.models import Movement, Posting, Reservation
from inventory.selectors.ledger_check import check_ledger
from inventory.services.issuing import issue_reservation
from inventory.services.kits import PartLine, set_kit_parts
from inventory.services.posting import post_movements
from inventory.services.production import post_production
from inventory.services.reversals import undo_posting
from inventory.services.sales import GoodsLine, sell
from inventory.services.transfers import create_transfer, ship_transfer
from tests.inventory.holding import hold


@pytest.fixture
def undo(tools):
    return lambda posting, reason="A mistake", key=None: undo_posting(
        posting_id=posting.pk, reason=reason, key=key, user=None, now=tools.NOW
    )


def test_everything_goes_back_and_the_reason_stays(firm, stock, tools, undo):
    undone = undo(stock(firm.apple, firm.shop, 5), reason=" Wrong shop ")
    assert tools.level_of(firm.apple, firm.shop) == 0
    assert (undone.kind, undone.note) == ("reversal", "Wrong shop")
    assert AuditEvent.objects.get(action="reverse_posting").data["reason"] == "Wrong shop"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_without_a_reason_nothing_goes_back(firm, stock, undo, reason):
    with pytest.raises(InvalidInput, match="Say why"):
        undo(stock(firm.apple, firm.shop, 5), reason=reason)
    assert Posting.objects.count() == 1


def test_twice_is_refused_and_a_repeat_of_the_key_is_not_twice(firm, stock, undo):
    posting = stock(firm.apple, firm.shop, 5)
    assert undo(posting, key="k").pk == undo(posting, key="k").pk
    with pytest.raises(AlreadyReversed):
        undo(posting)


def test_a_reversal_is_not_reversed(firm, stock, undo):
    undone = undo(stock(firm.apple, firm.shop, 5))
    with pytest.raises(IllegalStateChange, match="enter the act again"):
        undo(undone)


def test_each_line_that_is_gone_is_named(firm, tools, undo):
    lines = [tools.line(sku, firm.supplier, firm.shop, 5) for sku in (firm.apple, firm.bread, firm.rice)]
    posting = post_movements(lines=lines, kind="receipt", key=None, now=tools.NOW)
    goods = [GoodsLine(firm.apple.pk, Decimal(2)), GoodsLine(firm.rice.pk, Decimal(5))]
    sell(location=firm.shop, lines=goods, key=None, user=None, now=tools.NOW)
    with pytest.raises(OutOfStock) as refusal:
        undo(posting)
    rows = [(row["line"], row["sku"], row["available"]) for row in refusal.value.details]
    assert rows == [(1, "apple", "3"), (3, "rice", "0")]


def test_what_is_reserved_meanwhile_does_not_go_back(firm, stock, tools, undo):
    posting = stock(firm.apple, firm.shop, 5)
    hold(firm.shop, (firm.apple, 1), now=tools.NOW)
    with pytest.raises(OutOfStock):
        undo(posting)


@pytest.mark.parametrize(
    ("source_type", "message"),
    [
        ("transfer", "send the goods back by another transfer"),
        ("purchase_order", "undo the receipt on the page of the order"),
        ("supplier_return", "Put what did not go back on the shelf again with Adjust"),
        ("stock_count", "Correct it there"),
    ],
)
def test_what_belongs_to_a_document_is_put_right_there(firm, tools, undo, source_type, message):
    lines = [tools.line(firm.apple, firm.supplier, firm.shop, 5)]
    posting = post_movements(
        lines=lines, kind="receipt", key=None, now=tools.NOW, source_type=source_type, source_id=7, note="D-7"
    )
    with pytest.raises(IllegalStateChange, match=f"D-7.*{message}"):
        undo(posting)
    assert tools.level_of(firm.apple, firm.shop) == 5


def test_a_shipped_transfer_stays_shipped(firm, stock, tools, undo):
    stock(firm.apple, firm.shop, 5)
    goods = [GoodsLine(firm.apple.pk, Decimal(5))]
    made = create_transfer(source=firm.shop, destination=firm.other, lines=goods, user=None, now=tools.NOW)
    ship_transfer(transfer_id=made.pk, user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match=made.number):
        undo(Posting.objects.get(source_type="transfer"))


def test_what_was_handed_over_comes_back_for_everybody(firm, stock, tools, undo):
    stock(firm.apple, firm.shop, 5)
    (held,) = hold(firm.shop, (firm.apple, 5), now=tools.NOW)
    undo(issue_reservation(reservation_id=held.pk, key=None, user=None, now=tools.NOW).posting)
    assert Reservation.objects.get().state == "issued"
    assert tools.level_of(firm.apple, firm.shop) == 5
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_production_uses_and_makes_in_one_posting_and_is_undone_whole(firm, stock, tools, undo):
    stock(firm.rice, firm.shop, 3)
    used, made = [GoodsLine(firm.rice.pk, Decimal("0.4"))], [GoodsLine(firm.bread.pk, Decimal(2))]
    here = {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}
    posting = post_production(**here, used=used, made=made)
    assert [row.kind for row in posting.movements.order_by("line")] == ["consumption", "output"]
    assert [tools.level_of(sku, firm.shop) for sku in (firm.rice, firm.bread)] == [Decimal("2.6"), 2]
    undo(posting)
    assert [tools.level_of(sku, firm.shop) for sku in (firm.rice, firm.bread)] == [3, 0]
    with pytest.raises(OutOfStock):
        post_production(**here, used=[GoodsLine(firm.rice.pk, Decimal(4))], made=made)
    with pytest.raises(InvalidInput, match="used or what was made"):
        post_production(**here, used=[], made=[])


def test_a_sold_kit_comes_back_as_its_parts(firm, stock, tools, undo):
    kit = tools.make_sku("basket")
    set_kit_parts(kit_id=kit.pk, parts=[PartLine(firm.apple.pk, Decimal(2))], user=None, now=tools.NOW)
    stock(firm.apple, firm.shop, 5)
    goods = [GoodsLine(kit.pk, Decimal(2))]
    undo(sell(location=firm.shop, lines=goods, key=None, user=None, now=tools.NOW).posting)
    assert tools.level_of(firm.apple, firm.shop) == 5


def test_more_movements_than_a_posting_takes_are_not_undone_at_once(firm, stock, tools, undo):
    """An import has none of this bound; the refusal says what to do instead."""
    first = stock(firm.apple, firm.shop, 1)
    (row,) = first.movements.all()
    fields = {"posting": first, "kind": row.kind, "sku": firm.apple, "source": row.source, "destination": firm.shop}
    common = {**fields, "quantity": 1, "occurred_at": row.occurred_at, "business_date": row.business_date}
    Movement.objects.bulk_create(Movement(line=number, **common) for number in range(2, 10_002))
    with pytest.raises(InvalidInput, match=r"It has 10,001 movements, and at most 10,000"):
        undo(first)
