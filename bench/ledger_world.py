"""What the ledger bench moves: shops, SKUs, levels, a user, and histories of any length."""

import os
from dataclasses import dataclass

import numpy as np
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.models import User
from accounts.services.api_keys import create_api_key
from inventory.models import Location, Sku
from inventory.selectors.places import counterpart_ids

FILL = """
INSERT INTO inventory_category (code, name) SELECT 'c' || n, 'Category ' || n FROM generate_series(1, 50) n;
INSERT INTO inventory_location (code, name, kind, time_zone, may_go_negative, is_active)
SELECT 'SHOP' || n, 'Shop ' || n, 'store', 'Europe/Paris', false, true FROM generate_series(1, %(shops)s) n;
INSERT INTO inventory_sku (code, name, category_id, unit, cost, price, is_active, created_at)
SELECT 'SKU' || lpad(n::text, 6, '0'), 'Article ' || md5(n::text), (SELECT min(id) FROM inventory_category) + n %% 50,
       'each', 1, 2, true, now()
FROM generate_series(1, %(skus)s) n;
INSERT INTO inventory_listing (sku_id, location_id, listed_on)
SELECT sku.id, place.id, '2025-01-01' FROM inventory_sku sku, inventory_location place WHERE place.kind = 'store';
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, updated_at)
SELECT sku_id, location_id, 0, 0, false, '2025-01-01' FROM inventory_listing;
"""
# Receipts only, spread over the pairs by a multiplier without a common factor, one second apart. One SKU in 33 never
# came, so that its shelves are empty everywhere.
HISTORY = """
INSERT INTO inventory_posting (kind, source_type, note, posted_at) VALUES ('receipt', '', 'history', now());
INSERT INTO inventory_movement (
    posting_id, line, kind, sku_id, source_id, destination_id, quantity, occurred_at, business_date
)
SELECT (SELECT max(id) FROM inventory_posting), n, 'receipt', pair.sku_id, %(suppliers)s, pair.location_id, 1,
       '2025-01-02'::timestamptz + n * interval '1 second', '2025-01-02'::date + n / 86400
FROM generate_series(1, %(rows)s) n
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS number, sku_id, location_id FROM inventory_stocklevel) pair
    ON pair.number = (n * 7919::bigint) %% %(pairs)s AND pair.sku_id %% 33 <> 0;
"""
# The levels follow with their triggers; then what the night and the watch would have left: reorder levels for all, and
# alerts for what is out and for one SKU in 20, which is low.
LEVELS = """
UPDATE inventory_stocklevel level SET on_hand = summed.quantity, updated_at = summed.at FROM (
    SELECT sku_id, destination_id, sum(quantity) AS quantity, max(occurred_at) AS at
    FROM inventory_movement GROUP BY sku_id, destination_id
) summed WHERE level.sku_id = summed.sku_id AND level.location_id = summed.destination_id;
INSERT INTO inventory_stockoutevent (sku_id, location_id, started_at)
SELECT sku_id, location_id, '2025-01-01' FROM inventory_stocklevel WHERE on_hand = 0;
INSERT INTO orders_reorderlevel (
    sku_id, location_id, computed_on, outcome, protection_interval_days, mean_daily_demand, reorder_point,
    order_up_to_level, safety_stock, cycle_service_level, review_period_days, lot_days, lead_time_days, daily_mean,
    lead_quantiles
)
SELECT sku_id, location_id, current_date - 1, 'enough', 8, 0.2, CASE WHEN sku_id %% 20 = 1 THEN 1000 ELSE 0 END,
       1000, 1, 0.95, 1, 7, 7, array_fill(0.2::real, ARRAY[28]), ARRAY[0, 0, 1, 1.4, 2, 3, 5]::real[]
FROM inventory_stocklevel;
INSERT INTO alerts_alert (
    kind, severity, sku_id, location_id, subject, state, facts, value_at_risk, opened_at, turned_at, told, updated_at
)
SELECT 'stock_risk', CASE WHEN on_hand = 0 THEN 'out' ELSE 'low' END, sku_id, location_id, '', 'open',
       jsonb_build_object('available', on_hand::text), sku_id %% 97 + 0.5, now(), now(), 'open', now()
FROM inventory_stocklevel WHERE on_hand = 0 OR sku_id %% 20 = 1;
"""


@dataclass(frozen=True)
class World:
    """Ids of what the bench moves, and the key of a user who may."""

    sku_ids: list[int]
    shop_ids: list[int]
    suppliers: int
    token: str
    user: User


def fill(skus: int, shops: int, movements: int) -> World:
    """SKUs listed at every shop, with a history of so many receipts."""
    call_command("migrate", verbosity=0)
    places = counterpart_ids()
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"skus": skus, "shops": shops})
        cursor.execute("ANALYZE")
        _skip_foreign_keys(cursor)
        cursor.execute(HISTORY, {"rows": movements, "suppliers": places["supplier"], "pairs": skus * shops})
    with connection.cursor() as cursor:
        cursor.execute("RESET session_replication_role")
        cursor.execute(LEVELS.replace("%%", "%"))
        cursor.execute("VACUUM ANALYZE")
        # What was written by the gigabyte is on its way to the disk for minutes otherwise, beside what is measured:
        # without fsync PostgreSQL leaves it to the system, which writes when it likes.
        cursor.execute("CHECKPOINT")
    os.sync()
    user = User.objects.create_user("bench", role="administrator", sees_all_locations=True)
    _key, token = create_api_key(user=user, name="bench", now=timezone.now())
    shop_ids = list(Location.objects.filter(kind="store").order_by("pk").values_list("pk", flat=True))
    sku_ids = list(Sku.objects.order_by("pk").values_list("pk", flat=True))
    return World(sku_ids, shop_ids, places["supplier"], token, user)


def _skip_foreign_keys(cursor: CursorWrapper) -> None:
    """Ten million rows are checked for an hour otherwise, and they are right by construction. Only a superuser may."""
    cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
    if cursor.fetchone() == (True,):
        cursor.execute("SET session_replication_role = replica")


def percentile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    return float(np.quantile(np.array(seconds), share) * 1000) if seconds else float("nan")
