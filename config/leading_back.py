"""Where a person lands who opens the address of an act, which takes forms only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve

API = "/api/"


class LeadBack:
    """Instead of an empty 405 the page that the act belongs to: `/orders/5/approve/` leads to `/orders/5/`.

    People come there without a fault of theirs: they sign in again after an act that found them signed out, switch the
    language on a form that was refused, or reload its address. Programs get their 405.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_page = request.method in ("GET", "HEAD") and not request.path.startswith(API)
        if answer.status_code != 405 or not is_page:
            return answer
        return HttpResponseRedirect(page_above(request.path))


def page_above(path: str) -> str:
    """The nearest address above that there is; `/` in the end."""
    while len(path) > 1:
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"
