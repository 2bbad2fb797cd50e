"""Rows of a file in a table of the database that vanishes with the transaction: brought by COPY, checked in sets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import connection

from imports.domain.cells import RowReader
from imports.domain.columns import Layout
from imports.domain.errors import MOST_KEPT, CellError
from imports.domain.kinds import Kind
from imports.domain.table import Table
from imports.models import ImportStage
from imports.services.context import ImportContext
from inventory.services.bulk_steps import run

ROWS_AT_ONCE = 4_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
SHOWN_CHARACTERS = 80

CREATE = "CREATE TEMPORARY TABLE staged_file (line int4 NOT NULL, {columns}) ON COMMIT DROP"
COPY = "COPY pg_temp.staged_file (line, {columns}) FROM STDIN"
# What every kind of file with SKUs and places needs to know of them.
RESOLVE = """
DROP TABLE IF EXISTS pg_temp.staged_line;
CREATE TEMPORARY TABLE staged_line ON COMMIT DROP AS
SELECT file.*, sku.id AS sku_id, sku.unit, sku.is_lot_tracked, place.id AS location_id, place.time_zone
FROM pg_temp.staged_file file
LEFT JOIN inventory_sku sku ON sku.code = file.sku
LEFT JOIN inventory_location place ON place.code = file.location AND place.id = ANY(%s);
ANALYZE staged_line
"""


LISTINGS = """
DROP TABLE IF EXISTS pg_temp.staged_listing;
CREATE TEMPORARY TABLE staged_listing ON COMMIT DROP AS
SELECT DISTINCT row.sku_id, row.location_id, %s::timestamptz AT TIME ZONE place.time_zone AS begins_at
FROM {rows} row JOIN inventory_location place ON place.id = row.location_id;
ANALYZE staged_listing
"""


@dataclass(frozen=True)
class Check:
    """A statement that finds faulty rows as (line, value, hint), and the cell to blame."""

    column: str
    code: str
    statement: str
    arguments: tuple[Any, ...] = ()


UNKNOWN_SKU = Check("sku", "unknown_sku", "SELECT line, sku, '' FROM staged_line WHERE sku_id IS NULL AND sku <> ''")
UNKNOWN_LOCATION = Check(
    "location",
    "unknown_location",
    "SELECT line, location, '' FROM staged_line WHERE location_id IS NULL AND location <> ''",
)
NOT_WHOLE = Check(
    "quantity",
    "not_whole_units",
    "SELECT line, trim_scale(quantity)::text, '' FROM staged_line WHERE unit = 'each' AND quantity <> trunc(quantity)",
)


def stage_rows(*, kind: Kind, table: Table, layout: Layout, file: BinaryIO, context: ImportContext) -> int:
    """Copies all rows into `staged_file`, one column for each of the kind; cells that cannot be read become errors."""
    columns = [column for _place, column in layout]
    run("DROP TABLE IF EXISTS pg_temp.staged_file")
    run(CREATE.format(columns=", ".join(f"{column.name} {column.sql}" for column in columns)))
    reader = RowReader(layout, len(table.header), context.errors, as_copy_text)
    # The header is read already, so the place has to be found again.
    place = file.tell()
    size = file.seek(0, 2)
    file.seek(place)
    count = 0
    with connection.cursor() as cursor:
        with cursor.copy(COPY.format(columns=", ".join(column.name for column in columns))) as copy:
            for block in _blocks(reader.values(table.records)):
                copy.write("".join(block))
                count += len(block)
                context.progress.tell(ImportStage.READING, file.tell() / size, count)
        cursor.execute("ANALYZE staged_file")
    return count


def _blocks(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[str]]:
    block: list[str] = []
    for number, values in rows:
        block.append(f"{number}\t" + "\t".join(values) + "\n")
        if len(block) == ROWS_AT_ONCE:
            yield block
            block = []
    if block:
        yield block


def as_copy_text(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def resolve_lines(context: ImportContext) -> None:
    """Makes `staged_line`: the rows with the ids of their SKU and place, null where there is none."""
    run(RESOLVE, [context.own_location_ids()])


def stage_listings(rows: str, context: ImportContext) -> None:
    """The SKUs and places of a staged table in `staged_listing`, as listed from now on by the clock of each place."""
    run(LISTINGS.format(rows=rows), [context.now])


def check_all(checks: Sequence[Check], context: ImportContext) -> None:
    """Adds every fault that the checks find."""
    for number, check in enumerate(checks):
        context.progress.tell(ImportStage.CHECKING, number / len(checks))
        _add_faults(check, context)


def _add_faults(check: Check, context: ImportContext) -> None:
    found = run(
        f"SELECT line, value, hint, count(*) OVER () FROM ({check.statement}) AS found (line, value, hint) "  # noqa: S608  # statements of our own
        f"ORDER BY line LIMIT {MOST_KEPT}",
        check.arguments,
    )
    errors = [
        CellError(line, check.column, check.code, str(value or "")[:SHOWN_CHARACTERS], str(hint or ""))
        for line, value, hint, _total in found
    ]
    context.errors.add_found(errors, found[0][3] if found else 0)


def doubled(kind: Kind) -> Check:
    """Two rows of one file with the same key contradict each other or are a slip; either way a person must choose."""
    key = ", ".join(kind.key)
    return Check(
        kind.key[0],
        "doubled_row",
        f"SELECT line, {kind.key[0]}, first_line::text FROM (SELECT line, {key}, min(line) OVER (PARTITION BY {key}) "  # noqa: S608  # names of our own columns
        f"AS first_line FROM staged_file) AS numbered WHERE line > first_line AND {kind.key[0]} IS NOT NULL",
    )
