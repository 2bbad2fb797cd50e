"""SKUs as they are searched for, and the ledger list: what a user sees of it, filtered, page by page."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from inventory.models import Barcode, Category, LocationAccess
from inventory.selectors.ledger import ledger_rows, level_as_of
from inventory.selectors.stock import category_tree, search_skus


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


@pytest.mark.parametrize(
    ("search", "is_active", "expected"),
    [
        ("APP", True, ["apple"]),
        ("of bre", True, ["bread"]),
        ("4006381333931", True, ["rice"]),
        ("%", True, []),
        ("", True, ["apple", "bread", "rice"]),
        ("", None, ["apple", "bread", "rice", "zebra"]),
    ],
)
def test_skus_are_found_by_words_and_barcodes(firm, tools, search, is_active, expected):
    Barcode.objects.create(sku=firm.rice, code="4006381333931")
    tools.make_sku("zebra", is_active=False)
    assert sorted(sku.code for sku in search_skus(search, is_active=is_active)) == expected


def test_a_category_holds_what_is_below_it(firm):
    below = Category.objects.create(code="dry", name="Dry", parent=firm.category)
    assert set(category_tree(firm.category.pk)) == {firm.category.pk, below.pk}
    assert category_tree(below.pk) == [below.pk]


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
