"""What is checked of every request before any view sees it."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import BadRequest
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from accounts.collisions import is_busy

Answer = Callable[[HttpRequest], HttpResponse]
ZONE_COOKIE = "zone"


class RefuseNul:
    """400 for a NUL character in an address or a form. No person can type one, and PostgreSQL has no place for it.

    Here, once, rather than in every field that reaches a query. JSON bodies are checked by their parser.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_nul(request):
            raise BadRequest("NUL character in the request")
        return self.get_response(request)


class ShowZone:
    """Moments on a page are those of the clock beside it: its script tells the browser's time zone in a cookie.

    A program that calls the API is told moments with their offset, so it needs none.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


class SayBusy:
    """503 with `Retry-After` when a page waited too long for stock that others hold: nothing is broken, come again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DatabaseError) or not is_busy(error):
            return None
        answer = render(request, "503.html", status=503)
        answer["Retry-After"] = "1"
        return answer


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The zone that the cookie names; a cookie can hold anything, and what names no zone says nothing."""
    name = request.COOKIES.get(ZONE_COOKIE, "")
    try:
        return ZoneInfo(name) if name and not request.path.startswith("/api/") else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def has_nul(request: HttpRequest) -> bool:
    """Whether the address, a field or the name of a file holds a NUL character."""
    return any("\x00" in text for text in _texts(request))


def _texts(request: HttpRequest) -> Iterable[str]:
    yield request.path
    yield from _texts_of(request.GET)
    yield from _texts_of(request.POST)
    for file in request.FILES.values():
        yield getattr(file, "name", None) or ""


def _texts_of(fields: QueryDict) -> Iterable[str]:
    for name, values in fields.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))
