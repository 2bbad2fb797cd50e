"""Answers that no view of ours has made: a page for people, a problem document under /api/."""

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from accounts.api.problems import MEDIA_TYPE
from accounts.collisions import AWAY_SECONDS, is_away

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request, 400, "bad_request", _("This request cannot be understood."), defaults.bad_request, exception
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "not_allowed", _("This is not allowed."), defaults.permission_denied, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There is no such object."), defaults.page_not_found, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Also for a database that is away, here rather than in a middleware: any part of a request may ask it something.
    That is no error of ours, and programs come again after a 503 where they give up after a 500."""
    if is_away(sys.exception()):
        title = _("The database is away for a moment. Look whether your last act was kept, or repeat it with its key.")
        answer = _answer(request, 503, "database_away", title, _away)
        answer["Retry-After"] = str(AWAY_SECONDS)
        return answer
    return _answer(request, 500, "error", _("Something went wrong on our side."), defaults.server_error)


def _answer(
    request: HttpRequest, status: int, code: str, title: str, page: Callable[..., HttpResponse], *given: Any
) -> HttpResponse:
    if not request.path.startswith(API):
        return page(request, *given)
    body = {"type": f"urn:youhuo:problem:{code}", "title": title, "status": status}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def _away(request: HttpRequest) -> HttpResponse:
    """Without the request: all that pages show around their content is asked of the database."""
    return HttpResponse(render_to_string("away.html"), status=503)
