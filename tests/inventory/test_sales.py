"""Selling: what is there is sold, what is not there is remembered as lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError

from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import LostSale, Movement
from inventory.services.sales import GoodsLine, return_goods, sell


@pytest.fixture
def sell_here(firm, tools):
    def act(*lines, key=None, **options):
        goods = [GoodsLine(sku.pk, Decimal(str(quantity))) for sku, quantity in lines]
        return sell(location=firm.shop, lines=goods, key=key, user=None, now=tools.NOW, **options)

    return act


def lost():
    return list(LostSale.objects.order_by("id").values_list("sku__code", "quantity", "cause"))


def test_a_sale_takes_the_price_of_the_card(firm, stock, sell_here):
    stock(firm.apple, firm.shop, 10)
    sale = sell_here((firm.apple, 3))
    assert sale.posting.movements.get().unit_price == Decimal("2.50")
    assert sale.unserved == ()
    assert lost() == []


def test_a_refused_sale_is_remembered_as_lost(firm, stock, sell_here, tools):
    stock(firm.apple, firm.shop, 2)
    with pytest.raises(OutOfStock):
        sell_here((firm.apple, 5), (firm.bread, 1))
    assert tools.level_of(firm.apple, firm.shop) == 2
    assert lost() == [("apple", 3, "refused"), ("bread", 1, "refused")]
    row = LostSale.objects.first()
    assert (row.unit_price, row.business_date) == (Decimal("2.50"), date(2026, 3, 10))


def test_a_cut_sale_sells_what_is_left(firm, stock, sell_here, tools):
    stock(firm.apple, firm.shop, 2)
    sale = sell_here((firm.bread, 1), (firm.apple, 5), allow_cut=True)
    assert list(sale.posting.movements.values_list("sku__code", "quantity")) == [("apple", 2)]
    assert [(row.line, row.quantity) for row in sale.unserved] == [(1, 1), (2, 3)]
    assert tools.level_of(firm.apple, firm.shop) == 0
    assert lost() == [("bread", 1, "cut"), ("apple", 3, "cut")]


@pytest.mark.parametrize("allow_cut", [False, True])
def test_a_key_sells_to_one_customer(firm, stock, sell_here, tools, allow_cut):
    stock(firm.apple, firm.shop, 4)
    wanted = (firm.apple, 6 if allow_cut else 2)
    first = sell_here(wanted, key="till/1", customer="Anna", allow_cut=allow_cut)
    assert sell_here(wanted, key="till/1", customer=" Anna ", allow_cut=allow_cut).posting.pk == first.posting.pk
    with pytest.raises(KeyAlreadyUsed):
        sell_here(wanted, key="till/1", customer="Ben", allow_cut=allow_cut)
    assert Movement.objects.filter(kind="sale").count() == 1


def test_a_cut_sale_of_nothing_is_refused(firm, sell_here):
    with pytest.raises(OutOfStock):
        sell_here((firm.apple, 5), allow_cut=True)
    assert lost() == [("apple", 5, "refused")]
    assert not Movement.objects.exists()


@pytest.mark.parametrize(("quantities", "allow_cut"), [((4,), False), ((3, 1), True), ((6, 1), True)])
def test_a_repeat_changes_nothing(firm, stock, sell_here, tools, quantities, allow_cut):
    stock(firm.apple, firm.shop, 4)
    lines = [(firm.apple, quantity) for quantity in quantities]
    first, again = (sell_here(*lines, key="k", allow_cut=allow_cut) for _attempt in range(2))
    assert first == again
    assert tools.level_of(firm.apple, firm.shop) == 0
    assert LostSale.objects.count() == (2 if sum(quantities) > 4 else 0)


@pytest.mark.django_db(transaction=True)
def test_a_sale_is_kept_together_with_what_it_lacked_or_not_at_all(firm, stock, sell_here, tools):
    stock(firm.apple, firm.shop, 2)
    # As long as the key of a posting may be, so that there is no room for the line that a lost sale adds to it.
    with pytest.raises(DataError):
        sell_here((firm.apple, 5), key="k" * 200, allow_cut=True)
    assert tools.level_of(firm.apple, firm.shop) == 2
    assert not Movement.objects.filter(kind="sale").exists()


def test_a_repeat_of_a_refused_sale_is_one_lost_sale(firm, sell_here):
    for _attempt in range(2):
        with pytest.raises(OutOfStock):
            sell_here((firm.apple, 5), key="k")
    assert lost() == [("apple", 5, "refused")]


def test_nothing_is_no_sale(firm, stock, sell_here):
    stock(firm.apple, firm.shop, 4)
    with pytest.raises(InvalidLines, match="Line 2"):
        sell_here((firm.apple, 1), (firm.bread, 0))
    assert lost() == []


def test_goods_come_back(firm, stock, sell_here, tools):
    stock(firm.apple, firm.shop, 4)
    sell_here((firm.apple, 4))
    return_goods(location=firm.shop, lines=[GoodsLine(firm.apple.pk, Decimal(1))], key=None, user=None, now=tools.NOW)
    assert tools.level_of(firm.apple, firm.shop) == 1
