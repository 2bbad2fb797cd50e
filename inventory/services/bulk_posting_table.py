"""The same door for movements that already stand in a table of the running transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from inventory.services import bulk_posting_sql as sql
from inventory.services.bulk_posting import Loaded, post_stage
from inventory.services.bulk_steps import run
from inventory.services.movement_columns import KINDS

STAGE_KEYS = """
CREATE TEMPORARY TABLE staged_key ON COMMIT DROP AS
SELECT key, row_number() OVER (ORDER BY first_line)::int4 AS number
FROM (SELECT key, min(line) AS first_line FROM {table} GROUP BY key) keys;
ANALYZE staged_key
"""
STAGE_ROWS = """
INSERT INTO staged_movement (
    line, posting, kind, sku_id, source_id, destination_id, milli, price, at_us, document_id, lot_id, reason_id
)
SELECT act.line, keys.number, COALESCE(array_position(%s::text[], act.kind), 0) - 1, act.sku_id, act.source_id,
       act.destination_id, act.quantity * 1000, COALESCE(act.unit_price * 10000, -1),
       extract(epoch FROM act.at) * 1000000, %s, COALESCE(act.lot_id, -1), act.reason_id
FROM {table} act JOIN pg_temp.staged_key keys USING (key)
"""
COUNT = """
SELECT (SELECT count(*) FROM staged_key), (SELECT count(*) FROM staged_movement),
       EXISTS (SELECT FROM staged_movement WHERE lot_id >= 0)
"""


def post_movement_table(
    *,
    table: str,
    now: datetime,
    source_type: str = "",
    source_id: int | None = None,
    posted_by: User | None = None,
    is_retelling_stockouts: bool = True,
    on_progress: Callable[[float], None] = lambda part: None,
) -> Loaded:
    """Posts every row of a temporary table (line, kind, sku_id, source_id, destination_id, quantity, unit_price, at,
    key, lot_id, reason_id); rows with one key are one posting, all come from the document `source_id`.

    Refusals are those of `copy_movements`, lines being those of the table. `on_progress` is told the part that is done.
    """
    with transaction.atomic():
        run(sql.CREATE_STAGE)
        run(STAGE_KEYS.format(table=table))
        run(STAGE_ROWS.format(table=table), [list(KINDS), -1 if source_id is None else source_id])
        run(sql.ANALYZE_STAGE)
        ((postings, movements, has_lots),) = run(COUNT)
        if movements:
            post_stage(
                now=now,
                source_type=source_type,
                posted_by=posted_by,
                has_lots=has_lots,
                is_retelling_stockouts=is_retelling_stockouts,
                on_progress=on_progress,
            )
    return Loaded(postings, movements)
