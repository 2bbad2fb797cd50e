"""Positions of 20 shops for the plan bench: SKUs, terms of 20 suppliers with deliveries, stock, published forecasts."""

from datetime import date, timedelta

import numpy as np
from django.db import connection
from scipy.stats import nbinom

from forecasting.columns import candidate_labels, series_columns
from forecasting.engine import Config
from forecasting.models import ForecastRun, PublishedForecast
from inventory.binary_copy import copy_in
from inventory.models import Location, Sku

ZONE = "Europe/Paris"
SHOPS = 20
CONFIG = Config(horizon_days=28)
WORLD = """
INSERT INTO inventory_category (code, name) SELECT 'c' || n, 'Category ' || n FROM generate_series(1, 50) n;
INSERT INTO inventory_location (code, name, kind, time_zone, may_go_negative, is_active)
SELECT 'SHOP' || n, 'Shop ' || n, 'store', 'Europe/Paris', false, true FROM generate_series(1, 20) n;
INSERT INTO inventory_sku (code, name, category_id, unit, cost, price, is_active, created_at)
SELECT 'SKU' || n, 'SKU ' || n, (SELECT min(id) FROM inventory_category) + n %% 50, 'each', 1 + n %% 9, 3 + n %% 20,
       true, now()
FROM generate_series(1, %(skus)s) n;
INSERT INTO inventory_listing (sku_id, location_id, listed_on)
SELECT sku.id, place.id, '2024-01-01' FROM inventory_sku sku, inventory_location place;
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, updated_at)
SELECT sku_id, location_id, (sku_id * 7 + location_id * 3) %% 24, 0, false, '2026-03-08' FROM inventory_listing;
INSERT INTO suppliers_supplier (code, name, email, language, currency, promised_lead_time_days, minimum_order_value,
                                is_active)
SELECT 'S' || n, 'Supplier ' || n, '', 'en', 'EUR', 3 + n %% 7, 0, true FROM generate_series(1, 20) n;
INSERT INTO suppliers_supplierterms (supplier_id, sku_id, supplier_code, price, pack_size, minimum_quantity, priority,
                                     is_active)
SELECT (SELECT min(id) FROM suppliers_supplier) + sku.id %% 20, sku.id, '', sku.cost, 6, 0, 1, true
FROM inventory_sku sku;
INSERT INTO suppliers_observedleadtime (supplier_id, sku_id, ordered_on, expected_on, received_on, source_key)
SELECT s.id, (SELECT min(id) FROM inventory_sku), '2026-01-01'::date + n, '2026-01-01'::date + n + 5,
       '2026-01-01'::date + n + 3 + (n * 7 + s.id::int) %% 8, s.id || '/' || n
FROM suppliers_supplier s, generate_series(1, 30) n;
ANALYZE;
"""


def place_ids() -> list[int]:
    """The shops."""
    return list(Location.objects.filter(kind="store").order_by("pk").values_list("pk", flat=True))


def fill(positions: int, as_of: date) -> None:
    """A world of that many positions, in an empty database."""
    with connection.cursor() as cursor:
        cursor.execute(WORLD, {"skus": max(positions // SHOPS, 1)})
    run = ForecastRun.objects.create(
        slot=f"bench {positions}", as_of=as_of, time_zone=ZONE, horizon_days=CONFIG.horizon_days,
        sum_days=list(CONFIG.grid_for("D")), levels=list(CONFIG.levels), daily_levels=list(CONFIG.chart_levels),
        candidate_labels=candidate_labels(CONFIG), state="published",
        started_at=f"{as_of + timedelta(days=1)} 01:00+00",
    )  # fmt: skip
    PublishedForecast.objects.create(time_zone=ZONE, run=run)
    sku_ids = np.array(Sku.objects.order_by("pk").values_list("pk", flat=True), dtype=np.int64)
    for seed, place in enumerate(place_ids()):
        _foresee(run, place, sku_ids, seed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE forecasting_seriesforecast")


def _foresee(run: ForecastRun, place: int, sku_ids: np.ndarray, seed: int) -> None:
    """Negative binomial sums of very different volume; quantiles of 64 volumes are made and lent to all."""
    rng = np.random.default_rng(seed)
    volumes = np.exp(np.linspace(-3.0, 3.0, 64))
    days = np.array(CONFIG.grid_for("D"))
    mean = volumes[:, None] * days
    sums = nbinom.ppf(np.array(CONFIG.levels)[None, None, :], (mean / 0.8)[:, :, None], 1 / 1.8)
    n = len(sku_ids)
    row = rng.integers(0, 64, n)
    values: dict[str, np.ndarray] = {
        "run_id": np.full(n, run.pk),
        "sku_id": sku_ids,
        "location_id": np.full(n, place),
        "state": np.zeros(n, np.int16),
        "mean": np.repeat(volumes[row][:, None], CONFIG.horizon_days, axis=1).astype(np.float32),
        "daily_quantiles": np.zeros((n, CONFIG.horizon_days * len(CONFIG.chart_levels)), np.float32),
        "sum_quantiles": sums.reshape(64, -1)[row].astype(np.float32),
        "recovered_units": np.zeros(n, np.float32),
        "candidates": np.zeros((n, 5), np.int16),
        "weights": np.tile(np.array([1, 0, 0, 0, 0], np.float32), (n, 1)),
        "gain": np.zeros(n, np.float32),
        "origins": np.full(n, 12, np.int16),
    }
    with connection.cursor() as cursor:
        copy_in(cursor, "forecasting_seriesforecast", series_columns(run), values)
