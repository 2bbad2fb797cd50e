"""Requests to deliver: asked of all suppliers of a SKU at once, followed, withdrawn."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS, VIEW_ORDERS, permissions_of
from inventory.models import Sku
from orders.forms_request import NeedForm
from orders.selectors.supply_requests import askable, is_running, offers_of, request_history, requests_for
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
    """Who would be asked, and what; sends it to all of them."""
    sku = get_object_or_404(Sku, pk=sku_id, is_active=True)
    form = NeedForm(request.POST if request.method == "POST" else None, user=request.user, initial=_given(request))
    problem: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_suppliers(need=Need(sku=sku, **form.cleaned_data), user=request.user, now=timezone.now())
        except DomainError as error:
            problem = error
        else:
            messages.success(request, _("All of them are asked. The first to confirm gets the order."))
            return redirect("orders:supply_request", made.pk)
    suppliers = askable(sku)
    mailed = [row for row in suppliers if row.supplier.email]
    only = mailed[0] if len(mailed) == 1 else None
    context = {"sku": sku, "form": form, "problem": problem, "suppliers": suppliers, "only": only}
    return render(request, "orders/requests/ask.html", context, status=422 if problem or form.errors else 200)


def _given(request: UserRequest) -> dict[str, Any]:
    """What the page that led here knows of the need already."""
    known = {name: request.GET[name] for name in ("location", "quantity") if name in request.GET}
    if "." in known.get("quantity", ""):
        known["quantity"] = known["quantity"].rstrip("0").rstrip(".")
    return {"wanted_by": timezone.localdate() + DEFAULT_WAIT, **known}


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
