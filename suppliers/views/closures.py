"""Closing periods of a supplier: those that are noted, and public holidays to choose from."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_SUPPLIERS, VIEW_ORDERS, permissions_of
from inventory.domain.countries import country_of
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from suppliers.domain.calendar import Closure
from suppliers.domain.closing_offers import offers
from suppliers.forms import ClosureForm, OfferForm, offered_until
from suppliers.models import Supplier, SupplierClosure
from suppliers.selectors.calendars import closures_of
from suppliers.services.closures import add_closures, change_closure, drop_closure


@require_safe
@requires(VIEW_ORDERS)
def closures(request: UserRequest, pk: int) -> HttpResponse:
    """The list; with `?country=` the holidays of that country that are not in it."""
    return _page(request, get_object_or_404(Supplier, pk=pk))


@require_POST
@requires(EDIT_SUPPLIERS)
def add(request: UserRequest, pk: int) -> HttpResponse:
    """One period as typed."""
    supplier, form = get_object_or_404(Supplier, pk=pk), ClosureForm(request.POST)
    if form.is_valid() and _add(request, form, supplier, [form.as_closure()]):
        return _done(request, pk, 1)
    return _page(request, supplier, form=form)


@require_POST
@requires(EDIT_SUPPLIERS)
def add_offered(request: UserRequest, pk: int) -> HttpResponse:
    """Those that were ticked; each is named by its place in the offer."""
    supplier = get_object_or_404(Supplier, pk=pk)
    form = OfferForm(request.POST, at_first=_country(supplier))
    if form.is_valid():
        ticked = set(request.POST.getlist("offer"))
        chosen = [each for each in _offered(form) if _key(each) in ticked]
        if _add(request, form, supplier, chosen):
            return _done(request, pk, len(chosen))
    return _page(request, supplier, offer_form=form)


@requires(EDIT_SUPPLIERS)
def change(request: UserRequest, pk: int, closure_id: int) -> HttpResponse:
    """Another name or other days."""
    row = get_object_or_404(SupplierClosure.objects.select_related("supplier"), pk=closure_id, supplier_id=pk)
    form = ClosureForm(request.POST if request.method == "POST" else None, closure=row)
    if request.method == "POST" and form.is_valid():
        try:
            change_closure(closure_id=row.pk, closure=form.as_closure(), actor=request.user, now=timezone.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved. The next plan follows it."))
            return redirect("suppliers:closures", pk=pk)
    context = {"form": form, "supplier": row.supplier, "closure": row}
    return render(request, "suppliers/closure.html", context, status=422 if form.errors else 200)


@require_POST
@requires(EDIT_SUPPLIERS)
def drop(request: UserRequest, pk: int, closure_id: int) -> HttpResponse:
    """They work on these days after all."""
    row = get_object_or_404(SupplierClosure, pk=closure_id, supplier_id=pk)
    drop_closure(closure_id=row.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("The period is dropped. The next plan follows it."))
    return redirect("suppliers:closures", pk=pk)


def _add(request: UserRequest, form: Any, supplier: Supplier, chosen: list[Closure]) -> bool:
    try:
        add_closures(supplier_id=supplier.pk, closures=chosen, actor=request.user, now=timezone.now())
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _done(request: UserRequest, pk: int, count: int) -> HttpResponse:
    text = ngettext("%(count)d period is noted.", "%(count)d periods are noted.", count) % {"count": count}
    follows = _("The next plan follows it.")
    messages.success(request, f"{text} {follows}")
    return redirect("suppliers:closures", pk=pk)


def _country(supplier: Supplier) -> str:
    """Where the supplier sits by their time zone, else where our first place is; empty where neither tells."""
    if supplier.time_zone:
        return country_of("", supplier.time_zone)
    place = Location.objects.filter(is_active=True, kind__in=STOCKING_KINDS).order_by("pk").first()
    return country_of(place.country, place.time_zone) if place else ""


def _offered(form: OfferForm) -> list[Closure]:
    today = timezone.localdate()
    return offers(form.cleaned_data["country"], form.cleaned_data["region"], today, offered_until(today))


def _key(closure: Closure) -> str:
    return f"{closure.first.isoformat()}/{closure.name}"


def _page(request: UserRequest, supplier: Supplier, **refused: Any) -> HttpResponse:
    offer_form = refused.get("offer_form") or OfferForm(
        request.GET if "country" in request.GET else None, at_first=_country(supplier)
    )
    rows = list(closures_of(supplier))
    there = {(row.name, row.starts_on) for row in rows}
    is_asked = offer_form.is_bound and (offer_form.is_valid() or not offer_form.has_error("region"))
    offered = _offered(offer_form) if is_asked and offer_form.cleaned_data.get("country") else []
    context = {
        "supplier": supplier,
        "closures": rows,
        "today": timezone.localdate(),
        "form": refused.get("form") or ClosureForm(),
        "offer_form": offer_form,
        "offered": [(_key(each), each) for each in offered if (each.name, each.first) not in there],
        "may_edit": EDIT_SUPPLIERS in permissions_of(request.user),
    }
    return render(request, "suppliers/closures.html", context, status=422 if refused else 200)
