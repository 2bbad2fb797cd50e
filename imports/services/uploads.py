"""From an upload to its work: what a person chose is noted, a run is asked for, and a worker does it once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from imports.domain.errors import CellError, FileRefused
from imports.domain.kinds import KINDS
from imports.domain.table import open_table
from imports.domain.text_file import ENCODINGS
from imports.models import FileImport, ImportState
from imports.services.files import store_upload, stored_beginning, stored_text
from imports.services.progress import Progress
from imports.services.run_import import context_of, note_done, take_in
from jobs.models import JobRun, JobShard, JobState
from jobs.registry import ShardContext, Slot, find_job
from jobs.services.runner import run_shard
from jobs.services.runs import advance_run, get_or_create_run
from jobs.services.shards import Clock

JOB = "import_file"
# A few thousand rows, which take a second or two.
SMALL_BYTES = 200_000


@transaction.atomic
def bring_file(
    *,
    kind_name: str,
    file: BinaryIO,
    file_name: str,
    user: User,
    now: datetime,
    time_zone: str,
    headings: Mapping[str, str],
    encoding: str = "",
) -> FileImport:
    """Stores a file and hands it to the workers. `headings` say which one stands for a column; none: by their names.

    Raises FileRefused, `InvalidInput`; then nothing is kept.
    """
    record = store_upload(kind_name=kind_name, file=file, file_name=file_name, user=user, now=now, time_zone=time_zone)
    mapping = places_of(record, headings, encoding)
    start_import(import_id=record.pk, now=now, mapping=mapping, encoding=encoding)
    record.refresh_from_db()
    return record


def start_import(
    *, import_id: int, now: datetime, mapping: Mapping[str, int] | None = None, encoding: str = ""
) -> JobRun:
    """Hands a stored file to the workers. A second call finds the run of the first.

    Raises `IllegalStateChange` for a file that is at work or done, `InvalidInput` for a column that does not exist.
    """
    record = FileImport.objects.get(pk=import_id)
    choice = {
        "mapping": _checked_mapping(record.kind, mapping or {}),
        "encoding": encoding if encoding in ENCODINGS else record.encoding,
    }
    with transaction.atomic():
        waiting = FileImport.objects.filter(pk=import_id, state=ImportState.UPLOADED)
        if not waiting.update(state=ImportState.WAITING, **choice):
            raise IllegalStateChange(_("This file was loaded already."))
        slot = Slot(key=str(import_id), parameters={"import_id": import_id})
        run = get_or_create_run(job=find_job(JOB), slot=slot, now=now)
    advance_run(run_id=run.pk, now=now)
    return run


def load_if_small(*, import_id: int, clock: Clock) -> None:
    """Does the work at once where that takes no longer than an answer may; a worker that was quicker is left to it."""
    is_small = FileImport.objects.filter(pk=import_id, byte_count__lte=SMALL_BYTES).exists()
    due = JobShard.objects.filter(run__job=JOB, run__slot=str(import_id), state=JobState.DUE)
    shard_id = due.values_list("pk", flat=True).first()
    if is_small and shard_id is not None:
        run_shard(shard_id=shard_id, clock=clock)


def places_of(record: FileImport, headings: Mapping[str, str], encoding: str = "") -> dict[str, int]:
    """The places of named headings in a stored file. Raises `InvalidInput` for a heading that is not in it."""
    if not headings:
        return {}
    with stored_beginning(record) as text:
        header = open_table(text, encoding or record.encoding).header
    missing = [heading for heading in headings.values() if heading not in header]
    if missing:
        raise InvalidInput(_("The file has no column %(name)s.") % {"name": missing[0][:80]})
    return {column: header.index(heading) for column, heading in headings.items()}


def _checked_mapping(kind_name: str, mapping: Mapping[str, int]) -> dict[str, int]:
    names = KINDS[kind_name].headings
    unknown = [name for name in mapping if name not in names]
    places = list(mapping.values())
    if unknown or len(set(places)) < len(places):
        raise InvalidInput(_("A column of the file can mean one thing only, and a thing of this kind of file."))
    return dict(mapping)


def work_on_import(context: ShardContext) -> None:
    """Takes the file in and ends the shard in one transaction: killed at any point, all of it happened or nothing."""
    record = FileImport.objects.select_related("imported_by").get(pk=context.arguments["import_id"])
    if not record.is_open:
        return
    FileImport.objects.filter(pk=record.pk).update(state=ImportState.RUNNING, stage="", stage_percent=0)
    progress = Progress(record.pk)
    try:
        with stored_text(record) as text, context.finish() as result:
            report = take_in(
                record=record, text=text, context=replace(context_of(record, context.now), progress=progress)
            )
            progress.close()
            note_done(record, report, context.now)
            result["rows"] = report.row_count
    except (FileRefused, IllegalStateChange) as error:
        progress.close()
        with context.finish():
            _note_refusal(record, error, progress.row_count, context.now)
    finally:
        progress.close()


def _note_refusal(record: FileImport, error: FileRefused | IllegalStateChange, row_count: int, now: datetime) -> None:
    if isinstance(error, FileRefused):
        errors, total = error.errors, error.total
    else:
        errors, total = [CellError(1, "", "refused", hint=str(error))], 1
    FileImport.objects.filter(pk=record.pk).update(
        state=ImportState.REFUSED,
        row_count=row_count,
        errors=[_as_kept(one) for one in errors],
        error_count=total,
        finished_at=now,
    )


def _as_kept(error: CellError) -> list[str | int]:
    """The database keeps no NUL; its picture shows the reader what is wrong with the cell."""
    texts = (error.column, error.code, error.value, error.hint, error.heading)
    return [error.row, *(text.replace("\0", "\N{SYMBOL FOR NULL}") for text in texts)]
