"""Putting any number of SKUs on sale at places, from a table of the running transaction."""

from datetime import datetime

from django.db import connection, transaction

from inventory.locks import lock_levels_of
from inventory.services.stockouts import rebuild_stockouts_of_table

# A pair that is listed keeps its listing; it begins on an earlier day, or again, where the caller says so.
LIST = """
INSERT INTO inventory_listing AS old (sku_id, location_id, listed_on, listed_from)
SELECT sku_id, location_id, begins_at::date, begins_at::time FROM {table} ORDER BY sku_id, location_id
ON CONFLICT (sku_id, location_id) DO UPDATE SET
    listed_on = CASE WHEN %(earlier)s THEN LEAST(old.listed_on, EXCLUDED.listed_on) ELSE old.listed_on END,
    listed_from = CASE WHEN %(earlier)s AND old.listed_on > EXCLUDED.listed_on
                       THEN EXCLUDED.listed_from ELSE old.listed_from END,
    delisted_on = CASE WHEN %(again)s THEN NULL ELSE old.delisted_on END
WHERE %(earlier)s AND old.listed_on > EXCLUDED.listed_on OR %(again)s AND old.delisted_on IS NOT NULL
"""


def list_pairs_of(
    *, table: str, now: datetime, may_begin_earlier: bool, may_begin_again: bool, is_retelling_stockouts: bool = True
) -> int:
    """Lists the rows (sku_id, location_id, begins_at) of a temporary table, each pair once, from that time on the wall
    there. Returns how many changed.

    A caller that moves stock of the same pairs afterwards sets `is_retelling_stockouts` off and retells them itself.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_levels_of(table)
        cursor.execute(LIST.format(table=table), {"earlier": may_begin_earlier, "again": may_begin_again})
        changed: int = cursor.rowcount
        if changed and is_retelling_stockouts:
            # Of the locked pairs and no others: more locks now could meet a basket that waits for one of ours.
            rebuild_stockouts_of_table(table=table, now=now)
    return changed
