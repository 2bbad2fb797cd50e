"""One uploaded file: what its columns mean, how far the work is, how it ended, and what is wrong with it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import BRING_FILES, is_permitted
from imports.answers import CONTENT_TYPES, attachment
from imports.domain.columns import Layout
from imports.domain.errors import FileRefused
from imports.domain.kinds import KINDS
from imports.domain.table import open_table
from imports.domain.text_file import ENCODINGS
from imports.error_file import error_answer
from imports.forms import ColumnsForm
from imports.messages import message_of
from imports.models import FileImport, ImportState
from imports.selectors.files import error_rows, errors_of, imports_for, shown
from imports.services.files import forget_upload, stored_beginning
from imports.services.uploads import load_if_small, start_import
from imports.titles import PERMISSIONS
from imports.views.guessing import guess_by_titles

ROWS_SHOWN, ERRORS_SHOWN = 8, 100


@dataclass(frozen=True)
class Preview:
    """The beginning of a file; `problem` says why there is none."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    layout: Layout
    problem: str = ""

    @property
    def unused(self) -> list[str]:
        """Headings that nothing was found for."""
        used = {place for place, _column in self.layout}
        return [name for place, name in enumerate(self.header) if name and place not in used]


def own_file(request: UserRequest, pk: int) -> FileImport:
    """404 for the files of others."""
    record = imports_for(request.user).filter(pk=pk).first()
    if record is None:
        raise Http404
    if not is_permitted(request.user, PERMISSIONS[record.kind]):
        raise PermissionDenied
    return record


@requires(BRING_FILES)
@require_GET
def file(request: UserRequest, pk: int) -> HttpResponse:
    record = own_file(request, pk)
    if record.state == ImportState.UPLOADED:
        encoding = request.GET.get("encoding", "")
        return _choose(request, record, encoding if encoding in ENCODINGS else record.encoding)
    template = "imports/_status.html" if request.htmx and not request.htmx.boosted else "imports/status.html"
    return render(request, template, _status(record))


def _status(record: FileImport) -> dict[str, object]:
    errors = errors_of(record)
    rows = error_rows(errors[:ERRORS_SHOWN], [message_of(error) for error in errors[:ERRORS_SHOWN]])
    return {"shown": shown(record), "record": record, "errors": rows, "is_cut": record.error_count > len(rows)}


def _choose(
    request: UserRequest, record: FileImport, encoding: str, form: ColumnsForm | None = None, problem: str = ""
) -> HttpResponse:
    preview = _preview(record, encoding)
    form = form or _form(record, preview, encoding)
    context = {"record": record, "preview": preview, "form": form, "shown": shown(record)}
    context["problem"] = {"message": problem or preview.problem} if problem or preview.problem else None
    return render(request, "imports/columns.html", context, status=422 if form.is_bound or problem else 200)


def _form(record: FileImport, preview: Preview, encoding: str, data: object = None) -> ColumnsForm:
    known = "utf-8-sig" if encoding == "utf-8" else encoding
    return ColumnsForm(
        data,
        initial={"encoding": known},
        kind=KINDS[record.kind],
        header=preview.header,
        layout=preview.layout,
    )


def _preview(record: FileImport, encoding: str) -> Preview:
    kind = KINDS[record.kind]
    try:
        with stored_beginning(record) as text:
            table = open_table(text, encoding)
            rows = [row for row, _number in zip(table.records, range(ROWS_SHOWN), strict=False)]
    except FileRefused as refused:
        return Preview([], [], guess_by_titles([], kind.columns), message_of(refused.errors[0]))
    return Preview(table.header, rows, guess_by_titles(table.header, kind.columns))


@requires(BRING_FILES)
@require_POST
def start(request: UserRequest, pk: int) -> HttpResponse:
    """Load it, with the columns as chosen."""
    record = own_file(request, pk)
    if record.state != ImportState.UPLOADED:
        return redirect("imports:file", pk)
    encoding = request.POST.get("encoding", "")
    encoding = encoding if encoding in ENCODINGS else record.encoding
    form = _form(record, _preview(record, encoding), encoding, request.POST)
    if not form.is_valid():
        return _choose(request, record, encoding, form)
    try:
        start_import(import_id=pk, now=timezone.now(), mapping=form.mapping, encoding=encoding)
    except DomainError as error:
        return _choose(request, record, encoding, problem=str(error))
    load_if_small(import_id=pk, clock=timezone.now)
    return redirect("imports:file", pk)


@requires(BRING_FILES)
@require_POST
def discard(request: UserRequest, pk: int) -> HttpResponse:
    forget_upload(import_id=own_file(request, pk).pk)
    return redirect("imports:upload")


@requires(BRING_FILES)
@require_GET
def errors(request: UserRequest, pk: int, ending: str) -> HttpResponse:
    """What is wrong with the file, as a file to work through."""
    record = own_file(request, pk)
    if ending not in CONTENT_TYPES or not record.error_count:
        raise Http404
    return attachment(error_answer(record, ending), f"youhuo-import-{record.pk}-errors", ending)
