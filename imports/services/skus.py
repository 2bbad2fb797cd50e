"""Writer of SKUs, a hundred thousand and more in one file."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from imports.domain.columns import ParsedRow
from imports.domain.kinds import SKUS
from imports.models import ImportStage
from imports.services.catalogue import write_sku_rows
from imports.services.context import ImportContext
from imports.services.staging import Check, check_all, doubled

ROWS_AT_ONCE = 4_000
# A barcode belongs to one SKU: in the file, and against what is stored.
BARCODE_TAKEN = Check(
    "barcode",
    "barcode_taken",
    """
    SELECT file.line, file.barcode, COALESCE(owner.code, file.first_code) FROM (
        SELECT line, code, barcode, first_value(code) OVER (PARTITION BY barcode ORDER BY line) AS first_code
        FROM staged_file WHERE barcode <> ''
    ) file
    LEFT JOIN (
        SELECT known.code AS barcode, sku.code FROM inventory_barcode known JOIN inventory_sku sku ON sku.id = sku_id
    ) owner USING (barcode)
    WHERE COALESCE(owner.code, file.first_code) <> file.code
    """,
)


def write_staged_skus(context: ImportContext) -> int:
    """SKUs with their category and one barcode each; returns how many things were added or changed."""
    check_all([doubled(SKUS), BARCODE_TAKEN], context)
    context.errors.refuse_if_any()
    changed = done = 0
    for rows in _chunks():
        changed += write_sku_rows(rows, context)
        done += len(rows)
        context.progress.tell(ImportStage.WRITING, done / max(context.progress.row_count, 1))
    return changed


def _chunks() -> Iterator[list[ParsedRow]]:
    """The staged rows in their order, a few thousand at a time."""
    names = SKUS.headings
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT line, {', '.join(names)} FROM staged_file WHERE line > %s ORDER BY line LIMIT %s",  # noqa: S608  # names of our own columns
                [last, ROWS_AT_ONCE],
            )
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not found:
            return
        last = found[-1][0]
        yield [ParsedRow(line, dict(zip(names, values, strict=True))) for line, *values in found]
