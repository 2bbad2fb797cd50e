"""Shelves that will be empty before the ordinary delivery comes: all ways compared, and the one tap that acts."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS, SET_BUYING_RULES, VIEW_ORDERS, permissions_of
from inventory.domain.movements import plain
from orders.domain.emergency_ways import unpack_way
from orders.forms_emergency import EmergencySettingsForm, WayForm
from orders.models import Emergency, EmergencyState, OrderState
from orders.selectors.emergencies import emergencies_for, open_emergencies, ways_of
from orders.selectors.emergency_inputs import emergency_settings
from orders.services.emergency_decisions import approve_emergency, wait_for_delivery
from orders.services.emergency_settings import change_emergency_settings
from orders.views.reason_rows import reason_of

ROWS_A_PAGE = 50


@require_safe
@requires(VIEW_ORDERS)
def emergencies(request: UserRequest) -> HttpResponse:
    """Those of the user's places that wait for a decision, what saves most first."""
    return _list(request)


@require_safe
@requires(VIEW_ORDERS)
def emergency(request: UserRequest, pk: int) -> HttpResponse:
    """What waiting costs, and every way beside it."""
    return _page(request, get_object_or_404(emergencies_for(request.user), pk=pk))


@require_POST
@requires(DECIDE_PROPOSALS)
def approve(request: UserRequest, pk: int) -> HttpResponse:
    """Buys by express or moves; the same form sent twice does it once."""
    get_object_or_404(emergencies_for(request.user), pk=pk)
    form = WayForm(request.POST)
    if not form.is_valid():
        problem = InvalidInput(_("Choose one of the ways on this page."))
        return _page(request, get_object_or_404(emergencies_for(request.user), pk=pk), problem=problem, status=422)
    try:
        row = approve_emergency(emergency_id=pk, user=request.user, now=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        return _page(request, get_object_or_404(emergencies_for(request.user), pk=pk), problem=error, status=422)
    messages.success(request, _said(row))
    return redirect("orders:emergency", pk)


@require_POST
@requires(DECIDE_PROPOSALS)
def wait(request: UserRequest, pk: int) -> HttpResponse:
    """Nothing is done until the ordinary delivery."""
    get_object_or_404(emergencies_for(request.user), pk=pk)
    try:
        wait_for_delivery(emergency_id=pk, user=request.user, now=timezone.now())
    except DomainError as error:
        return _page(request, get_object_or_404(emergencies_for(request.user), pk=pk), problem=error, status=422)
    messages.success(request, _("You wait for the ordinary delivery, and are not asked again before it."))
    return redirect("orders:emergency", pk)


@require_POST
@requires(SET_BUYING_RULES)
def change_settings(request: UserRequest) -> HttpResponse:
    """What a move costs, and from what saving on somebody is called."""
    form = EmergencySettingsForm(request.POST)
    if not form.is_valid():
        return _list(request, settings_form=form, status=422)
    change_emergency_settings(changes=form.cleaned_data, actor=request.user, now=timezone.now())
    messages.success(request, _("It holds from the next look on."))
    return redirect("orders:emergencies")


def _said(row: Emergency) -> str:
    if row.transfer:
        return _("Transfer %(number)s is made. Tell %(place)s to send it today.") % {
            "number": row.transfer.number,
            "place": row.transfer.source.name,
        }
    order = row.purchase_order
    number = order.number if order else ""
    if order and order.state == OrderState.AWAITING_APPROVAL:
        return _("%(number)s is above your limit: a second person has to approve it.") % {"number": number}
    if order and not order.supplier.email:
        return _("%(number)s is ordered. The supplier has no e-mail address: call them now.") % {"number": number}
    return _("%(number)s is ordered by express; the supplier gets the e-mail now.") % {"number": number}


def _page(
    request: UserRequest, row: Emergency, *, problem: DomainError | None = None, status: int = 200
) -> HttpResponse:
    is_open = row.state == EmergencyState.OPEN
    context = {
        "found": row,
        "ways": [(way, plain(way.quantity)) for way in ways_of(row)],
        "chosen": unpack_way(row.chosen) if row.chosen else None,
        "reason": reason_of(row.reason, ""),
        "key": uuid4().hex,
        "is_open": is_open,
        "may_decide": is_open and DECIDE_PROPOSALS in permissions_of(request.user),
        "problem": problem,
    }
    return render(request, "orders/emergencies/emergency.html", context, status=status)


def _list(request: UserRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    page = Paginator(open_emergencies(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    firm = emergency_settings()
    context = {
        "page": page,
        "rows": [(row, ways_of(row)[0]) for row in page],
        "firm": firm,
        "may_set": SET_BUYING_RULES in permissions_of(request.user),
        "settings_form": EmergencySettingsForm(
            initial={"transfer_cost": firm.transfer_cost, "least_saving": firm.least_saving}
        ),
        **extra,
    }
    return render(request, "orders/emergencies/list.html", context, status=status)
