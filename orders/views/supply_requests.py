"""Requests to deliver: asked of all suppliers of a SKU at once, followed, withdrawn."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS, VIEW_ORDERS, permissions_of
from inventory.domain.movements import plain
from inventory.models import Sku
from orders.domain.whole_packs import proposed_for_all
from orders.forms_request import NeedForm, WhoForm
from orders.models import PurchaseOrderLine
from orders.selectors.supply_requests import (
    Askable,
    askable,
    is_running,
    offers_of,
    request_history,
    requests_for,
    short_line,
)
from orders.services.supply_requests import Need, ask_suppliers, withdraw_request
from orders.views.history_words import history_rows

ROWS_A_PAGE = 50
DEFAULT_WAIT = timedelta(days=2)


@require_safe
@requires(VIEW_ORDERS)
def supply_requests(request: UserRequest) -> HttpResponse:
    """Those of the user's places."""
    page = Paginator(requests_for(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [(found, is_running(found, now)) for found in page]
    return render(request, "orders/requests/list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def ask(request: UserRequest, sku_id: int) -> HttpResponse:
    """Who would be asked, and what; sends it to those who are ticked."""
    sku = get_object_or_404(Sku, pk=sku_id, is_active=True)
    suppliers, short = askable(sku), _short(request, sku)
    mailed = [row for row in suppliers if row.supplier.email]
    typed = request.POST if request.method == "POST" else None
    usual = [row for row in mailed if not short or row.supplier.pk != short.order.supplier_id]
    form = NeedForm(typed, user=request.user, initial=_given(request, usual))
    who = WhoForm(typed, suppliers=[row.supplier for row in mailed])
    problem: DomainError | None = None
    if form.is_valid() & who.is_valid():
        need = Need(sku=sku, supplier_ids=who.cleaned_data["suppliers"], **form.cleaned_data)
        try:
            made = ask_suppliers(need=need, user=request.user, now=timezone.now())
        except DomainError as error:
            problem = error
        else:
            messages.success(request, _("All of them are asked. The first to confirm gets the order."))
            return redirect("orders:supply_request", made.pk)
    ticked = _ticked(typed, mailed) if typed else usual
    units = _number(str(form["quantity"].value() or ""))
    rows = [(row, row in ticked, row.units_for(units) if units else None) for row in suppliers]
    only = ticked[0] if len(ticked) == 1 else None
    context = {
        "sku": sku, "form": form, "who": who, "problem": problem, "rows": rows, "only": only, "short": short,
        "units": units, "nobody_else": short is not None and bool(mailed) and not usual and not ticked,
    }  # fmt: skip
    failed = problem or form.errors or who.errors
    return render(request, "orders/requests/ask.html", context, status=422 if failed else 200)


def _ticked(typed: QueryDict, rows: Sequence[Askable]) -> list[Askable]:
    return [row for row in rows if str(row.supplier.pk) in typed.getlist("suppliers")]


def _short(request: UserRequest, sku: Sku) -> PurchaseOrderLine | None:
    """The line of which less comes, where one came from there."""
    line_id = id_of(request.GET.get("line", ""))
    return None if line_id is None else short_line(sku, line_id, request.user)


def _given(request: UserRequest, asked: Sequence[Askable]) -> dict[str, Any]:
    """What the page that led here knows of the need already, in whole packs of those who are asked."""
    known: dict[str, Any] = {name: request.GET[name] for name in ("location", "quantity") if name in request.GET}
    units = _number(known.get("quantity", ""))
    if units:
        known["quantity"] = plain(proposed_for_all(units, [row.pack_size for row in asked]))
    return {"wanted_by": timezone.localdate() + DEFAULT_WAIT, **known}


def _number(text: str) -> Decimal | None:
    """A quantity as the form takes it."""
    try:
        return cast("Decimal", NeedForm.base_fields["quantity"].clean(text))
    except ValidationError:
        return None


@require_safe
@requires(VIEW_ORDERS)
def supply_request(request: UserRequest, pk: int) -> HttpResponse:
    """Who was asked, and what they said."""
    found = get_object_or_404(requests_for(request.user), pk=pk)
    running = is_running(found, timezone.now())
    context = {
        "found": found,
        "offers": offers_of(found),
        "is_running": running,
        "history": history_rows(request_history(found)),
        "may_withdraw": running and DECIDE_PROPOSALS in permissions_of(request.user),
    }
    return render(request, "orders/requests/request.html", context)


@require_POST
@requires(DECIDE_PROPOSALS)
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """It is not needed any more."""
    found = get_object_or_404(requests_for(request.user), pk=pk)
    try:
        withdraw_request(request_id=found.pk, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Withdrawn. The suppliers are told."))
    return redirect("orders:supply_request", pk)
