"""The list of reasons for adjustments."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE
from inventory.models import Reason
from inventory.services.reasons import add_reason, change_reason


@requires(EDIT_CATALOGUE)
def reasons(request: UserRequest) -> HttpResponse:
    """All of them, and a field for one more."""
    name = request.POST.get("name", "").strip()
    if request.method != "POST":
        return _page(request)
    try:
        add_reason(name=name, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, typed=name, problem=refusal)
    messages.success(request, _("“%(name)s” is on the list now.") % {"name": name})
    return redirect("inventory:reasons")


@requires(EDIT_CATALOGUE)
def edit_reason(request: UserRequest, pk: int) -> HttpResponse:
    """Renames one, or switches it on or off."""
    reason = Reason.objects.filter(pk=pk).first()
    if reason is None:
        raise Http404
    if request.method != "POST":
        return redirect("inventory:reasons")
    # A button switches, Save renames; each leaves the other as it is.
    switch = {"on": True, "off": False}.get(request.POST.get("switch", ""))
    name = request.POST.get("name", "").strip() if switch is None else reason.name
    is_active = reason.is_active if switch is None else switch
    # What is shown in the reader's language and comes back as shown was not renamed.
    name = reason.name if name == reason.title else name
    try:
        change_reason(reason_id=pk, name=name, is_active=is_active, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, problem=refusal)
    messages.success(request, _("The list of reasons is changed."))
    return redirect("inventory:reasons")


def _page(request: UserRequest, *, typed: str = "", problem: DomainError | None = None) -> HttpResponse:
    rows = Reason.objects.order_by("-is_active", "name")
    context = {"reasons": rows, "typed": typed, "problem": problem}
    return render(request, "inventory/reasons.html", context, status=422 if problem else 200)
