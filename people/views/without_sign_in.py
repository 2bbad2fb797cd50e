"""Pages for who cannot sign in yet: a link with which they set a password, and asking for one."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.models import PasswordLink
from accounts.rate_limits import is_over_limit
from accounts.selectors import find_password_link
from accounts.senders import sender_of
from accounts.services.password_links import is_usable, use_password_link
from people.forms import ForgottenForm, OwnPasswordForm
from people.services.links import send_forgotten_links

TEN_MINUTES = 600
# By the address they come from: links that open nothing, and requests for a link. By link: tries with weak passwords.
MOST_GUESSES, MOST_ASKED, MOST_TRIES = 30, 10, 30


@require_http_methods(["GET", "HEAD", "POST"])
def password_link(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a token that opens nothing, 410 for a link that is over, 429 for too many tries. Nothing of it is kept by
    browsers, found by search engines or written into logs."""
    link = find_password_link(token)
    with override(_language(request, link)):
        answer = _refuse(request) if link is None else _open(request, link)
    add_never_cache_headers(answer)
    # Django logs the address of whatever is refused, and this address may still open something.
    answer._has_been_logged = True  # type: ignore[attr-defined]  # as django.utils.log reads it
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Says the same whoever is named, so that nobody learns who works here. Not there without a mail server."""
    if not settings.HAS_MAIL_SERVER:
        raise Http404
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "people/forgotten.html", {"form": form}, status=422 if form.errors else 200)
    if is_over_limit(what="forgotten", who=sender_of(request), most=MOST_ASKED, seconds=TEN_MINUTES):
        return _too_many(request)
    send_forgotten_links(name=form.cleaned_data["name"].strip(), now=timezone.now())
    return render(request, "people/asked.html")


def _open(request: HttpRequest, link: PasswordLink) -> HttpResponse:
    if not is_usable(link, link.user, timezone.now()):
        return _over(request)
    if request.method == "POST" and is_over_limit(
        what="password-link", who=str(link.pk), most=MOST_TRIES, seconds=TEN_MINUTES
    ):
        return _too_many(request)
    form = OwnPasswordForm(link.user, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "person": link.user}
        return render(request, "people/choose_password.html", context, status=422 if form.errors else 200)
    try:
        use_password_link(link_id=link.pk, password=form.cleaned_data["new_password1"], now=timezone.now())
    except DomainError:
        return _over(request)
    messages.success(request, _("Your password is saved. Sign in with it as %(name)s.") % {"name": link.user.username})
    return redirect("accounts:sign_in")


def _refuse(request: HttpRequest) -> HttpResponse:
    if is_over_limit(what="password-guess", who=sender_of(request), most=MOST_GUESSES, seconds=TEN_MINUTES):
        return _too_many(request)
    return render(request, "people/link_over.html", {"is_unknown": True}, status=404)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "people/link_over.html", {"may_ask": settings.HAS_MAIL_SERVER}, status=410)


def _too_many(request: HttpRequest) -> HttpResponse:
    answer = render(request, "people/too_many.html", status=429)
    answer["Retry-After"] = str(TEN_MINUTES)
    return answer


def _language(request: HttpRequest, link: PasswordLink | None) -> str:
    """The one chosen on the page, else the person's, else the browser's."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    known = chosen or (link.user.language if link else "")
    return known if known in dict(settings.LANGUAGES) else str(request.LANGUAGE_CODE)
