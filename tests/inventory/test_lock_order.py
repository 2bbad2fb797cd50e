"""Every writer of levels locks them in order, in one statement, before it writes; and there are no other writers."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.services.adjustments import Change, adjust_stock
from inventory.services.bulk_posting import copy_movements
from inventory.services.counts import Counted, correct_count
from inventory.services.posting import post_movements
from inventory.services.receiving import receive_goods
from inventory.services.reversals import reverse_posting
from inventory.services.sales import GoodsLine, return_goods, sell
from inventory.services.transfers import create_transfer, receive_transfer, ship_transfer

ROOT = Path(__file__).parents[2]
ORDERED_LOCK = re.compile(r"ORDER BY level\.sku_id, level\.location_id\s+FOR UPDATE")
# Where levels are written, and nowhere else.
WRITERS = {
    "inventory/locks.py",
    "inventory/services/posting.py",
    "inventory/services/bulk_posting_sql.py",
    "inventory/services/lot_holds.py",
    "inventory/services/reserved.py",
}


def load_history(firm, tools):
    ends = {"source_id": [firm.supplier.pk], "destination_id": [firm.shop.pk]}
    copy_movements(
        sku_id=[firm.bread.pk],
        kind="receipt",
        quantity=[1],
        occurred_at=[tools.NOW],
        posting_key=["x"],
        now=tools.NOW,
        **ends,
    )


def move_by_transfer(firm, tools):
    lines = [GoodsLine(firm.apple.pk, Decimal(1))]
    made = create_transfer(source=firm.shop, destination=firm.other, lines=lines, user=None, now=tools.NOW)
    ship_transfer(transfer_id=made.pk, user=None, now=tools.NOW)
    receive_transfer(transfer_id=made.pk, key=None, user=None, now=tools.NOW)


def acts(firm, tools):
    here = {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}
    goods = [GoodsLine(firm.bread.pk, Decimal(1)), GoodsLine(firm.apple.pk, Decimal(1))]
    return {
        "sell": lambda: sell(**here, lines=goods),
        "return": lambda: return_goods(**here, lines=goods),
        "receive": lambda: receive_goods(**here, lines=goods),
        "adjust": lambda: adjust_stock(**here, changes=[Change(firm.apple.pk, Decimal(-1))], reason_code="theft"),
        "count": lambda: correct_count(**here, counts=[Counted(firm.apple.pk, Decimal(3))]),
        "reverse": lambda: reverse_posting(
            posting_id=receive_goods(**here, lines=goods).pk, key=None, user=None, now=tools.NOW
        ),
        "transfer": lambda: move_by_transfer(firm, tools),
        "load": lambda: load_history(firm, tools),
    }


@pytest.mark.parametrize("name", ["sell", "return", "receive", "adjust", "count", "reverse", "transfer", "load"])
def test_levels_are_locked_in_order_before_they_are_written(firm, stock, tools, name):
    stock(firm.apple, firm.shop, 10)
    stock(firm.bread, firm.shop, 10)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        acts(firm, tools)[name]()
    is_locked, writes = False, 0
    for query in (query["sql"] for query in captured.captured_queries):
        is_locked = is_locked or bool(ORDERED_LOCK.search(query))
        if "UPDATE inventory_stocklevel" in query:
            assert is_locked, query
            writes += 1
    assert writes >= 1


def test_there_are_no_other_writers():
    pattern = re.compile(
        r"(UPDATE|INSERT INTO|DELETE FROM) inventory_stocklevel|StockLevel(\.objects\.(create|update|bulk)|\(\w)"
    )
    apps = (
        "accounts",
        "alerts",
        "dashboards",
        "demo",
        "forecasting",
        "inventory",
        "jobs",
        "orders",
        "outbox",
        "suppliers",
    )
    sources = [path for app in apps for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    found = {str(path.relative_to(ROOT)) for path in sources if pattern.search(path.read_text())}
    assert found - {"inventory/models/level.py"} == WRITERS


def test_levels_are_locked_in_one_place():
    sources = (path for path in (ROOT / "inventory").rglob("*.py") if "migrations" not in path.parts)
    found = {path.name for path in sources if re.search(r"stocklevel[^;]{0,400}FOR UPDATE", path.read_text())}
    assert found == {"locks.py"}


@pytest.mark.parametrize("count", [1, 1_000])
def test_the_number_of_statements_does_not_depend_on_the_lines(firm, tools, count, django_assert_num_queries):
    skus = [tools.make_sku(f"item-{number}") for number in range(count)]
    lines = [tools.line(sku, firm.supplier, firm.shop, 1) for sku in skus]
    # Facts; missing levels; lock; kits among them; header with movements and levels. Where no level is missing the
    # first one locks, and what became a kit has none.
    with django_assert_num_queries(5):
        post_movements(lines=lines, kind="receipt", key="k", now=tools.NOW)
    with django_assert_num_queries(2):
        post_movements(lines=lines, kind="receipt", key="l", now=tools.NOW)
