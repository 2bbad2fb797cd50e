"""What is done to a person with one press: off, on, and a new password."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, InvalidInput
from accounts.models import User
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_STAFF
from people.forms import GivenPasswordForm
from people.selectors.people import has_valid_keys, people_for
from people.services.activity import deactivate_person, reactivate_person
from people.services.links import give_password_link
from people.services.passwords import set_password
from people.views.departures import warn_of_what_ended
from people.views.person import person_page


@require_POST
@requires(MANAGE_STAFF)
def deactivate(request: UserRequest, pk: int) -> HttpResponse:
    """Switches the person off, and says what stood in their name."""
    found = _find(request, pk)
    try:
        left = deactivate_person(person_id=found.pk, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("people:person", pk)
    messages.success(
        request,
        _("%(name)s is switched off, signed out everywhere, and may no longer sign in.") % {"name": found},
    )
    warn_of_what_ended(request, left)
    return redirect("people:person", pk)


@require_POST
@requires(MANAGE_STAFF)
def reactivate(request: UserRequest, pk: int) -> HttpResponse:
    """Switches the person on again; they need a new password."""
    found = _find(request, pk)
    try:
        reactivate_person(person_id=found.pk, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("people:person", pk)
    messages.success(
        request, _("%(name)s may work again. Their old password is gone: give them a new one.") % {"name": found}
    )
    return redirect("people:person", pk)


@never_cache
@require_POST
@requires(MANAGE_STAFF)
def password(request: UserRequest, pk: int) -> HttpResponse:
    """Gives the person a new password."""
    found = _find(request, pk)
    form = GivenPasswordForm(request.POST)
    if not form.is_valid():
        return person_page(request, found, password_form=form)
    try:
        set_password(person_id=found.pk, password=form.cleaned_data["password"], actor=request.user, now=timezone.now())
    except InvalidInput as refusal:
        show_refusal(form, refusal)
        return person_page(request, found, password_form=form)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("people:person", pk)
    messages.success(request, _("The new password is saved. %(name)s is signed out everywhere.") % {"name": found})
    if has_valid_keys(found, now=timezone.now()):
        messages.warning(
            request,
            _("Programs go on with the API keys of %(name)s. To end these as well, switch the person off and on again.")
            % {"name": found},
        )
    return redirect("people:person", pk)


@never_cache
@require_POST
@requires(MANAGE_STAFF)
def link(request: UserRequest, pk: int) -> HttpResponse:
    """Makes a link with which the person chooses a password, and shows it this once."""
    found = _find(request, pk)
    try:
        made = give_password_link(person_id=found.pk, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("people:person", pk)
    return render(request, "people/link.html", {"link": made})


def _find(request: UserRequest, pk: int) -> User:
    return get_object_or_404(people_for(request.user), pk=pk)
