"""Lists as files to take away."""

from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK, is_permitted
from imports.answers import CONTENT_TYPES, MOST_XLSX_ROWS, export_answer, senseless, too_long
from imports.selectors.exports import EXPORTS, InvalidFilter


@requires(VIEW_STOCK)
@require_GET
def export(request: UserRequest, name: str, ending: str) -> HttpResponse:
    """The table of that name, narrowed by the words of its list page."""
    found = EXPORTS.get(name)
    if found is None or ending not in CONTENT_TYPES or not is_permitted(request.user, found.permission):
        raise Http404
    wanted = request.GET
    try:
        if ending == "xlsx" and found.is_longer_than(MOST_XLSX_ROWS, request.user, wanted):
            as_csv = f"{reverse('imports:export', args=[name, 'csv'])}?{wanted.urlencode()}"
            return _problem(request, too_long(), as_csv)
        return cast(HttpResponse, export_answer(found, found.rows(request.user, wanted), ending))
    except InvalidFilter as invalid:
        return _problem(request, senseless(invalid))


def _problem(request: UserRequest, message: str, csv_url: str = "") -> HttpResponse:
    context = {"problem": {"message": message}, "csv_url": csv_url}
    return render(request, "imports/export_problem.html", context, status=422)
