"""Files of strangers: looked at, turned into text, kept in pieces until nobody needs them any more."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from imports.domain.errors import refused
from imports.domain.kinds import KINDS
from imports.domain.table import open_table
from imports.domain.text_file import detect_encoding, is_workbook
from imports.domain.workbook import check_workbook, convert_workbook
from imports.models import FileImport, FilePiece, ImportState
from inventory.domain.days import known_zones

MOST_BYTES = 200 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
# How long the bytes of a file stay, for a second look; what was found in it stays for good.
KEPT = timedelta(days=7)
PRUNED_AT_ONCE = 20


def file_digest(file: BinaryIO) -> str:
    """SHA-256 of the whole file."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def require_zone(name: str) -> None:
    """A store in a zone that nobody knows would keep the nights of all stores from being due. Raises FileRefused."""
    if name not in known_zones():
        raise refused("unknown_time_zone", column="time_zone", value=name)


@contextmanager
def as_text(file: BinaryIO) -> Iterator[tuple[BinaryIO, str]]:
    """The file as text with its encoding; a workbook is checked, and its first sheet turned into CSV.

    Raises FileRefused for what is too large, no text and no harmless workbook.
    """
    if file.seek(0, 2) > MOST_BYTES:
        raise refused("file_too_large", hint=str(MOST_BYTES // 1024 // 1024))
    if not is_workbook(file):
        yield file, detect_encoding(file)
        return
    check_workbook(file)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy, tempfile.TemporaryFile() as text:
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            copy.write(piece)
        copy.flush()
        convert_workbook(Path(copy.name), cast(BinaryIO, text))
        yield cast(BinaryIO, text), detect_encoding(cast(BinaryIO, text))


def store_upload(
    *, kind_name: str, file: BinaryIO, file_name: str, user: User, now: datetime, time_zone: str
) -> FileImport:
    """Keeps a file that waits to be loaded. Raises FileRefused when it is no table at all, or for no time zone; then
    nothing is kept."""
    require_zone(time_zone)
    digest, size = file_digest(file), file.seek(0, 2)
    with as_text(file) as (text, encoding):
        open_table(text, encoding)
        with transaction.atomic():
            record = FileImport.objects.create(
                kind=KINDS[kind_name].name,
                state=ImportState.UPLOADED,
                sha256=digest,
                file_name=Path(file_name).name[:200],
                byte_count=size,
                encoding=encoding,
                time_zone=time_zone,
                uploaded_at=now,
                imported_by=user,
            )
            text.seek(0)
            number = 0
            while piece := text.read(PIECE_BYTES):
                FilePiece.objects.create(file_import=record, number=number, data=piece)
                number += 1
    return record


@contextmanager
def stored_text(record: FileImport) -> Iterator[BinaryIO]:
    """The kept bytes as an open file. Raises `IllegalStateChange` when they were forgotten."""
    with tempfile.TemporaryFile() as file:
        pieces = FilePiece.objects.filter(file_import=record).order_by("number").values_list("data", flat=True)
        for piece in pieces.iterator(chunk_size=1):
            file.write(piece)
        if not file.tell():
            raise IllegalStateChange(_("The file was deleted meanwhile. Upload it again."))
        file.seek(0)
        yield cast(BinaryIO, file)


@contextmanager
def stored_beginning(record: FileImport) -> Iterator[BinaryIO]:
    """The first piece only, for a look at the first rows."""
    with tempfile.TemporaryFile() as file:
        first = FilePiece.objects.filter(file_import=record, number=0).values_list("data", flat=True).first()
        file.write(first or b"")
        file.seek(0)
        yield cast(BinaryIO, file)


def forget_old_files(*, now: datetime) -> int:
    """Deletes the bytes of files that nobody works on, some days after they came, a few at a time; returns of how
    many."""
    busy = (ImportState.WAITING, ImportState.RUNNING)
    old = FileImport.objects.filter(uploaded_at__lt=now - KEPT, pieces__isnull=False).exclude(state__in=busy)
    count = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True).distinct()[:PRUNED_AT_ONCE]):
        FilePiece.objects.filter(file_import__in=ids).delete()
        count += len(ids)
    return count


def forget_upload(*, import_id: int) -> None:
    """A person does not want to load a file after all."""
    FileImport.objects.filter(pk=import_id, state=ImportState.UPLOADED).delete()
