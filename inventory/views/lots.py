"""Lots: what stands where and expires when, one of them with where it went, and what is kept back."""

from collections.abc import Callable
from datetime import date
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE, HOLD_LOTS, VIEW_STOCK
from accounts.text import unfinished_file
from inventory.domain.sheets import csv_pieces
from inventory.forms_entry import parse_day
from inventory.forms_lots import LotFilterForm
from inventory.models import Lot, LotStatus, Sku
from inventory.selectors.lots import (
    RECALL_COLUMNS,
    lot_levels_for,
    lots_for,
    lots_used_up,
    movements_of,
    recall,
    recall_rows,
)
from inventory.services.lot_holds import correct_expiry, quarantine_lot, release_lot
from inventory.services.lot_tracking import start_lot_tracking, stop_lot_tracking
from inventory.views.lot_rows import lot_rows

ROWS_SHOWN = 50
MOVEMENTS_SHOWN = 100
GONE_SHOWN = 20


@require_safe
@requires(VIEW_STOCK)
def lots(request: UserRequest) -> HttpResponse:
    """What stands of each lot at the places of the user, what expires first at the top."""
    form = LotFilterForm(request.GET, user=request.user)
    now, place, within = timezone.now(), form.chosen("location"), form.chosen("within")
    found = lot_levels_for(
        request.user,
        now=now,
        location_id=place.pk if place else None,
        within_days=int(within) if within else None,
        status=form.chosen("status") or "",
        search=form.chosen("search") or "",
    )
    page = Paginator(found, ROWS_SHOWN).get_page(request.GET.get("page"))
    rows = lot_rows(page, now)
    is_fragment = request.htmx and not request.htmx.boosted
    name = "inventory/lots/_list.html" if is_fragment else "inventory/lots/list.html"
    search = form.chosen("search")
    gone = lots_used_up(request.user, search=search, most=GONE_SHOWN) if search else []
    return render(request, name, {"form": form, "page": page, "rows": rows, "gone": gone})


@require_safe
@requires(VIEW_STOCK)
def lot(request: UserRequest, pk: int) -> HttpResponse:
    """One lot: where it is, where it went, and why it is kept back."""
    found = get_object_or_404(lots_for(request.user), pk=pk)
    return _lot_page(request, found)


def _lot_page(request: UserRequest, found: Lot, problem: str = "", form: str = "") -> HttpResponse:
    """`form` names the one that was refused, which keeps what was typed in it."""
    now, state = timezone.now(), recall(request.user, found)
    for level in state.standing:
        level.lot = found
    context = {
        "lot": found,
        "recall": state,
        "rows": lot_rows(state.standing, now),
        "movements": movements_of(request.user, found)[:MOVEMENTS_SHOWN],
        "most": MOVEMENTS_SHOWN,
        "problem": problem,
        "refused": form,
        "is_quarantined": found.status == LotStatus.QUARANTINED,
    }
    return render(request, "inventory/lots/lot.html", context, status=422 if problem else 200)


@require_safe
@requires(VIEW_STOCK)
def recall_file(request: UserRequest, pk: int) -> HttpResponse:
    """Every movement of a lot as CSV, sent while it is read."""
    found = get_object_or_404(lots_for(request.user), pk=pk)
    pieces = csv_pieces(RECALL_COLUMNS, recall_rows(request.user, found), unfinished=unfinished_file())
    answer = StreamingHttpResponse(pieces)
    answer["Content-Type"] = "text/csv; charset=utf-8"
    name = slugify(f"{found.sku.code} {found.code}") or str(found.pk)
    answer["Content-Disposition"] = f'attachment; filename="recall-{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", answer)  # a page like the others, in pieces


@require_POST
@requires(HOLD_LOTS)
def quarantine(request: UserRequest, pk: int) -> HttpResponse:
    """Keeps it from being sold, everywhere."""
    return _act(request, pk, "quarantine", quarantine_lot, _("Lot %(lot)s is in quarantine. Nobody can sell it."))


@require_POST
@requires(HOLD_LOTS)
def release(request: UserRequest, pk: int) -> HttpResponse:
    """Lets it be sold again."""
    return _act(request, pk, "release", release_lot, _("Lot %(lot)s is released."))


@require_POST
@requires(HOLD_LOTS)
def expiry(request: UserRequest, pk: int) -> HttpResponse:
    """Gives it the last day that is printed on it; an empty field says that it never expires."""

    def correct(**given: object) -> Lot:
        return correct_expiry(expires_on=_day(request.POST.get("expires_on", "")), **given)  # type: ignore[arg-type]  # the same names

    return _act(request, pk, "expiry", correct, _("The last day of lot %(lot)s is corrected."))


def _day(text: str) -> date | None:
    day = parse_day(text.strip()[:20])
    if text.strip() and day is None:
        raise InvalidInput(_("“%(typed)s” is no date. Write it like 2027-03-31.") % {"typed": text[:20]})
    return day


def _act(request: UserRequest, pk: int, form: str, act: Callable[..., Lot], done: str) -> HttpResponse:
    found = get_object_or_404(lots_for(request.user), pk=pk)
    reason = request.POST.get("reason", "")
    try:
        act(lot_id=found.pk, reason=reason, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _lot_page(request, found, refusal.message, form)
    messages.success(request, done % {"lot": found.code})
    return redirect("inventory:lot", pk=found.pk)


@require_POST
@requires(EDIT_CATALOGUE)
def tracking(request: UserRequest, pk: int) -> HttpResponse:
    """Starts or stops tracking a SKU by lot."""
    sku = get_object_or_404(Sku, pk=pk)
    is_starting = request.POST.get("do") == "start"
    try:
        if is_starting:
            start_lot_tracking(sku_id=sku.pk, user=request.user, now=timezone.now())
        else:
            stop_lot_tracking(sku_id=sku.pk, user=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        text = _("%(name)s is tracked by lot now.") if is_starting else _("%(name)s is not tracked by lot any more.")
        messages.success(request, text % {"name": sku.name})
    return redirect("dashboards:sku", sku_id=sku.pk)
