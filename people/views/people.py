"""The list of people, and a new one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError
from accounts.models import User
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_STAFF
from people.forms import NewPersonForm, PeopleFilter
from people.selectors.people import found_people, people_for
from people.services.links import MadeLink, add_person

ROWS_A_PAGE = 50


@require_safe
@requires(MANAGE_STAFF)
def people(request: UserRequest) -> HttpResponse:
    """Those whom the user administers, the active ones unless others are asked for."""
    form = PeopleFilter(request.GET)
    search, is_active = form.chosen()
    found = found_people(people_for(request.user), search=search, is_active=is_active)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    name = "people/_people.html" if request.htmx and not request.htmx.boosted else "people/people.html"
    return render(request, name, {"page": page, "form": form, "is_filtered": bool(search) or is_active is not True})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE_STAFF)
def new_person(request: UserRequest) -> HttpResponse:
    """Adds somebody; without a first password the next page shows a link to set one, this once only."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, actor=request.user)
    made = _add(request, form) if form.is_bound and form.is_valid() else None
    if made is None:
        return render(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)
    person, link = made
    messages.success(request, _("%(name)s is added.") % {"name": person})
    if link is None:
        return redirect("people:person", person.pk)
    return render(request, "people/link.html", {"link": link})


def _add(request: UserRequest, form: NewPersonForm) -> tuple[User, MadeLink | None] | None:
    try:
        return add_person(**form.values(), actor=request.user, now=timezone.now())
    except DomainError as refusal:
        show_refusal(form, refusal)
    return None
