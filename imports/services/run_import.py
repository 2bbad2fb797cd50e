"""Takes a file in: read, checked and written in one transaction, or refused whole with every error that was found."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from accounts.errors import DomainError
from accounts.models import User
from accounts.services.audit import record_audit
from imports.domain.cells import parse_rows
from imports.domain.columns import Layout, ParsedRow, chosen_columns, find_columns
from imports.domain.errors import CellError, ErrorList, FileRefused, refused
from imports.domain.kinds import KINDS, Kind, with_money_signs
from imports.domain.table import Table, check_doubled, open_table
from imports.models import FileImport, ImportState
from imports.services.catalogue import write_locations
from imports.services.context import ImportContext, unique_rows
from imports.services.counts import write_staged_counts
from imports.services.files import as_text, file_digest, require_zone
from imports.services.movements import write_staged_movements
from imports.services.opening import write_staged_opening
from imports.services.planning import write_holidays, write_predecessors, write_promotions
from imports.services.products import write_products
from imports.services.sales_history import write_staged_sales
from imports.services.skus import write_staged_skus
from imports.services.staging import stage_rows
from imports.services.supplying import write_closures, write_suppliers, write_terms
from inventory.services.bulk_steps import run

# Kinds that are looked at row by row stand in memory whole.
MOST_ROWS_IN_MEMORY = 50_000

StagedWriter = Callable[[ImportContext], int]
Writer = Callable[[list[ParsedRow], ImportContext], int]
STAGED_WRITERS: dict[str, StagedWriter] = {
    "sales": write_staged_sales,
    "skus": write_staged_skus,
    "stock": write_staged_opening,
    "movements": write_staged_movements,
    "counts": write_staged_counts,
}
WRITERS: dict[str, Writer] = {
    "products": write_products,
    "locations": write_locations,
    "suppliers": write_suppliers,
    "terms": write_terms,
    "closures": write_closures,
    "promotions": write_promotions,
    "holidays": write_holidays,
    "predecessors": write_predecessors,
}
# As long as a file of a million rows may take.
TWIN_SECONDS = 600
# Without a key of their own in the rows, only the file as a whole can be known again.
KNOWN_BY_CONTENT = ("movements", "counts")


@dataclass(frozen=True)
class ImportReport:
    """How many rows the file has, and how many things were added or changed by them (0 for a file taken in before)."""

    kind: str
    row_count: int
    changed_count: int


def import_file(
    *, kind_name: str, data: bytes, file_name: str, user: User | None, now: datetime, time_zone: str
) -> ImportReport:
    """The same as `load_file` for bytes."""
    return load_file(
        kind_name=kind_name, file=BytesIO(data), file_name=file_name, user=user, now=now, time_zone=time_zone
    )


def load_file(
    *, kind_name: str, file: BinaryIO, file_name: str, user: User | None, now: datetime, time_zone: str
) -> ImportReport:
    """Takes in a file that lies open here, at once. Raises FileRefused with all errors, having written nothing.

    Raises KeyError for a kind that does not exist.
    """
    require_zone(time_zone)
    record = FileImport(
        kind=KINDS[kind_name].name,
        state=ImportState.RUNNING,
        sha256=file_digest(file),
        file_name=file_name[:200],
        byte_count=file.seek(0, 2),
        time_zone=time_zone,
        uploaded_at=now,
        imported_by=user,
    )
    with as_text(file) as (text, encoding), transaction.atomic():
        record.encoding = encoding
        record.save(force_insert=True)
        report = take_in(record=record, text=text, context=context_of(record, now))
        note_done(record, report, now)
    return report


def context_of(record: FileImport, now: datetime) -> ImportContext:
    return ImportContext(
        user=record.imported_by,
        now=now,
        time_zone=record.time_zone,
        currency=settings.DEFAULT_CURRENCY,
        sha256=record.sha256,
        import_id=record.pk,
    )


def take_in(*, record: FileImport, text: BinaryIO, context: ImportContext) -> ImportReport:
    """Reads, checks and writes the rows of `text` inside the caller's transaction. Raises FileRefused."""
    try:
        with transaction.atomic():
            return _take_in(KINDS[record.kind], record, text, context)
    except DomainError as error:
        errors = [CellError(1, "", "refused", hint=str(error))]
        raise FileRefused(errors) from error


def _take_in(kind: Kind, record: FileImport, text: BinaryIO, context: ImportContext) -> ImportReport:
    table = open_table(text, record.encoding)
    layout = layout_of(kind, record, table, context.errors)
    # What the headings meant is part of what the file said.
    record.mapping = {column.name: place for place, column in layout if place is not None}
    known = _taken_in_before(record)
    if known is not None:
        return ImportReport(kind.name, known.row_count, 0)
    try:
        return _check_and_write(kind, table, layout, text, context)
    except FileRefused as refusal:
        headings = {column.name: table.header[place] for place, column in layout if place is not None}
        raise refusal.under(headings) from None


def _check_and_write(kind: Kind, table: Table, layout: Layout, text: BinaryIO, context: ImportContext) -> ImportReport:
    if kind.is_staged:
        # Sorting a million rows in the few megabytes of an ordinary question takes them through the disk.
        run("SET LOCAL work_mem = '128MB'")
        count = stage_rows(kind=kind, table=table, layout=layout, file=text, context=context)
        _refuse_empty(count, context)
        changed = STAGED_WRITERS[kind.name](context)
    else:
        rows = _rows(kind, table, layout, context)
        count = len(rows)
        changed = WRITERS[kind.name](rows, context)
    context.errors.refuse_if_any()
    return ImportReport(kind.name, count, changed)


def layout_of(kind: Kind, record: FileImport, table: Table, errors: ErrorList) -> Layout:
    """The columns that a person chose, or those that the headings name. Raises FileRefused."""
    if record.mapping:
        layout = chosen_columns(record.mapping, len(table.header), kind.columns, errors, table.header_row)
    else:
        check_doubled(table)
        layout = find_columns(table.header, kind.columns, errors, kind.ignored, table.header_row)
    errors.refuse_if_any()
    # What a supplier is paid is in their currency, which the sheet does not tell cell by cell.
    return layout if kind.name == "terms" else with_money_signs(layout, settings.DEFAULT_CURRENCY)


def _rows(kind: Kind, table: Table, layout: Layout, context: ImportContext) -> list[ParsedRow]:
    rows = []
    for row in parse_rows(table.records, layout, len(table.header), context.errors):
        rows.append(row)
        if len(rows) > MOST_ROWS_IN_MEMORY:
            raise refused("too_many_rows", row=row.number, hint=f"{MOST_ROWS_IN_MEMORY:,}")
    _refuse_empty(len(rows), context)
    if kind.key:
        # Of a row that cannot be read nobody knows yet which one it doubles.
        faulty = {error.row for error in context.errors.errors}
        unique_rows([row for row in rows if row.number not in faulty], kind.key, context.errors)
    context.errors.refuse_if_any()
    return rows


def _refuse_empty(count: int, context: ImportContext) -> None:
    if not count:
        context.errors.refuse_if_any()
        raise refused("no_rows")


def _taken_in_before(record: FileImport) -> FileImport | None:
    """The import of the very same content, after waiting for a twin that is at work on it."""
    number = int(hashlib.sha256(f"{record.kind} {record.sha256}".encode()).hexdigest()[:15], 16)
    run(f"SET LOCAL lock_timeout = '{TWIN_SECONDS}s'")
    run("SELECT pg_advisory_xact_lock(%s)", [number])
    run("SET LOCAL lock_timeout TO DEFAULT")
    if record.kind not in KNOWN_BY_CONTENT:
        return None
    same = FileImport.objects.filter(
        kind=record.kind, sha256=record.sha256, mapping=record.mapping, state=ImportState.DONE
    )
    return same.order_by("pk").first()


def note_done(record: FileImport, report: ImportReport, now: datetime) -> None:
    """Writes the end of a load, in its transaction."""
    counts = {"kind": report.kind, "rows": report.row_count, "changed": report.changed_count}
    FileImport.objects.filter(pk=record.pk).update(
        state=ImportState.DONE,
        mapping=record.mapping,
        row_count=report.row_count,
        changed_count=report.changed_count,
        finished_at=now,
        errors=[],
        error_count=0,
    )
    record_audit(
        actor=record.imported_by,
        action="import",
        object_type="import",
        object_id=record.pk,
        now=now,
        data=counts,
    )
