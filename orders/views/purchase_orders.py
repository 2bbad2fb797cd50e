"""The purchase order pages: the list, one order, receiving, cancelling, closing short."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.ids import ids_of
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, RECEIVE_ORDERS, VIEW_ORDERS, permissions_of
from inventory.domain.days import local_date
from inventory.errors import KeyAlreadyUsed
from orders.forms import OrderFilterForm
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine
from orders.selectors.lots_of_lines import with_lots
from orders.selectors.order_pages import (
    due_day,
    is_late,
    lines_to_receive,
    list_orders,
    order_history,
    order_lines,
    order_messages,
    order_receipts,
    order_returns,
    order_revisions,
    orders_for,
)
from orders.selectors.refusals import refusal_of
from orders.selectors.supplier_links import last_answer, links_of_order
from orders.selectors.supply_requests import asked_since, is_running, request_behind
from orders.services.approvals import approve_order, approve_orders, refuse_order
from orders.services.purchase_orders import cancel_order, close_order, mark_order_sent
from orders.services.receipts import receive_order
from orders.views.entries import nothing_received, prefilled, refuse, typed
from orders.views.history_words import history_rows
from orders.views.order_acts import acts_of, approval_of, releases_of, turned_away
from orders.views.revision_rows import revision_rows

ROWS_A_PAGE = 50
LINKS_SHOWN = 5
TOTAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


@require_safe
@requires(VIEW_ORDERS)
def purchase_orders(request: UserRequest) -> HttpResponse:
    """Orders of the user's places."""
    return _list(request, request.GET)


def _list(request: UserRequest, query: QueryDict, problem: DomainError | None = None) -> HttpResponse:
    """As filtered by `query`; what waits for a second person can be ticked by who may approve it."""
    form = OrderFilterForm(query, user=request.user)
    page = Paginator(list_orders(request.user, form.as_filter()), ROWS_A_PAGE).get_page(query.get("page"))
    now = timezone.now()
    releases = releases_of(page.object_list, request.user, now)
    rows = [
        (order, is_late(order, local_date(now, order.location.time_zone)), releases.get(order.pk)) for order in page
    ]
    is_fragment = request.htmx and not request.htmx.boosted
    name = "orders/_purchase_orders.html" if is_fragment else "orders/purchase_orders.html"
    context = {
        "form": form, "page": page, "rows": rows, "problem": problem, "query": query.urlencode(), "key": uuid4().hex,
        "ticked": request.POST.getlist("order"), "may_tick": any(release.may_approve for release in releases.values()),
    }  # fmt: skip
    return render(request, name, context, status=422 if problem else 200)


@require_POST
@requires(APPROVE_ORDERS)
def approve_ticked(request: UserRequest) -> HttpResponse:
    """The second person's yes to all that was ticked, or to none: then each that is refused is named."""
    query = QueryDict(request.POST.get("query", ""))
    ids = set(ids_of(request.POST.getlist("order")))
    totals = {pk: request.POST.get(f"seen-{pk}", "") for pk in ids}
    seen = {pk: Decimal(text) for pk, text in totals.items() if TOTAL.fullmatch(text)}
    if not ids or orders_for(request.user).filter(pk__in=ids).count() != len(ids):
        problem = InvalidInput(_("Tick the orders that you approve. Those that are gone stand here no more."))
        return _list(request, query, problem)
    try:
        orders = approve_orders(order_ids=ids, user=request.user, now=timezone.now(), seen=seen)
    except DomainError as refusal:
        return _list(request, query, refusal)
    count = len(orders)
    messages.success(
        request,
        ngettext("%(count)d order is approved. Its supplier gets it.",
                 "%(count)d orders are approved. Their suppliers get them.", count) % {"count": count},
    )  # fmt: skip
    return redirect(f"{reverse('orders:purchase_orders')}?{query.urlencode()}".rstrip("?"))


@require_safe
@requires(VIEW_ORDERS)
def purchase_order(request: UserRequest, pk: int) -> HttpResponse:
    """One order: what was bought, what came, who did what."""
    order = _order(request, pk)
    lines, now, history = order_lines(order), timezone.now(), list(order_history(order))
    context = {
        "order": order,
        "lines": lines,
        "arrivals": with_lots(order_receipts(order)),
        "history": history_rows(history),
        "refusal": refusal_of(order, history),
        "mails": order_messages(order),
        "revisions": revision_rows(order_revisions(order)),
        "returns": with_lots(order_returns(order)),
        **_word_of(order, lines, now),
        "links": links_of_order(order)[:LINKS_SHOWN],
        "now": now,
        "is_late": is_late(order, local_date(now, order.location.time_zone)),
        "is_foreign": order.currency != settings.DEFAULT_CURRENCY,
        **acts_of(order, permissions_of(request.user)),
        **approval_of(order, request.user, now),
    }
    return render(request, "orders/purchase_order.html", context)


def _word_of(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], now: datetime) -> dict[str, Any]:
    """What the supplier said of each line, and what was asked of all suppliers since because less comes."""
    asked, answered = asked_since(order, lines), last_answer(order)
    said = [(line, asked.get(line.sku_id)) for line in lines if line.confirmed_quantity is not None]
    return {
        "answered": answered,
        "behind": request_behind(order) if said and answered is None else None,
        "words": [(line, found, found is not None and is_running(found, now)) for line, found in said],
    }


def _taken_in(order: PurchaseOrder) -> str:
    """Says whether something is still to come; who received a part must not believe it done."""
    order.refresh_from_db(fields=["state"])
    if order.state == OrderState.PARTLY_RECEIVED and not any(line.coming for line in order.lines.all()):
        said = _("What came of %(number)s is on the shelf; the rest will not come, by the word of the supplier.")
        return said % {"number": order.number}
    if order.state == OrderState.PARTLY_RECEIVED:
        return _("What came of %(number)s is on the shelf; the rest stays on order.") % {"number": order.number}
    return _("It is on the shelf: %(number)s is received.") % {"number": order.number}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RECEIVE_ORDERS)
def receive(request: UserRequest, pk: int) -> HttpResponse:
    """Takes in what came; every line is filled with what is to come, so a whole delivery is one tap."""
    order = _order(request, pk)
    if away := turned_away(request, order, "receive"):
        return away
    lines = lines_to_receive(order)
    problem: DomainError | None = None
    key = request.POST.get("key", "") or uuid4().hex
    entries = typed(lines, request.POST) if request.method == "POST" else prefilled(lines)
    if request.method == "POST" and not any(entry.error for entry in entries):
        quantities = {entry.line.pk: entry.quantity for entry in entries if entry.quantity}
        try:
            lots = {entry.line.pk: entry.lot_name for entry in entries if entry.lot_name}
            receive_order(order_id=pk, key=key, user=request.user, now=timezone.now(), quantities=quantities, lots=lots)
        except DomainError as error:
            refuse(entries, error)
            is_beside = len(error.details) == sum(bool(entry.error) for entry in entries)
            problem = nothing_received() if error.details and is_beside else error
        else:
            messages.success(request, _taken_in(order))
            return redirect("orders:purchase_order", pk)
    elif request.method == "POST":
        problem = nothing_received()
    key = uuid4().hex if isinstance(problem, KeyAlreadyUsed) else key
    context = {"order": order, "entries": entries, "key": key, "problem": problem}
    return render(request, "orders/receive.html", context, status=422 if problem else 200)


@require_POST
@requires(APPROVE_ORDERS)
def approve(request: UserRequest, pk: int) -> HttpResponse:
    """The second person's yes."""
    return _act(request, pk, _approve, _("The order is approved. The supplier gets it."))


@require_POST
@requires(APPROVE_ORDERS)
def refuse_one(request: UserRequest, pk: int) -> HttpResponse:
    """The second person's no, with the reason."""
    return _act(request, pk, _refuse, _("The order is refused. What it was to bring shows as a need again."))


@require_POST
@requires(DECIDE_PROPOSALS)
def cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Cancels an order of which nothing has come."""
    return _act(request, pk, _cancel, _("The order is cancelled."))


@require_POST
@requires(DECIDE_PROPOSALS)
def close(request: UserRequest, pk: int) -> HttpResponse:
    """Gives up what has not come."""
    return _act(request, pk, _close, _("The order is closed. What has not come is no longer expected."))


@require_POST
@requires(DECIDE_PROPOSALS)
def mark_sent(request: UserRequest, pk: int) -> HttpResponse:
    """Notes that a person told the supplier."""
    return _act(request, pk, _mark_sent, _("Noted: the supplier has the order."))


Act = Callable[[int, UserRequest, datetime], PurchaseOrder]


def _act(request: UserRequest, pk: int, act: Act, done: str) -> HttpResponse:
    _order(request, pk)
    try:
        act(pk, request, timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("orders:purchase_order", pk)


def _approve(pk: int, request: UserRequest, now: datetime) -> PurchaseOrder:
    return approve_order(order_id=pk, user=request.user, now=now)


def _refuse(pk: int, request: UserRequest, now: datetime) -> PurchaseOrder:
    return refuse_order(order_id=pk, note=request.POST.get("note", ""), user=request.user, now=now)


def _cancel(pk: int, request: UserRequest, now: datetime) -> PurchaseOrder:
    return cancel_order(order_id=pk, user=request.user, now=now)


def _close(pk: int, request: UserRequest, now: datetime) -> PurchaseOrder:
    return close_order(order_id=pk, user=request.user, now=now)


def _mark_sent(pk: int, request: UserRequest, now: datetime) -> PurchaseOrder:
    return mark_order_sent(order_id=pk, user=request.user, now=now)


def _order(request: UserRequest, pk: int) -> PurchaseOrder:
    """The order when it is for one of the user's places; else it is not there."""
    orders = (
        orders_for(request.user)
        .annotate(due_on=due_day())
        .select_related("supplier", "location", "created_by", "approved_by", "approved_for", "approval_rule")
    )
    return get_object_or_404(orders, pk=pk)
