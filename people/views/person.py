"""One person: what may be changed, how they sign in, and what was done to them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.refusals import save_as_seen
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_STAFF
from accounts.stale import differences_if_late
from people.forms import GivenPasswordForm, PersonForm
from people.selectors.history import history_of
from people.selectors.people import people_for
from people.services.departures import Departure
from people.services.people import change_person
from people.versions import PERSON
from people.views.departures import warn_of_what_ended
from people.views.history_words import history_rows

HISTORY_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE_STAFF)
def person(request: UserRequest, pk: int) -> HttpResponse:
    """The form. A refusal stands beside its field, and the entry stays."""
    found = get_object_or_404(people_for(request.user), pk=pk)
    form = PersonForm(request.POST if request.method == "POST" else None, actor=request.user, person=found)
    left = _save(request, form, pk) if form.is_bound and form.is_valid() else None
    if left is not None:
        messages.success(request, _("Saved."))
        warn_of_what_ended(request, left)
        return redirect("people:person", pk)
    return person_page(request, found, form=form)


def person_page(
    request: UserRequest,
    found: User,
    *,
    form: PersonForm | None = None,
    password_form: GivenPasswordForm | None = None,
) -> HttpResponse:
    """The page with the entry of one of its forms, the others fresh."""
    form = form or PersonForm(actor=request.user, person=found)
    password_form = password_form or GivenPasswordForm()
    context = {
        "person": found,
        "form": form,
        "password_form": password_form,
        "is_self": found.pk == request.user.pk,
        "history": history_rows(history_of(found)[:HISTORY_SHOWN]),
        "version": PERSON.version_of(found.pk),
        "differences": differences_if_late(form, lambda: PersonForm(actor=request.user, person=found)),
    }
    return render(request, "people/person.html", context, status=422 if form.errors or password_form.errors else 200)


def _save(request: UserRequest, form: PersonForm, pk: int) -> Departure | None:
    """What ended with the change; None where it was refused."""
    done: list[Departure] = []

    def write() -> None:
        done.append(change_person(person_id=pk, changes=form.values(), actor=request.user, now=timezone.now()))

    return done[0] if save_as_seen(request, form, kind=PERSON, pk=pk, act=write) else None
