"""Writer of opening stock: what was on the shelves when the ledger began."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from imports.domain.kinds import STOCK
from imports.models import ImportStage
from imports.services.context import ImportContext
from imports.services.lots import add_lots
from imports.services.posting import post_staged
from imports.services.staging import (
    NOT_WHOLE,
    UNKNOWN_LOCATION,
    UNKNOWN_SKU,
    Check,
    as_copy_text,
    check_all,
    doubled,
    resolve_lines,
    stage_listings,
)
from inventory.services.bulk_listings import list_pairs_of
from inventory.services.bulk_steps import run
from inventory.services.stockouts import rebuild_stockouts_of_table

# What the ledger has for each pair: the opening that was posted, and whether anything else ever happened there.
OPENED = """
DROP TABLE IF EXISTS pg_temp.staged_opened;
CREATE TEMPORARY TABLE staged_opened ON COMMIT DROP AS
SELECT row.line, row.sku_id, row.location_id, row.quantity, row.lot_id, opened.quantity AS opened,
       EXISTS (SELECT FROM inventory_stocklevel level
               WHERE level.sku_id = row.sku_id AND level.location_id = row.location_id) AS has_level
FROM staged_line row
CROSS JOIN LATERAL (
    SELECT sum(moved.quantity) AS quantity FROM inventory_movement moved
    WHERE moved.destination_id = row.location_id AND moved.sku_id = row.sku_id AND moved.kind = 'opening'
      AND moved.lot_id IS NOT DISTINCT FROM row.lot_id
) opened
WHERE row.sku_id IS NOT NULL AND row.location_id IS NOT NULL;
ANALYZE staged_opened
"""
NEW = """
DROP TABLE IF EXISTS pg_temp.staged_act;
CREATE TEMPORARY TABLE staged_act ON COMMIT DROP AS
SELECT line, 'opening'::text AS kind, sku_id, outside.id AS source_id, location_id AS destination_id, quantity,
       NULL::numeric AS unit_price, NULL::int8 AS reason_id, lot_id, %s::timestamptz AS at,
       'import/opening/' || %s || '/' || location_id AS key
FROM staged_opened, inventory_location outside
WHERE outside.kind = 'supplier' AND opened IS NULL AND quantity > 0
"""


def _checks(column: str) -> list[Check]:
    return [
        Check(
            column,
            "opening_differs",
            "SELECT line, trim_scale(quantity)::text, trim_scale(opened)::text FROM staged_opened "
            "WHERE opened <> quantity",
        ),
        Check(
            column,
            "already_in_ledger",
            "SELECT line, trim_scale(quantity)::text, '' FROM staged_opened "
            "WHERE opened IS NULL AND has_level AND quantity > 0",
        ),
    ]


def write_staged_opening(context: ImportContext) -> int:
    """Posts what is new. A row that says again what was posted changes nothing; another quantity is a matter for a
    count.
    """
    resolve_lines(context)
    add_lots(context, kinds=("opening",))
    check_all([doubled(STOCK), UNKNOWN_SKU, UNKNOWN_LOCATION, NOT_WHOLE], context)
    return _post("quantity", context)


@dataclass(frozen=True)
class OpeningRow:
    """A row of another kind of file that says what is on hand."""

    number: int
    sku_id: int
    location_id: int
    quantity: Decimal


def post_opening(rows: Sequence[OpeningRow], column: str, context: ImportContext) -> int:
    """The same for rows that were read already; `column` names the cells to blame."""
    run("DROP TABLE IF EXISTS pg_temp.staged_line")
    run(
        "CREATE TEMPORARY TABLE staged_line (line int4, sku_id int8, location_id int8, quantity numeric) ON COMMIT DROP"
    )
    with connection.cursor() as cursor, cursor.copy("COPY pg_temp.staged_line FROM STDIN") as copy:
        for row in rows:
            cells = (row.number, row.sku_id, row.location_id, row.quantity)
            copy.write("\t".join(map(as_copy_text, cells)) + "\n")
    run("ALTER TABLE staged_line ADD COLUMN unit text, ADD COLUMN lot_id int8")
    run("UPDATE staged_line SET unit = sku.unit FROM inventory_sku sku WHERE sku.id = sku_id")
    check_all([Check(column, NOT_WHOLE.code, NOT_WHOLE.statement)], context)
    return _post(column, context)


def _post(column: str, context: ImportContext) -> int:
    run(OPENED)
    check_all(_checks(column), context)
    context.errors.refuse_if_any()
    stage_listings("staged_opened", context)
    context.progress.tell(ImportStage.WRITING, 0)
    run(NEW, [context.now, context.sha256[:24] or context.now.isoformat()])
    # Listed first, since that locks every level of the file at once: those of rows with nothing to post among them.
    listed = list_pairs_of(
        table="pg_temp.staged_listing",
        now=context.now,
        may_begin_earlier=True,
        may_begin_again=True,
        is_retelling_stockouts=False,
    )
    new = post_staged(column, context)
    if new or listed:
        rebuild_stockouts_of_table(table="pg_temp.staged_listing", now=context.now)
    return max(listed, new)
