"""The stock list and the ledger list: what a user sees of them, filtered, page by page."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from inventory.models import Barcode, Category, LocationAccess, Sku
from inventory.selectors.ledger import ledger_rows, level_as_of
from inventory.selectors.stock import stock_rows


@pytest.fixture
def clerk(firm):
    """Sees the shop only."""
    user = User.objects.create_user("clerk", password="x")
    LocationAccess.objects.create(user=user, location=firm.shop)
    return user


@pytest.fixture
def boss(db):
    return User.objects.create_user("boss", password="x", sees_all_locations=True)


@pytest.fixture
def stocked(firm, stock):
    stock(firm.apple, firm.shop, 10)
    stock(firm.apple, firm.other, 5)
    stock(firm.rice, firm.depot, "2.5")
    return firm


def codes(page):
    return [row.sku.code for row in page.rows]


def test_a_clerk_sees_the_stock_of_their_shop(stocked, clerk, boss):
    rows = {row.sku.code: row for row in stock_rows(clerk).rows}
    assert list(rows) == ["apple", "bread", "rice"]
    assert (rows["apple"].on_hand, rows["apple"].status) == (10, "in_stock")
    assert (rows["rice"].on_hand, rows["rice"].status) == (0, "out")
    assert stock_rows(boss).rows[0].on_hand == 15
    assert stock_rows(clerk, location_id=stocked.other.pk).rows[0].on_hand == 0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"search": "APP"}, ["apple"]),
        ({"search": "of bre"}, ["bread"]),
        ({"search": "4006381333931"}, ["rice"]),
        ({"search": "%"}, []),
        ({"status": "out"}, ["bread", "rice"]),
        ({"status": "in_stock"}, ["apple"]),
        ({"status": "negative"}, []),
        ({"status": "unlisted"}, []),
        ({"is_active": None}, ["apple", "bread", "rice", "zebra"]),
    ],
)
def test_filters(stocked, clerk, tools, filters, expected):
    Barcode.objects.create(sku=stocked.rice, code="4006381333931")
    tools.make_sku("zebra", is_active=False)
    assert codes(stock_rows(clerk, **filters)) == expected


def test_a_category_holds_what_is_below_it(stocked, clerk):
    below = Category.objects.create(code="dry", name="Dry", parent=stocked.category)
    Sku.objects.filter(pk=stocked.rice.pk).update(category=below)
    assert codes(stock_rows(clerk, category_id=stocked.category.pk)) == ["apple", "bread", "rice"]
    assert codes(stock_rows(clerk, category_id=below.pk)) == ["rice"]


def test_pages_follow_each_other(stocked, clerk):
    first = stock_rows(clerk, limit=2)
    assert (codes(first), first.next_after) == (["apple", "bread"], "bread")
    second = stock_rows(clerk, limit=2, after=first.next_after)
    assert (codes(second), second.next_after) == (["rice"], None)


def test_the_number_of_statements_is_constant(stocked, clerk, tools, django_assert_num_queries):
    for number in range(30):
        tools.make_sku(f"more-{number:02}")
    with django_assert_num_queries(6):
        assert len(stock_rows(clerk, search="more").rows) == 30
    with django_assert_num_queries(6):
        assert len(stock_rows(clerk, search="apple").rows) == 1


def test_the_ledger_of_a_clerk_holds_what_touches_their_shop(stocked, clerk, boss):
    assert len(ledger_rows(boss).rows) == 3
    assert [row.destination for row in ledger_rows(clerk).rows] == [stocked.shop]
    assert ledger_rows(clerk, location_id=stocked.other.pk).rows == []


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"sku": "apple"}, 2),
        ({"kind": "sale"}, 0),
        ({"since": date(2026, 3, 10)}, 3),
        ({"since": date(2026, 3, 11)}, 0),
        ({"until": date(2026, 3, 9)}, 0),
    ],
)
def test_filters_of_the_ledger(stocked, boss, filters, count):
    if "sku" in filters:
        filters = {"sku_id": getattr(stocked, filters["sku"]).pk}
    assert len(ledger_rows(boss, **filters).rows) == count


@pytest.mark.parametrize("by_sku", [True, False])
def test_ledger_pages_have_no_gap_and_no_repeat(stocked, boss, stock, by_sku):
    for _number in range(5):
        stock(stocked.bread, stocked.shop, 1)
    chosen = {"sku_id": stocked.bread.pk} if by_sku else {}
    seen, before = [], None
    while True:
        page = ledger_rows(boss, before=before, limit=2, **chosen)
        seen += [row.pk for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == (5 if by_sku else 8)


def test_the_level_of_any_moment(stocked, stock, tools):
    later = tools.NOW + timedelta(hours=1)
    stock(stocked.apple, stocked.shop, 3)
    pair = {"sku_id": stocked.apple.pk, "location_id": stocked.shop.pk}
    assert level_as_of(**pair, at=tools.NOW - timedelta(seconds=1)) == 0
    assert level_as_of(**pair, at=later) == 13
