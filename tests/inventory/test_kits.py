"""Kits have no stock of their own: what they do, their parts do."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from inventory.domain.kits import Part, buildable, part_prices
from inventory.errors import InvalidLines, OutOfStock
from inventory.models import KitPart, Listing, Reservation, Sku, StockoutEvent
from inventory.selectors.kits import kits_available
from inventory.services.catalogue import update_sku
from inventory.services.issuing import IssueLine, issue_reservations
from inventory.services.kits import PartLine, set_kit_parts
from inventory.services.listings import list_skus
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, return_goods, sell
from inventory.services.transfers import create_transfer
from tests.inventory.holding import hold


@pytest.fixture
def basket(firm, tools):
    """Two apples and half a kilo of rice for 10.00."""
    kit = tools.make_sku("basket", price=Decimal(10))
    return parts_of_kit(kit, tools, (firm.apple, 2), (firm.rice, "0.5"))


def parts_of_kit(kit, tools, *parts):
    lines = [PartLine(sku.pk, Decimal(str(quantity))) for sku, quantity in parts]
    return set_kit_parts(kit_id=kit.pk, parts=lines, user=None, now=tools.NOW)


@pytest.fixture
def stocked(firm, stock):
    stock(firm.apple, firm.shop, 7)
    stock(firm.rice, firm.shop, 2)
    return firm


def here(firm, tools):
    return {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}


def test_as_many_can_be_made_up_as_the_scarcest_part_allows(stocked, basket, tools):
    assert kits_available([basket.pk], [stocked.shop.pk, stocked.other.pk]) == {
        (basket.pk, stocked.shop.pk): 3,
        (basket.pk, stocked.other.pk): 0,
    }
    hold(stocked.shop, (stocked.apple, 4), now=tools.NOW)
    assert kits_available([basket.pk], [stocked.shop.pk])[basket.pk, stocked.shop.pk] == 1


def test_prices_of_the_parts_add_up_to_that_of_the_kit():
    parts = [Part(1, Decimal(2), Decimal(3)), Part(2, Decimal("0.5"), Decimal(8))]
    assert part_prices(parts, Decimal(5)) == [Decimal("1.5"), Decimal(4)]
    assert part_prices([Part(1, Decimal(4)), Part(2, Decimal(1))], Decimal(8)) == [1, 4]
    assert buildable([], {}) == 0


def test_a_share_of_the_price_that_cannot_be_kept_is_refused(stocked, tools):
    kit = parts_of_kit(tools.make_sku("gram", price=Decimal(90_000_000)), tools, (stocked.rice, "0.001"))
    with pytest.raises(InvalidLines, match="Line 1: A unit of it would cost 90000000000, more than can be kept"):
        sell(**here(stocked, tools), lines=[GoodsLine(kit.pk, Decimal(1))])
    (held,) = hold(stocked.shop, (kit, 1), now=tools.NOW)
    with pytest.raises(InvalidLines):
        issue_reservations(lines=[IssueLine(held.pk)], key=None, user=None, now=tools.NOW)
    sell(**here(stocked, tools), lines=[GoodsLine(kit.pk, Decimal(1), Decimal(9_999_999))])
    assert tools.level_of(stocked.rice, stocked.shop) == Decimal("1.999")


def test_it_is_reserved_and_handed_over_as_its_parts(stocked, basket, tools):
    rows = hold(stocked.shop, (basket, 3), now=tools.NOW, reference="order 7")
    assert [(row.sku, row.kit_id, row.quantity) for row in rows] == [
        (stocked.apple, basket.pk, 6),
        (stocked.rice, basket.pk, Decimal("1.5")),
    ]
    lines = [IssueLine(row.pk) for row in rows]
    posting = issue_reservations(lines=lines, key=None, user=None, now=tools.NOW).posting
    assert sum(row.quantity * row.unit_price for row in posting.movements.all()) == 30
    assert posting.note == "order 7 · basket"


def test_a_part_that_is_short_names_the_line_of_the_kit(stocked, basket, tools):
    with pytest.raises(OutOfStock) as refusal:
        hold(stocked.shop, (stocked.bread, 0 + 1), (basket, 4), now=tools.NOW)
    assert [(row["line"], row["sku"]) for row in refusal.value.details] == [(1, "bread"), (2, "apple")]
    assert not Reservation.objects.exists()
    goods = [GoodsLine(stocked.apple.pk, Decimal(2)), GoodsLine(basket.pk, Decimal(3))]
    with pytest.raises(OutOfStock) as refusal:
        sell(**here(stocked, tools), lines=goods)
    assert [(row["line"], row["sku"], row["available"]) for row in refusal.value.details] == [(2, "apple", "5")]


def test_a_cut_sale_hands_over_whole_kits(stocked, basket, tools):
    goods = [GoodsLine(stocked.apple.pk, Decimal(2)), GoodsLine(basket.pk, Decimal(3))]
    given = {**here(stocked, tools), "key": "till/1", "lines": goods, "allow_cut": True}
    sale = sell(**given)
    assert [(row.line, row.quantity) for row in sale.unserved] == [(2, 1)]
    assert tools.level_of(stocked.apple, stocked.shop) == 1
    assert sell(**given) == sale


def test_it_comes_back_and_is_sent_as_its_parts(stocked, basket, tools):
    return_goods(**here(stocked, tools), lines=[GoodsLine(basket.pk, Decimal(1))])
    assert tools.level_of(stocked.apple, stocked.shop) == 9
    goods = [GoodsLine(basket.pk, Decimal(1)), GoodsLine(stocked.apple.pk, Decimal(1))]
    sent = create_transfer(source=stocked.shop, destination=stocked.other, lines=goods, user=None, now=tools.NOW)
    assert list(sent.lines.order_by("pk").values_list("sku__code", "quantity")) == [
        ("apple", 3),
        ("rice", Decimal("0.5")),
    ]


def test_stock_of_its_own_is_refused(firm, basket, tools):
    with pytest.raises(InvalidLines, match="basket is a kit"):
        receive_goods(**here(firm, tools), lines=[GoodsLine(basket.pk, Decimal(1))])


def test_what_has_stock_is_listed_as_its_parts_only(firm, tools):
    kit = tools.make_sku("basket")
    list_skus(sku_ids=[kit.pk], location_ids=[firm.shop.pk], listed_on=tools.NOW.date(), now=tools.NOW)
    parts_of_kit(kit, tools, (firm.apple, 1))
    assert Listing.objects.get(sku=kit).delisted_on is not None
    assert not StockoutEvent.objects.filter(sku=kit, ended_at=None).exists()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([("basket", 1)], "basket is a kit"),
        ([("apple", 1), ("apple", 2)], "stands in the kit already"),
        ([("apple", "0.5")], "whole pieces"),
        ([("other kit", 1)], "other kit is a kit"),
    ],
)
def test_parts_that_cannot_be_are_named(firm, basket, tools, parts, message):
    parts_of_kit(tools.make_sku("other kit"), tools, (firm.bread, 1))
    skus = {sku.code: sku for sku in Sku.objects.all()}
    with pytest.raises(InvalidInput, match=message):
        parts_of_kit(basket, tools, *[(skus[code], quantity) for code, quantity in parts])
    assert basket.kit_parts.count() == 2


def test_a_part_or_something_with_stock_becomes_no_kit(firm, basket, stock, tools):
    with pytest.raises(InvalidInput, match="part of the kit basket"):
        parts_of_kit(firm.apple, tools, (firm.bread, 1))
    stock(firm.bread, firm.shop, 1)
    with pytest.raises(InvalidInput, match="stock of its own at Shop"):
        parts_of_kit(firm.bread, tools, (tools.make_sku("flour"), 1))
    with pytest.raises(InvalidInput, match="not counted in pieces"):
        parts_of_kit(tools.make_sku("oil", unit="l"), tools, (firm.bread, 1))


def test_the_database_refuses_a_kit_in_a_kit(firm, basket):
    for kit, part in ((firm.bread, basket), (firm.apple, firm.bread), (basket, basket)):
        with pytest.raises(IntegrityError), transaction.atomic():
            KitPart.objects.create(kit=kit, part=part, quantity=1)


def test_without_parts_it_is_an_ordinary_sku_again(firm, basket, tools):
    parts_of_kit(basket, tools)
    receive_goods(**here(firm, tools), lines=[GoodsLine(basket.pk, Decimal(1))])
    assert tools.level_of(basket, firm.shop) == 1


def test_the_unit_of_a_part_must_still_fit_what_goes_into_a_kit(firm, basket, tools):
    change = {"user": None, "now": tools.NOW}
    with pytest.raises(InvalidInput, match=r"0.5 of rice goes into the kit basket"):
        update_sku(sku_id=firm.rice.pk, values={"unit": "each"}, **change)
    with pytest.raises(InvalidInput, match="counted in pieces"):
        update_sku(sku_id=basket.pk, values={"unit": "kg"}, **change)
    assert update_sku(sku_id=firm.apple.pk, values={"unit": "kg"}, **change).unit == "kg"
