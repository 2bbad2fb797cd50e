"""The jobs of imports: a file at a time, and forgetting the bytes of old ones."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from imports.services.files import forget_old_files
from imports.services.uploads import JOB, work_on_import
from jobs.domain.slots import Slot, each_night
from jobs.models import JobRun
from jobs.nudge import HEAVY_QUEUE
from jobs.registry import ON_DEMAND, Job, ShardContext, Step, one_shard


def _none_by_itself(now: datetime) -> list[Slot]:
    """Each run is asked for by a person or a program."""
    return []


def _one_file(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return [{"import_id": run.parameters["import_id"]}]


def _forget(context: ShardContext) -> dict[str, Any]:
    return {"files": forget_old_files(now=context.now)}


IMPORT_FILE = Job(
    name=JOB,
    title=_("Load an uploaded file"),
    steps=(Step("load", _one_file, work_on_import),),
    due_slots=_none_by_itself,
    # Nobody has to upload anything, so it is never late.
    expected_every=ON_DEMAND,
    queue=HEAVY_QUEUE,
)
FORGET_FILES = Job(
    name="forget_files",
    title=_("Forget old uploaded files"),
    steps=(Step("forget", one_shard, _forget),),
    due_slots=each_night(3),
    expected_every=timedelta(hours=50),
)
