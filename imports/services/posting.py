"""From staged acts to the one door of the ledger, and back from its refusals to the rows of the file."""

from imports.domain.errors import CellError
from imports.models import ImportStage
from imports.services.context import ImportContext
from inventory.errors import InvalidLines, OutOfStock
from inventory.services.bulk_posting_table import post_movement_table
from inventory.services.bulk_steps import run

TABLE = "pg_temp.staged_act"
# The last row that takes from a level is the one that must not.
LAST_TAKER = """
SELECT sku.code, place.code, max(act.line)
FROM staged_act act
JOIN inventory_sku sku ON sku.id = act.sku_id
JOIN inventory_location place ON place.id = act.source_id
WHERE (sku.code, place.code) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
GROUP BY sku.code, place.code
"""


def post_staged(column: str, context: ImportContext) -> int:
    """Posts the rows of `staged_act`; returns how many. Raises FileRefused with `column` to blame.

    Stockouts are for the caller to tell anew, when everything is listed that should be.
    """
    try:
        loaded = post_movement_table(
            table=TABLE,
            now=context.now,
            source_type="import",
            source_id=context.import_id,
            posted_by=context.user,
            is_retelling_stockouts=False,
            on_progress=lambda part: context.progress.tell(ImportStage.WRITING, part),
        )
    except OutOfStock as short:
        _blame_shortages(short, column, context)
    except InvalidLines as faulty:
        for row in faulty.details:
            context.errors.add(CellError(int(row["line"]), column, "refused", hint=str(row["message"])))
    else:
        return loaded.movement_count
    context.errors.refuse_if_any()
    return 0


def _blame_shortages(short: OutOfStock, column: str, context: ImportContext) -> None:
    pairs = [(str(row["sku"]), str(row["location"])) for row in short.details]
    found = run(LAST_TAKER, [[sku for sku, _place in pairs], [place for _sku, place in pairs]])
    lines = {(sku, place): line for sku, place, line in found}
    for row in short.details:
        line = lines.get((str(row["sku"]), str(row["location"])), 1)
        hint = f"{row['sku']} / {row['location']}: {row['available']} < {row['asked']}"
        context.errors.add(CellError(line, column, "below_zero", str(row["asked"]), hint))
