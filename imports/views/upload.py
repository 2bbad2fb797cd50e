"""The import page: choose a kind, take its template, bring a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import UserRequest, requires
from accounts.roles import BRING_FILES, IMPORT_DATA
from imports.answers import CONTENT_TYPES, attachment
from imports.domain.errors import FileRefused
from imports.domain.kinds import KINDS
from imports.domain.template import template_csv, template_xlsx
from imports.forms import UploadForm
from imports.messages import message_of
from imports.selectors.exports import export_names
from imports.selectors.files import kind_cards, recent_imports
from imports.services.files import store_upload
from imports.services.first_list import request_first_list
from imports.titles import EXPORT_TITLES


@requires(BRING_FILES)
@require_http_methods(["GET", "POST"])
def upload(request: UserRequest) -> HttpResponse:
    if request.method == "POST":
        return _store(request)
    return _page(request, UploadForm(initial={"kind": request.GET.get("kind", "products")}, user=request.user))


def _store(request: UserRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        record = store_upload(
            kind_name=form.cleaned_data["kind"],
            file=file.file,
            file_name=file.name,
            user=request.user,
            now=timezone.now(),
            time_zone=form.zone_of_new_stores,
        )
    except FileRefused as refused:
        form.add_error("file", message_of(refused.errors[0]))
        return _page(request, form, status=422)
    return redirect("imports:file", record.pk)


def _page(request: UserRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    shown = {
        "form": form,
        "kinds": kind_cards(request.user),
        "recent": recent_imports(request.user),
        "exports": [(name, EXPORT_TITLES[name]) for name in export_names(request.user)],
    }
    return render(request, "imports/upload.html", shown, status=status)


@requires(BRING_FILES)
@require_GET
def template(request: UserRequest, kind: str, ending: str) -> HttpResponse:
    """The headings of a kind and example rows."""
    if kind not in KINDS or ending not in CONTENT_TYPES:
        raise Http404
    body = template_xlsx(KINDS[kind]) if ending == "xlsx" else b"\xef\xbb\xbf" + template_csv(KINDS[kind]).encode()
    return attachment(HttpResponse(body), f"youhuo-{kind}", ending)


@requires(IMPORT_DATA)
@require_POST
def first_list(request: HttpRequest) -> HttpResponse:
    """Forecast now instead of at night, so that the first at-risk list is there in minutes."""
    request_first_list(now=timezone.now())
    messages.success(request, _("The forecast is being made. The list of what is at risk appears here in a minute."))
    return redirect("dashboards:stockouts")
