"""Styles: their list, their card, and the matrix of their variants."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.forms_style import AxisRow, StyleForm, axis_changes, axis_rows, read_axes
from inventory.models import Style
from inventory.selectors.scope import locations_for
from inventory.selectors.styles import read_matrix, styles_for
from inventory.services.styles import create_style, update_style
from inventory.services.variants import create_variants

ROWS_SHOWN = 50


@requires(VIEW_STOCK)
def styles(request: UserRequest) -> HttpResponse:
    """All styles of the user's stores; whoever edits the catalogue sees those without stores too."""
    search = request.GET.get("q", "").strip()[:100]
    found = styles_for(request.user)
    if search:
        found = found.filter(name__icontains=search) | found.filter(code__icontains=search)
    page = Paginator(found, ROWS_SHOWN).get_page(request.GET.get("page"))
    return render(request, "inventory/styles.html", {"page": page, "search": search})


@requires(VIEW_STOCK)
def style(request: UserRequest, pk: int) -> HttpResponse:
    """The stock of a style as a matrix, at one place or at all of the user's."""
    found = get_object_or_404(styles_for(request.user), pk=pk)
    places = list(locations_for(request.user))
    chosen = next((place for place in places if str(place.pk) == request.GET.get("location")), None)
    shown = [chosen] if chosen else places
    context = {
        "style": found,
        "matrix": read_matrix(found, location_ids=[place.pk for place in shown]),
        "places": places,
        "chosen": chosen,
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "inventory/_style.html", context)
    return render(request, "inventory/style.html", context)


@requires(EDIT_CATALOGUE)
def new_style(request: UserRequest) -> HttpResponse:
    """A blank card."""
    return _card(request, None)


@requires(EDIT_CATALOGUE)
def edit_style(request: UserRequest, pk: int) -> HttpResponse:
    """The card with its axes and values."""
    return _card(request, get_object_or_404(styles_for(request.user), pk=pk))


@requires(EDIT_CATALOGUE)
def make_variants(request: UserRequest, pk: int) -> HttpResponse:
    """Makes the variants of the ticked cells, or all that are missing."""
    found = get_object_or_404(styles_for(request.user), pk=pk)
    if request.method != "POST":
        return redirect("inventory:style", pk=pk)
    keys = None if "all" in request.POST else request.POST.getlist("cell")
    if keys == []:
        messages.error(request, _("No cell is ticked. Tick those that exist in reality, or make them all."))
        return redirect("inventory:style", pk=pk)
    own = set(locations_for(request.user).values_list("pk", flat=True))
    chosen = [place for place in own if str(place) in request.POST.getlist("on_sale")]
    try:
        made = create_variants(style_id=found.pk, keys=keys, user=request.user, now=timezone.now(), location_ids=chosen)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        text = ngettext("%(count)d variant is made.", "%(count)d variants are made.", len(made))
        messages.success(request, text % {"count": len(made)})
    return redirect("inventory:style", pk=pk)


def _card(request: UserRequest, found: Style | None) -> HttpResponse:
    form = StyleForm(request.POST or None, instance=found)
    if request.method != "POST":
        return _form_page(request, form, axis_rows(found), found)
    axes = read_axes(request.POST)
    saved = _save(request, form, axes, found) if form.is_valid() else None
    if saved is None:
        return _form_page(request, form, axes, found)
    messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
    return redirect("inventory:style", pk=saved.pk)


def _form_page(request: UserRequest, form: StyleForm, axes: list[AxisRow], found: Style | None) -> HttpResponse:
    context = {"form": form, "axes": axes, "style": found}
    return render(request, "inventory/style_edit.html", context, status=422 if form.errors else 200)


def _save(request: UserRequest, form: StyleForm, axes: list[AxisRow], found: Style | None) -> Style | None:
    now, changes = timezone.now(), axis_changes(axes)
    try:
        if found is None:
            return create_style(values=form.values(), axes=changes, user=request.user, now=now)
        return update_style(style_id=found.pk, values=form.values(), axes=changes, user=request.user, now=now)
    except DomainError as refusal:
        name = str(refusal.details[0].get("field", "")) if refusal.details else ""
        form.add_error(name if name in form.fields else None, refusal.message)
        return None
