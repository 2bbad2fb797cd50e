"""Pages that open with a signed link instead of a sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_supported_language_variant, override

from accounts.collisions import again_when_collided
from accounts.rate_limits import is_over_limit
from accounts.senders import sender_of
from orders.models import SupplierLink
from orders.selectors.supplier_links import find_link, is_usable
from orders.services.supplier_links import note_link_use

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, SupplierLink, P], HttpResponse]
Guarded = Callable[Concatenate[HttpRequest, str, P], HttpResponse]

TEN_MINUTES = 600
# Tries with tokens that open nothing, by the address they come from; looks and answers, by link.
MOST_GUESSES, MOST_LOOKS, MOST_ANSWERS = 30, 240, 30


def with_link(page: Page[P]) -> Guarded[P]:
    """Gives the page the link that the token in its address opens, in the supplier's language.

    404 for a token that opens nothing, 410 for a link that is over, 429 for too many tries. Who is signed in does not
    matter, no session is begun, and nothing of it is kept by browsers or found by search engines.
    """

    @wraps(page)
    def guarded(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        link = find_link(token)
        if link is None:
            return _private(_refused(request))
        language = _language(request, link)
        with override(language):
            answer = again_when_collided(lambda: _open(request, link, page, *args, **kwargs))
        answer.headers["Content-Language"] = language
        return _private(answer)

    return cast("Guarded[P]", guarded)


def _open(request: HttpRequest, link: SupplierLink, page: Page[P], *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    now = timezone.now()
    kind, most = ("answer", MOST_ANSWERS) if request.method == "POST" else ("look", MOST_LOOKS)
    if is_over_limit(what=f"link-{kind}", who=str(link.pk), most=most, seconds=TEN_MINUTES):
        return _too_many(request)
    if not is_usable(link, now):
        return render(request, "orders/supplier/over.html", {"link": link}, status=410)
    note_link_use(link=link, now=now)
    return page(request, link, *args, **kwargs)


def _refused(request: HttpRequest) -> HttpResponse:
    if is_over_limit(what="link-guess", who=sender_of(request), most=MOST_GUESSES, seconds=TEN_MINUTES):
        return _too_many(request)
    return render(request, "orders/supplier/over.html", {}, status=404)


def _too_many(request: HttpRequest) -> HttpResponse:
    answer = render(request, "orders/supplier/too_many.html", status=429)
    answer["Retry-After"] = str(TEN_MINUTES)
    return answer


def _private(answer: HttpResponse) -> HttpResponse:
    add_never_cache_headers(answer)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _language(request: HttpRequest, link: SupplierLink) -> str:
    """The one chosen on the page, else the supplier's, else the browser's."""
    for wanted in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), link.supplier.language):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return str(request.LANGUAGE_CODE)
