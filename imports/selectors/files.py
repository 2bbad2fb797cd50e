"""Reads for the import pages and the API."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User
from accounts.roles import is_permitted
from imports.domain.errors import CellError
from imports.domain.kinds import KINDS
from imports.models import FileImport, ImportStage, ImportState
from imports.titles import HINTS, PERMISSIONS, TITLES
from jobs.models import JobRun, JobState

# Where each stage begins on the bar, and how much of it is its own.
STAGES = {ImportStage.READING: (0, 30), ImportStage.CHECKING: (30, 10), ImportStage.WRITING: (40, 60)}


@dataclass(frozen=True)
class KindCard:
    name: str
    title: Promise
    hint: Promise
    headings: list[str]


@dataclass(frozen=True)
class ShownImport:
    """A file as a person sees it. `percent` is that of the whole work."""

    record: FileImport
    title: Promise
    state: str
    percent: int

    @property
    def is_open(self) -> bool:
        return self.state in (ImportState.WAITING, ImportState.RUNNING)

    @property
    def state_label(self) -> Promise | str:
        return ImportState(self.state).label

    @property
    def stage_label(self) -> Promise | str:
        return ImportStage(self.record.stage).label if self.record.stage else ImportState(self.state).label


def kind_cards(user: User) -> list[KindCard]:
    """The kinds of file that this user may bring."""
    return [
        KindCard(name, TITLES[name], HINTS[name], kind.headings)
        for name, kind in KINDS.items()
        if is_permitted(user, PERMISSIONS[name])
    ]


def imports_for(user: User) -> QuerySet[FileImport]:
    """A person's own files; who sees all places sees everybody's of the kinds that they may bring themselves."""
    kinds = [name for name, permission in PERMISSIONS.items() if is_permitted(user, permission)]
    files = FileImport.objects.filter(kind__in=kinds).defer("errors").select_related("imported_by").order_by("-pk")
    return files if user.sees_all_locations else files.filter(imported_by=user)


def shown(record: FileImport) -> ShownImport:
    """With the fate of its run: work that was given up has failed, whatever it wrote last."""
    return _shown(record, _given_up([record]))


def _shown(record: FileImport, given_up: Container[int]) -> ShownImport:
    state = ImportState.FAILED if record.pk in given_up else record.state
    return ShownImport(record, TITLES[record.kind], state, _percent(record))


def _given_up(records: Sequence[FileImport]) -> set[int]:
    slots = [str(record.pk) for record in records if record.is_open]
    if not slots:
        return set()
    runs = JobRun.objects.filter(job="import_file", slot__in=slots, state=JobState.FAILED)
    return {int(slot) for slot in runs.values_list("slot", flat=True)}


def _percent(record: FileImport) -> int:
    if record.state == ImportState.DONE:
        return 100
    begins, length = STAGES.get(ImportStage(record.stage), (0, 0)) if record.stage else (0, 0)
    return begins + length * record.stage_percent // 100


def recent_imports(user: User, count: int = 10) -> list[ShownImport]:
    """The last files that were loaded or refused, newest first."""
    records = list(imports_for(user)[:count])
    given_up = _given_up(records)
    return [_shown(record, given_up) for record in records]


def errors_of(record: FileImport) -> list[CellError]:
    return [CellError(*row) for row in record.errors]


def error_rows(errors: Sequence[CellError], sentences: Sequence[str]) -> list[tuple[int, str, str, str]]:
    """Row, column, value and what is wrong, for lists and files."""
    return [(e.row, e.shown_column, e.value, text) for e, text in zip(errors, sentences, strict=True)]
