"""The import page: choose a kind, take its template, upload a file, read what was wrong with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import UserRequest, requires
from accounts.roles import IMPORT_DATA
from imports.domain.errors import MOST_ERRORS, FileRefused
from imports.domain.kinds import KINDS
from imports.domain.template import template_csv
from imports.forms import UploadForm
from imports.messages import message_of
from imports.selectors import kind_cards, recent_imports
from imports.services.first_list import request_first_list
from imports.services.run_import import ImportReport, import_file


@requires(IMPORT_DATA)
@require_http_methods(["GET", "POST"])
def upload(request: UserRequest) -> HttpResponse:
    if request.method == "POST":
        return _take_in(request)
    return _page(request, UploadForm(initial={"kind": request.GET.get("kind", "products")}))


def _take_in(request: UserRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        report = import_file(
            kind_name=form.cleaned_data["kind"],
            data=file.read(),
            file_name=file.name,
            user=request.user,
            now=timezone.now(),
            time_zone=form.cleaned_data["time_zone"],
        )
    except FileRefused as refused:
        errors = [{"row": e.row, "column": e.column, "message": message_of(e)} for e in refused.errors]
        cut = len(errors) >= MOST_ERRORS
        return _page(request, form, errors=errors, is_cut=cut, file_name=file.name, status=422)
    messages.success(request, _summary(report))
    return redirect("imports:upload")


def _summary(report: ImportReport) -> str:
    if not report.changed_count:
        return _("Everything in this file was known already: nothing changed.")
    rows = ngettext("%(count)d row read", "%(count)d rows read", report.row_count) % {"count": report.row_count}
    changed = ngettext(
        "%(count)d entry added or changed.", "%(count)d entries added or changed.", report.changed_count
    ) % {"count": report.changed_count}
    return f"{rows}, {changed}"


def _page(request: HttpRequest, form: UploadForm, status: int = 200, **context: object) -> HttpResponse:
    shown = {"form": form, "kinds": kind_cards(), "recent": recent_imports(), **context}
    return render(request, "imports/upload.html", shown, status=status)


@requires(IMPORT_DATA)
@require_GET
def template(request: UserRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    # The mark tells spreadsheet programs that the text is UTF-8, or Chinese headings turn to noise.
    answer = HttpResponse("\ufeff" + template_csv(KINDS[kind]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="youhuo-{kind}.csv"'
    return answer


@requires(IMPORT_DATA)
@require_POST
def first_list(request: UserRequest) -> HttpResponse:
    """Forecast now instead of at night, so that the first at-risk list is there in minutes."""
    request_first_list(now=timezone.now())
    messages.success(request, _("The forecast is being made. The list of what is at risk appears here in a minute."))
    return redirect("dashboards:stockouts")
