"""The same door for movements that already stand in a table of the running transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.errors import KeyAlreadyUsed
from inventory.locks import lock_levels_of
from inventory.services import bulk_posting_sql as sql
from inventory.services.bulk_posting import Loaded, _check_levels, _check_lines, _run, _touched_locations
from inventory.services.movement_columns import KINDS
from inventory.services.stockouts import rebuild_stockouts

# Postings in the order in which their keys first appear.
STAGE_KEYS = """
DROP TABLE IF EXISTS pg_temp.staged_key;
CREATE TEMPORARY TABLE staged_key ON COMMIT DROP AS
SELECT key, row_number() OVER (ORDER BY first_line)::int4 AS number
FROM (SELECT key, min(line) AS first_line FROM {table} GROUP BY key) keys;
ANALYZE staged_key
"""
STAGE_ROWS = """
INSERT INTO staged_movement (
    line, posting, kind, sku_id, source_id, destination_id, milli, price, at_us, document_id
)
SELECT act.line, keys.number, COALESCE(array_position(%s::text[], act.kind), 0) - 1, act.sku_id, act.source_id,
       act.destination_id, act.quantity * 1000, COALESCE(act.unit_price * 10000, -1),
       extract(epoch FROM act.at) * 1000000, -1
FROM {table} act JOIN pg_temp.staged_key keys USING (key)
"""
NUMBER_POSTINGS = """
CREATE TEMPORARY TABLE staged_posting ON COMMIT DROP AS
SELECT keys.number, keys.key, first.kind, NULL::int8 AS document_id,
       nextval(pg_get_serial_sequence('inventory_posting', 'id')) AS posting_id
FROM pg_temp.staged_key keys
JOIN (
    SELECT DISTINCT ON (posting) posting, (%s::text[])[kind + 1] AS kind FROM staged_movement ORDER BY posting, line
) first ON first.posting = keys.number
ORDER BY keys.number;
ANALYZE staged_posting
"""
FIND_TAKEN_KEY = "SELECT key FROM inventory_posting JOIN pg_temp.staged_key USING (key) LIMIT 1"


def post_movement_table(
    *,
    table: str,
    now: datetime,
    source_type: str = "",
    posted_by: User | None = None,
    on_progress: Callable[[float], None] = lambda part: None,
) -> Loaded:
    """Posts every row of a temporary table (line, kind, sku_id, source_id, destination_id, quantity, unit_price, at,
    key); rows with one key are one posting. Refusals are those of `copy_movements`, lines being those of the table.
    """
    with transaction.atomic():
        postings, movements = _stage(table)
        if not movements:
            return Loaded(0, 0)
        on_progress(0.1)
        _check_lines(now)
        _run(sql.GATHER_PAIRS)
        lock_levels_of(sql.PAIRS)
        _check_levels()
        on_progress(0.2)
        _write(source_type, posted_by, now, on_progress)
        rebuild_stockouts(location_ids=_touched_locations(), now=now)
        on_progress(0.95)
    return Loaded(postings, movements)


def _stage(table: str) -> tuple[int, int]:
    _run(sql.CREATE_STAGE)
    _run(STAGE_KEYS.format(table=table))
    _run(STAGE_ROWS.format(table=table), [list(KINDS)])
    _run(sql.ANALYZE_STAGE)
    (counts,) = _run("SELECT (SELECT count(*) FROM staged_key), (SELECT count(*) FROM staged_movement)")
    return int(counts[0]), int(counts[1])


def _write(source_type: str, posted_by: User | None, now: datetime, on_progress: Callable[[float], None]) -> None:
    taken = _run(FIND_TAKEN_KEY)
    if taken:
        raise KeyAlreadyUsed(_("The key %(key)s was used for another posting.") % {"key": taken[0][0]})
    _run(NUMBER_POSTINGS, [list(KINDS)])
    _run(sql.INSERT_POSTINGS, [source_type, posted_by.pk if posted_by else None, now])
    on_progress(0.4)
    _run(sql.INSERT_MOVEMENTS, [list(KINDS)])
    on_progress(0.8)
    _run(sql.UPDATE_LEVELS)
