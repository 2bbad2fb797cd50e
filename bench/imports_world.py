"""What the import bench loads: shops, SKUs, and a year of movements as a CSV file of any length."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection

SKUS, SHOPS = 2_000, 20
FIRST = datetime(2025, 1, 1, 8, tzinfo=UTC)
HEADER = "date,kind,sku,location,counterpart,quantity,unit_price,reason,reference\n"
FILL = """
INSERT INTO inventory_category (code, name) VALUES ('all', 'All');
INSERT INTO inventory_location (code, name, kind, time_zone, may_go_negative, is_active)
SELECT 'SHOP' || n, 'Shop ' || n, 'store', 'Europe/Paris', false, true FROM generate_series(1, %(shops)s) n;
INSERT INTO inventory_sku (code, name, unit, cost, price, is_active, is_lot_tracked, created_at, category_id)
SELECT 'SKU' || lpad(n::text, 5, '0'), 'Article ' || n, 'each', 1, 2, true, false, now(),
       (SELECT min(id) FROM inventory_category)
FROM generate_series(1, %(skus)s) n
"""


def fill() -> None:
    """Tables, shops and SKUs."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"skus": SKUS, "shops": SHOPS})
        cursor.execute("ANALYZE")


def write_file(path: Path, count: int, bad_row: int = 0) -> None:
    """A receipt for each pair, then sales one after the other, each with a reference of its own for three lines.

    Row `bad_row` of the file (from 1) names a SKU that does not exist.
    """
    pairs = SKUS * SHOPS
    step = timedelta(seconds=300 * 24 * 3600 / max(count, 1))
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(count):
            pair = number * 7919 % pairs
            sku = "NO-SUCH-SKU" if number + 1 == bad_row else f"SKU{pair % SKUS + 1:05d}"
            at = (FIRST + number * step).strftime("%Y-%m-%d %H:%M:%S")
            kind, quantity, price = ("receipt", 500, "1.00") if number < pairs else ("sale", number % 3 + 1, "2.50")
            file.write(f"{at},{kind},{sku},SHOP{pair // SKUS + 1},,{quantity},{price},,R{number // 3}\n")
