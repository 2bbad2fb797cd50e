"""Receipts, returns, adjustments, counts, transfers and reversals of a SKU that is tracked by lot."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from inventory.domain.goods import GoodsLine, LotName
from inventory.errors import InvalidLines, OutOfStock
from inventory.models import Lot, LotLevel, LotStatus
from inventory.selectors.ledger_check import check_ledger
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.counts import Counted, correct_count
from inventory.services.receiving import receive_goods
from inventory.services.reversals import reverse_posting
from inventory.services.sales import return_goods, sell
from inventory.services.transfers import Arrival, create_transfer, receive_transfer, ship_transfer


@pytest.fixture
def shop(firm, tools):
    """What one does at the shop with milk, which keeps for 10 days."""
    milk = firm.milk = tools.make_sku("milk", is_lot_tracked=True, shelf_life_days=10)
    here = {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}

    def goods(*lines):
        return [
            GoodsLine(milk.pk, Decimal(quantity), lot=LotName(lot, *more) if lot else None)
            for lot, quantity, *more in lines
        ]

    def change(*lines, reason="expired"):
        changes = [Change(milk.pk, Decimal(quantity), LotName(lot) if lot else None) for lot, quantity in lines]
        return adjust_stock(**here, changes=changes, reason_code=reason)

    def count(*lines, **fields):
        counts = [
            Counted(milk.pk, Decimal(quantity), lot=LotName(lot) if lot else None, **fields) for lot, quantity in lines
        ]
        return correct_count(**here, counts=counts)

    return SimpleNamespace(
        receive=lambda *lines, **fields: receive_goods(**{**here, **fields}, lines=goods(*lines)),
        sell=lambda *lines, **fields: sell(**{**here, **fields}, lines=goods(*lines)),
        take_back=lambda *lines: return_goods(**here, lines=goods(*lines)),
        adjust=change,
        count=count,
        goods=goods,
        stands=lambda place=firm.shop: dict(
            LotLevel.objects.filter(location=place).exclude(on_hand=0).values_list("lot__code", "on_hand")
        ),
    )


@pytest.fixture(autouse=True)
def _ledger_is_right(db, tools):
    yield
    assert [result.title for result in check_ledger(now=tools.NOW + timedelta(minutes=1)) if result.count] == []


def test_a_receipt_makes_the_lot_with_the_shelf_life_or_the_date_that_is_said(shop, tools):
    shop.receive(("A1", 5), ("B2", 3, date(2026, 3, 15), "Dairy, 4711"))
    rows = Lot.objects.order_by("code").values_list("code", "expires_on", "supplier", "status")
    assert list(rows) == [
        ("A1", date(2026, 3, 20), "", LotStatus.AVAILABLE),
        ("B2", date(2026, 3, 15), "Dairy, 4711", LotStatus.AVAILABLE),
    ]
    assert shop.stands() == {"A1": 5, "B2": 3}


def test_a_known_lot_is_found_whatever_its_case(shop):
    shop.receive(("A1", 5))
    shop.receive((" a1 ", 2), ("A1", 1, date(2026, 3, 20)))
    assert shop.stands() == {"A1": 8}


@pytest.mark.parametrize("first", ["A1", "a1"])
def test_the_last_day_is_that_of_the_line_that_says_it(shop, first):
    shop.receive((first, 2), ("A1", 5, date(2026, 3, 15)), ("A1", 1))
    assert Lot.objects.get().expires_on == date(2026, 3, 15)
    with pytest.raises(InvalidLines, match=r"Line 3: .* known to expire on Apr 2, 2026"):
        shop.receive(("B2", 1), ("B2", 1, date(2026, 4, 2)), ("B2", 1, date(2026, 4, 1)))


@pytest.mark.parametrize("code", ["straße", "ŉ1", "ﬁ7", "µ9"])
def test_a_letter_with_an_odd_capital_is_found_again(shop, code):
    shop.receive((code, 5))
    shop.receive((code, 2))
    shop.sell((code, 3))
    assert shop.stands() == {code: 4}


def test_codes_that_only_python_takes_for_one_are_never_mixed_up(shop):
    shop.receive(("STRASSE", 5))
    shop.receive(("straße", 3))
    shop.sell(("straße", 2))
    assert sum(shop.stands().values()) == 6
    # Where the database tells them apart they are two lots.
    assert shop.stands() in ({"STRASSE": 5, "straße": 1}, {"STRASSE": 6})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("A1", 2, date(2026, 4, 1)), "known to expire on Mar 20, 2026"),
        (("OLD", 2, date(2026, 3, 9)), "expired on Mar 9, 2026"),
        ((" ", 2), "1 to 60"),
        (("x" * 61, 2), "1 to 60"),
        ((None, 2), "Say which lot"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_and_makes_no_lot(shop, line, message):
    shop.receive(("A1", 5))
    with pytest.raises(InvalidLines, match=message):
        shop.receive(line)
    assert Lot.objects.count() == 1


def test_a_repeated_receipt_is_the_same_one(shop):
    first = shop.receive(("A1", 5), key="r")
    assert shop.receive(("A1", 5), key="r").pk == first.pk
    assert shop.stands() == {"A1": 5}


def test_a_sale_may_name_a_lot_that_exists(shop):
    shop.receive(("A1", 5), ("B2", 5, date(2026, 3, 12)))
    shop.sell(("A1", 2), (None, 1))
    assert shop.stands() == {"A1": 3, "B2": 4}
    with pytest.raises(InvalidLines, match="has no lot C3"):
        shop.sell(("C3", 1))


def test_a_cut_sale_over_two_lots_repeats_as_itself(shop):
    shop.receive(("A1", 2), ("B2", 3, date(2026, 3, 12)))
    first = shop.sell((None, 7), key="s", allow_cut=True)
    again = shop.sell((None, 7), key="s", allow_cut=True)
    assert (first.posting.pk, first.unserved) == (again.posting.pk, again.unserved)
    assert [row.quantity for row in first.unserved] == [2]
    assert shop.stands() == {}


def test_goods_come_back_into_their_lot(shop):
    shop.receive(("A1", 2))
    shop.sell((None, 2))
    with pytest.raises(InvalidLines, match="Say which lot"):
        shop.take_back((None, 1))
    shop.take_back(("A1", 1))
    assert shop.stands() == {"A1": 1}


def test_adjustments_name_a_lot_or_take_what_expires_first(shop):
    shop.receive(("A1", 5), ("B2", 5, date(2026, 3, 12)))
    shop.adjust(("A1", -1), (None, -2))
    shop.adjust(("C3", 4), reason="found")
    assert shop.stands() == {"A1": 4, "B2": 3, "C3": 4}
    with pytest.raises(OutOfStock):
        shop.adjust(("A1", -5))
    with pytest.raises(InvalidLines, match="has no lot D4"):
        shop.adjust(("D4", -1))


def test_a_count_by_lot_corrects_each(shop):
    shop.receive(("A1", 5), ("B2", 5, date(2026, 3, 12)))
    posting = shop.count(("A1", 4), ("B2", 6), ("C3", 1))
    assert posting.movements.count() == 3
    assert shop.stands() == {"A1": 4, "B2": 6, "C3": 1}
    assert shop.count(("A1", 4)) is None


def test_a_count_of_all_lots_takes_from_the_first_and_gives_to_the_first(shop):
    shop.receive(("A1", 5), ("B2", 5, date(2026, 3, 12)))
    shop.count((None, 8))
    assert shop.stands() == {"A1": 5, "B2": 3}
    shop.count((None, 9))
    assert shop.stands() == {"A1": 5, "B2": 4}


def test_a_transfer_carries_its_lots_and_no_others(firm, shop, tools):
    shop.receive(("A1", 5), ("B2", 2, date(2026, 3, 12)))
    here = {"source": firm.shop, "user": None, "now": tools.NOW}
    sent = [
        create_transfer(**here, destination=place, lines=shop.goods((None, 3))) for place in (firm.depot, firm.other)
    ]
    for transfer in sent:
        ship_transfer(transfer_id=transfer.pk, user=None, now=tools.NOW)
    arrive = {"key": None, "user": None, "now": tools.NOW}
    receive_transfer(transfer_id=sent[1].pk, **arrive)
    assert shop.stands(firm.other) == {"A1": 3}
    receive_transfer(transfer_id=sent[0].pk, **arrive, received=[Arrival(firm.milk.pk, Decimal(2))])
    receive_transfer(transfer_id=sent[0].pk, **arrive, received=[], is_final=True, reason_code="theft")
    assert shop.stands(firm.depot) == {"B2": 2}
    assert shop.stands(firm.in_transit) == {}
    assert shop.stands() == {"A1": 1}


def test_a_reversal_gives_back_to_the_same_lots(shop, tools):
    shop.receive(("A1", 5), ("B2", 2, date(2026, 3, 12)))
    sale = shop.sell((None, 4))
    reverse_posting(posting_id=sale.posting.pk, key=None, user=None, now=tools.NOW)
    assert shop.stands() == {"A1": 5, "B2": 2}
