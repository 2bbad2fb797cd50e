"""The tree of places: stores and warehouses with the bins inside them."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.domain.variants import expand_codes
from inventory.models import Location
from inventory.selectors.bins import Node, bin_trees, bins_for
from inventory.selectors.scope import locations_for
from inventory.services.bins import change_bin, create_bins
from inventory.services.places import set_may_go_negative

# A warehouse has thousands; the fields of each are half a kilobyte.
BINS_A_PAGE = 200


@requires(VIEW_STOCK)
def bins(request: UserRequest) -> HttpResponse:
    """The trees of the user's places; for those who may, with a field for more bins."""
    return _page(request)


@requires(EDIT_CATALOGUE)
def new_bins(request: UserRequest) -> HttpResponse:
    """Makes bins with the codes that were typed."""
    if request.method != "POST":
        return _back(request)
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
    return _back(request)


@requires(EDIT_CATALOGUE)
def edit_bin(request: UserRequest, pk: int) -> HttpResponse:
    """Renames a bin, closes it or opens it again."""
    place = bins_for(request.user).get(pk)
    if place is None:
        raise Http404
    if request.method != "POST":
        return _back(request)
    switch = {"on": True, "off": False}.get(request.POST.get("switch", ""))
    name = request.POST.get("name", "").strip() if switch is None else place.name
    is_active = place.is_active if switch is None else switch
    try:
        change_bin(bin_id=pk, name=name, is_active=is_active, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, problem=refusal)
    messages.success(request, _("%(name)s is changed.") % {"name": name})
    return _back(request)


@requires(EDIT_CATALOGUE)
def edit_place(request: UserRequest, pk: int) -> HttpResponse:
    """Says whether a store or warehouse may sell what is not booked yet."""
    place = get_object_or_404(locations_for(request.user), pk=pk)
    if request.method != "POST":
        return _back(request)
    is_allowed = {"on": True, "off": False}.get(request.POST.get("switch", ""), place.may_go_negative)
    try:
        set_may_go_negative(location_id=pk, is_allowed=is_allowed, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, problem=refusal)
    messages.success(request, _("%(name)s is changed.") % {"name": place.name})
    return _back(request)


@dataclass(frozen=True)
class Shown:
    """A store or warehouse with how many bins it has, and those of them that the page shows; None where it shows none
    until somebody asks."""

    place: Location
    count: int
    page: Page[Node] | None


def _page(
    request: UserRequest, *, problem: DomainError | None = None, parent: str = "", codes: str = ""
) -> HttpResponse:
    context = {"shown": _shown(request), "problem": problem, "parent": parent, "codes": codes}
    return render(request, "inventory/bins.html", context, status=422 if problem else 200)


def _shown(request: UserRequest) -> list[Shown]:
    """All bins of a small firm; where there are many, those of one place at a time."""
    trees, chosen = bin_trees(request.user), id_of(request.GET.get("inside", ""))
    is_small = sum(map(len, trees)) <= BINS_A_PAGE
    return [
        Shown(root.place, len(bins), _bins_page(request, bins) if is_small or chosen == root.place.pk else None)
        for root, *bins in trees
    ]


def _bins_page(request: UserRequest, bins: list[Node]) -> Page[Node]:
    return Paginator(bins, BINS_A_PAGE).get_page(request.GET.get("page"))


def _back(request: UserRequest) -> HttpResponse:
    """To the bins among which the act was done."""
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("inventory:bins") + asked)
