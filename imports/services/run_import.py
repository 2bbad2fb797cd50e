"""Takes a file in: read, checked and written in one transaction, or refused whole with every error that was found."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.services.audit import record_audit
from imports.domain.columns import ParsedRow, parse_rows
from imports.domain.errors import CellError, FileRefused
from imports.domain.kinds import KINDS, Kind
from imports.domain.table import read_table
from imports.models import ImportRecord
from imports.services.catalogue import write_locations, write_skus, write_suppliers, write_terms
from imports.services.context import ImportContext, unique_rows
from imports.services.products import write_products
from imports.services.sales_history import write_sales
from imports.services.stock import write_stock

MOST_BYTES = 100 * 1024 * 1024

Writer = Callable[[list[ParsedRow], ImportContext], int]
WRITERS: dict[str, Writer] = {
    "products": write_products,
    "sales": write_sales,
    "skus": write_skus,
    "locations": write_locations,
    "stock": write_stock,
    "suppliers": write_suppliers,
    "terms": write_terms,
}


@dataclass(frozen=True)
class ImportReport:
    """How many rows the file has, and how many things were added or changed by them (0 for a file taken in before)."""

    kind: str
    row_count: int
    changed_count: int


def import_file(
    *, kind_name: str, data: bytes, file_name: str, user: User | None, now: datetime, time_zone: str
) -> ImportReport:
    """Raises FileRefused with all errors, having written nothing. Raises KeyError for a kind that does not exist."""
    kind = KINDS[kind_name]
    if len(data) > MOST_BYTES:
        raise FileRefused([CellError(1, "", "file_too_large", hint=str(MOST_BYTES // 1024 // 1024))])
    context = ImportContext(user=user, now=now, time_zone=time_zone, currency=settings.DEFAULT_CURRENCY)
    rows = _rows(kind, data, context)
    with transaction.atomic():
        changed = WRITERS[kind_name](rows, context)
        context.errors.refuse_if_any()
        _record(kind, data, file_name, len(rows), changed, context)
    return ImportReport(kind_name, len(rows), changed)


def _rows(kind: Kind, data: bytes, context: ImportContext) -> list[ParsedRow]:
    rows = parse_rows(read_table(data), kind.columns, context.errors)
    if not rows:
        raise FileRefused([CellError(1, "", "no_rows")])
    context.errors.refuse_if_any()
    if kind.key:
        unique_rows(rows, kind.key, context.errors)
        context.errors.refuse_if_any()
    return rows


def _record(kind: Kind, data: bytes, file_name: str, row_count: int, changed: int, context: ImportContext) -> None:
    record = ImportRecord.objects.create(
        kind=kind.name,
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=file_name[:200],
        row_count=row_count,
        changed_count=changed,
        imported_at=context.now,
        imported_by=context.user,
    )
    counts = {"kind": kind.name, "rows": row_count, "changed": changed}
    record_audit(
        actor=context.user, action="import", object_type="import", object_id=record.pk, now=context.now, data=counts
    )
