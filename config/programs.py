"""The short way of calls by programs: a key says who calls, so that nothing of a browser's visit is needed."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, get_urlconf, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from rest_framework.views import APIView

from accounts.api.authentication import SCHEME
from config.middleware import has_nul

API = "/api/v1/"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    # An answer to a program is no page: nothing in it is ever to be loaded, run or framed.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class ProgramDoor:
    """Answers calls with an API key past the other middleware: sessions, form tokens, messages and what pages show took
    a third of the time of such a call. Host, language and the refusal of NUL hold here as well; who may do what is
    asked by the views of the API. Whatever else arrives goes the long way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = _view_for_program(request)
        if view is None:
            return self.get_response(request)
        request.get_host()
        if has_nul(request):
            raise BadRequest("NUL character in the request")
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.resolver_match = view
        response: HttpResponse = view.func(request, *view.args, **view.kwargs)
        if not response.streaming:
            response = response.render() if hasattr(response, "render") else response
            response.headers.setdefault("Content-Length", str(len(response.content)))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response


@lru_cache(maxsize=512)
def _view_at(path: str, urlconf: str) -> ResolverMatch:
    """Programs ask for the same few addresses all day long, and to find one is to try many patterns."""
    return resolve(path, urlconf)


def _view_for_program(request: HttpRequest) -> ResolverMatch | None:
    """The view of the API that a key is sent to; another view, which might trust a session, is none."""
    scheme = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[0]
    if scheme != SCHEME or not request.path_info.startswith(API):
        return None
    try:
        view = _view_at(request.path_info, get_urlconf() or settings.ROOT_URLCONF)
    except Resolver404:
        return None
    return view if issubclass(getattr(view.func, "cls", object), APIView) else None
