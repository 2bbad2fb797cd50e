"""Errors as RFC 9457 problem documents (`application/problem+json`)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.api.idempotency import first_answer
from accounts.collisions import is_busy
from accounts.errors import DomainError, NotAllowed

# Refusals for what the call says or names; who may not call at all, or calls too often, is told so with any key.
REPEATABLE = (DomainError, Http404, exceptions.ValidationError)
MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, title: str, detail: str = "", errors: list[Any] | None = None) -> Response:
    """`type` is a stable word under which the documentation explains the error."""
    body: dict[str, Any] = {"type": f"urn:youhuo:problem:{code}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type=MEDIA_TYPE)


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: domain errors, form errors and HTTP errors in one shape.

    Views look at what a call names before its key is asked, so a repeat may be refused for what has changed since: here
    it gets its first answer, whichever view it was."""
    if isinstance(error, REPEATABLE) and not isinstance(error, NotAllowed):
        answered = first_answer(context["request"])
        if answered is not None:
            return answered
    if isinstance(error, DomainError):
        set_rollback()
        return problem(error.status, error.code, str(error), errors=error.details)
    if isinstance(error, DatabaseError) and is_busy(error):
        set_rollback()
        answer = problem(503, "busy", _("Others are at work on the same stock. Try again in a moment."))
        answer["Retry-After"] = "1"
        return answer
    response = exception_handler(error, context)
    if response is None:
        return None
    answer = _translate(error, response)
    for header in ("WWW-Authenticate", "Retry-After"):
        if response.has_header(header):
            answer[header] = response[header]
    return answer


def _translate(error: Exception, response: Response) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return problem(
            response.status_code, "invalid_input", _("The request is not valid."), errors=field_errors(error.detail)
        )
    if isinstance(error, Http404):
        return problem(404, "not_found", _("There is no such object."))
    if isinstance(error, PermissionDenied):
        return problem(403, "not_allowed", _("Your role does not allow this."))
    code = str(getattr(error, "default_code", "error"))
    return problem(response.status_code, code, str(getattr(error, "detail", error)))


def field_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """Flattens DRF's nested error lists to rows of `field` (dotted path) and `message`."""
    if isinstance(detail, dict):
        return [row for key, value in detail.items() for row in field_errors(value, _below(path, key))]
    if isinstance(detail, list):
        nested = [item for item in detail if isinstance(item, dict | list)]
        if nested:
            return [row for index, item in enumerate(detail) for row in field_errors(item, f"{path}[{index}]")]
        return [{"field": path, "message": str(item)} for item in detail]
    return [{"field": path, "message": str(detail)}]


def _below(path: str, key: str | int) -> str:
    """`lines`, then `lines[2]`, then `lines[2].sku`; what is said of a list as a whole belongs to the list."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if key == "non_field_errors" and path:
        return path
    return f"{path}.{key}" if path else key
