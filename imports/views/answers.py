"""Answers that a browser saves as a file."""

from typing import TypeVar

from django.http.response import HttpResponseBase

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
R = TypeVar("R", bound=HttpResponseBase)


def attachment(answer: R, name: str, ending: str) -> R:
    """`name` is one of ours: letters, digits and hyphens."""
    answer["Content-Type"] = CONTENT_TYPES[ending]
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
