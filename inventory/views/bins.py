"""The tree of places: stores and warehouses with the bins inside them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.domain.variants import expand_codes
from inventory.selectors.bins import bin_trees, bins_for
from inventory.selectors.scope import locations_for
from inventory.services.bins import change_bin, create_bins
from inventory.services.places import set_may_go_negative


@requires(VIEW_STOCK)
def bins(request: UserRequest) -> HttpResponse:
    """The trees of the user's places; for those who may, with a field for more bins."""
    return _page(request)


@requires(EDIT_CATALOGUE)
def new_bins(request: UserRequest) -> HttpResponse:
    """Makes bins with the codes that were typed."""
    if request.method != "POST":
        return redirect("inventory:bins")
    known = {str(place.pk): place.pk for place in locations_for(request.user)}
    known |= {str(pk): pk for pk in bins_for(request.user)}
    parent, text = request.POST.get("parent", ""), request.POST.get("codes", "")[:4000]
    if parent not in known:
        raise Http404
    try:
        made = create_bins(parent_id=known[parent], codes=expand_codes(text), user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, problem=refusal, parent=parent, codes=text)
    messages.success(
        request, ngettext("%(count)d bin is made.", "%(count)d bins are made.", len(made)) % {"count": len(made)}
    )
    return redirect("inventory:bins")


@requires(EDIT_CATALOGUE)
def edit_bin(request: UserRequest, pk: int) -> HttpResponse:
    """Renames a bin, closes it or opens it again."""
    place = bins_for(request.user).get(pk)
    if place is None:
        raise Http404
    if request.method != "POST":
        return redirect("inventory:bins")
    switch = {"on": True, "off": False}.get(request.POST.get("switch", ""))
    name = request.POST.get("name", "").strip() if switch is None else place.name
    is_active = place.is_active if switch is None else switch
    try:
        change_bin(bin_id=pk, name=name, is_active=is_active, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, problem=refusal)
    messages.success(request, _("%(name)s is changed.") % {"name": name})
    return redirect("inventory:bins")


@requires(EDIT_CATALOGUE)
def edit_place(request: UserRequest, pk: int) -> HttpResponse:
    """Says whether a store or warehouse may sell what is not booked yet."""
    place = get_object_or_404(locations_for(request.user), pk=pk)
    if request.method != "POST":
        return redirect("inventory:bins")
    is_allowed = {"on": True, "off": False}.get(request.POST.get("switch", ""), place.may_go_negative)
    try:
        set_may_go_negative(location_id=pk, is_allowed=is_allowed, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, problem=refusal)
    messages.success(request, _("%(name)s is changed.") % {"name": place.name})
    return redirect("inventory:bins")


def _page(
    request: UserRequest, *, problem: DomainError | None = None, parent: str = "", codes: str = ""
) -> HttpResponse:
    context = {"trees": bin_trees(request.user), "problem": problem, "parent": parent, "codes": codes}
    return render(request, "inventory/bins.html", context, status=422 if problem else 200)
