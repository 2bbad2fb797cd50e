"""The firm of the night bench: two years of demand at 20 shops as blocks by COPY, stock, terms and a day's sales."""

from datetime import date, timedelta

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from inventory.binary_copy import Column, copy_in
from inventory.domain.blocks import BLOCK_DAYS, block_start
from inventory.models import Location, Sku
from inventory.selectors.places import counterpart_ids
from suppliers.models import Supplier, SupplierTerms

ZONE = "Europe/Paris"
SHOPS = 20
BLOCKS = 6
# Whole blocks, so that the last one ends on the last closed day.
AS_OF = block_start(date(2026, 3, 8)) - timedelta(days=1)
# The day that the first night closes: the first one that the ledger itself knows.
DAY = AS_OF + timedelta(days=1)
SUPPLIERS = 50
EPOCH = date(2000, 1, 1)
SKUS_AT_ONCE = 500
WORLD = """
INSERT INTO inventory_category (code, name)
SELECT 'c' || n, 'Category ' || n FROM generate_series(1, 50) n ON CONFLICT DO NOTHING;
INSERT INTO inventory_location (code, name, kind, time_zone, may_go_negative, is_active)
SELECT 'SHOP' || n, 'Shop ' || n, 'store', 'Europe/Paris', false, true FROM generate_series(1, 20) n
ON CONFLICT DO NOTHING;
INSERT INTO inventory_sku (code, name, category_id, unit, cost, price, is_active, created_at)
SELECT 'SKU' || n, 'SKU ' || n, (SELECT min(id) FROM inventory_category) + n %% 50, 'each', 1, 2, true, now()
FROM generate_series((SELECT count(*) + 1 FROM inventory_sku), %(skus)s) n;
INSERT INTO inventory_listing (sku_id, location_id, listed_on)
SELECT sku.id, place.id, %(day)s FROM inventory_sku sku, inventory_location place WHERE place.kind = 'store'
ON CONFLICT DO NOTHING;
INSERT INTO inventory_closedday (location_id, closed_through, closed_at)
SELECT id, %(day)s::date - 1, now() FROM inventory_location WHERE kind = 'store' ON CONFLICT DO NOTHING;
"""
# Every second series has a week or two on its shelf; the others will need an order or are out.
LEVELS = """
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, updated_at)
SELECT sku_id, location_id, (sku_id * 7 + location_id * 13) %% 25, 0, false, now() FROM inventory_listing
ON CONFLICT DO NOTHING
"""
# What the till rang on the day that the night closes: one or two units of two series in three.
SALES = """
WITH act AS (
    INSERT INTO inventory_posting (kind, source_type, note, posted_at) VALUES ('sale', '', 'day', now()) RETURNING id
)
INSERT INTO inventory_movement (
    posting_id, line, kind, sku_id, source_id, destination_id, quantity, occurred_at, business_date
)
SELECT act.id, row_number() OVER (), 'sale', sku_id, location_id, %(customers)s, 1 + sku_id %% 2,
       %(day)s::timestamptz + interval '12 hours', %(day)s::date
FROM inventory_listing, act WHERE (sku_id + location_id) %% 3 > 0
"""
NEW = "SELECT id FROM inventory_sku WHERE id NOT IN (SELECT DISTINCT sku_id FROM inventory_demandblock) ORDER BY id"
COLUMNS = [
    Column("location_id", "int8"),
    Column("sku_id", "int8"),
    Column("starts_on", "int4"),
    Column("sold", "float4", BLOCK_DAYS),
    Column("lost", "float4", BLOCK_DAYS),
    Column("in_stock", "float4", BLOCK_DAYS),
]


def place_ids() -> list[int]:
    """The shops."""
    return list(Location.objects.filter(kind="store").order_by("pk").values_list("pk", flat=True))


def fill(series: int) -> None:
    """Adds SKUs and their demand until there are `series` series."""
    with connection.cursor() as cursor:
        cursor.execute(WORLD, {"skus": series // SHOPS, "day": DAY})
        cursor.execute(NEW)
        new = np.array([row[0] for row in cursor.fetchall()])
        places = np.array(place_ids())
        for begin in range(0, len(new), SKUS_AT_ONCE):
            _bring_in(cursor, new[begin : begin + SKUS_AT_ONCE], places, begin)
        cursor.execute("ANALYZE")


def supply(day_number: int) -> None:
    """Stock and terms where there are none yet, and the sales of the day that the night will close."""
    suppliers = [
        Supplier.objects.get_or_create(code=f"V{n}", defaults={"name": f"Supplier {n}", "currency": "EUR"})[0]
        for n in range(SUPPLIERS)
    ]
    new = Sku.objects.filter(terms=None).order_by("pk").values_list("pk", flat=True)
    terms = [
        SupplierTerms(supplier=suppliers[sku_id % SUPPLIERS], sku_id=sku_id, price=1, pack_size=6) for sku_id in new
    ]
    SupplierTerms.objects.bulk_create(terms, batch_size=5_000)
    day: dict[str, date | int] = {
        "day": DAY + timedelta(days=day_number),
        "customers": counterpart_ids()["customer"],
    }
    with connection.cursor() as cursor:
        cursor.execute(LEVELS.replace("%%", "%"))
        cursor.execute(SALES, day)
        cursor.execute("ANALYZE")


def _bring_in(cursor: CursorWrapper, sku_ids: np.ndarray, places: np.ndarray, seed: int) -> None:
    """Overdispersed counts of very different volume with a week profile; 3% of the days out of stock."""
    rng = np.random.default_rng(seed)
    n, days = len(sku_ids) * len(places), BLOCKS * BLOCK_DAYS
    rate = np.repeat(np.exp(rng.normal(-0.5, 1.2, len(sku_ids))), len(places)) * np.exp(rng.normal(0, 0.4, n))
    week = 1 + 0.4 * np.sin(2 * np.pi * np.arange(days) / 7)
    in_stock = (rng.random((n, days)) > 0.03).astype(np.float32)
    sold = rng.poisson(rate[:, None] * week * rng.gamma(2, 0.5, (n, days))).astype(np.float32) * in_stock
    for block in range(BLOCKS):
        part = slice(block * BLOCK_DAYS, (block + 1) * BLOCK_DAYS)
        starts_on = AS_OF - timedelta(days=(BLOCKS - block) * BLOCK_DAYS - 1)
        values = {
            "location_id": np.tile(places, len(sku_ids)),
            "sku_id": np.repeat(sku_ids, len(places)),
            "starts_on": np.full(n, (starts_on - EPOCH).days),
            "sold": sold[:, part],
            "lost": np.zeros((n, BLOCK_DAYS), np.float32),
            "in_stock": in_stock[:, part],
        }
        copy_in(cursor, "inventory_demandblock", COLUMNS, values)
