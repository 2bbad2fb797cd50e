"""Nothing comes into a place that was closed; what stands there goes out, and what was done is undone."""

from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.errors import InvalidLines
from inventory.models import Location, Posting
from inventory.services.bulk_posting import copy_movements
from inventory.services.counts import Counted, correct_count
from inventory.services.posting import post_movements
from inventory.services.reversals import undo_posting
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer, ship_transfer


@pytest.fixture
def closed(firm, stock, tools):
    """The shop, with three apples that were forgotten there, and the sale of two before."""
    stock(firm.apple, firm.shop, 5)
    line = tools.line(firm.apple, firm.shop, firm.customer, 2)
    firm.sale = post_movements(lines=[line], kind="sale", key=None, now=tools.NOW)
    Location.objects.filter(pk=firm.shop.pk).update(is_active=False)
    firm.shop.refresh_from_db()
    return firm.shop


def post(tools, sku, source, destination, quantity=3):
    return post_movements(
        lines=[tools.line(sku, source, destination, quantity)], kind="transfer", key=None, now=tools.NOW
    )


@pytest.mark.parametrize("source", ["supplier", "customer", "depot"])
def test_what_comes_in_is_refused_with_the_name_of_the_place(firm, stock, closed, tools, source):
    stock(firm.apple, firm.depot, 5)
    with pytest.raises(InvalidLines, match="SHOP is closed"):
        post(tools, firm.apple, getattr(firm, source), closed)
    assert tools.level_of(firm.apple, closed) == 3


@pytest.mark.parametrize("destination", ["depot", "loss"])
def test_what_stands_there_goes_out(firm, closed, tools, destination):
    post(tools, firm.apple, closed, getattr(firm, destination))
    assert tools.level_of(firm.apple, closed) == 0


def test_it_is_counted_to_nothing_and_to_no_more(firm, closed, tools):
    given = {"location": closed, "key": None, "user": None, "now": tools.NOW}
    with pytest.raises(InvalidLines, match="SHOP is closed"):
        correct_count(counts=[Counted(firm.apple.pk, Decimal(4))], **given)
    correct_count(counts=[Counted(firm.apple.pk, Decimal(0))], **given)
    assert tools.level_of(firm.apple, closed) == 0


def test_an_act_of_before_is_undone(firm, closed, tools):
    undo_posting(posting_id=firm.sale.pk, reason="A mistake", key=None, user=None, now=tools.NOW)
    assert tools.level_of(firm.apple, closed) == 5


def test_a_transfer_neither_is_made_to_it_nor_leaves_for_it(firm, stock, closed, tools):
    stock(firm.apple, firm.depot, 5)
    given = {"lines": [GoodsLine(firm.apple.pk, Decimal(1))], "user": None, "now": tools.NOW}
    with pytest.raises(InvalidInput, match="Shop is closed"):
        create_transfer(source=firm.depot, destination=closed, **given)
    draft = create_transfer(source=firm.depot, destination=firm.other, **given)
    Location.objects.filter(pk=firm.other.pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="Other is closed"):
        ship_transfer(transfer_id=draft.pk, user=None, now=tools.NOW)
    assert not Posting.objects.filter(kind="transfer").exists()


def test_a_file_brings_nothing_in_either(firm, closed, tools):
    with pytest.raises(InvalidLines, match="it goes to is closed"):
        copy_movements(
            sku_id=[firm.apple.pk], source_id=[firm.supplier.pk], destination_id=[closed.pk], kind=["receipt"],
            quantity=[1], occurred_at=[tools.NOW], posting_key=["a"], now=tools.NOW,
        )  # fmt: skip
