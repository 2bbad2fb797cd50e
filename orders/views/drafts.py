"""An order that a purchaser makes by hand: supplier and place first, then lines by scan or search, then off it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, InvalidInput
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS
from inventory.domain.movements import plain
from inventory.selectors.lookup import Suggestion
from orders.forms_draft import NewDraftForm
from orders.models import OrderState, PurchaseOrder
from orders.selectors.approvals import buying_settings
from orders.selectors.drafts import Wanted, find_wanted
from orders.selectors.order_pages import order_lines
from orders.services.drafts import DraftLine, open_draft, submit_draft, write_draft
from orders.services.planning import check_reorder
from orders.views.order_acts import order_or_404
from orders.views.order_changes import Row
from suppliers.selectors.terms import offers_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def new_draft(request: UserRequest) -> HttpResponse:
    """From whom, and for where."""
    form = NewDraftForm(request.POST if request.method == "POST" else None, user=request.user, initial=_given(request))
    if form.is_bound and form.is_valid():
        try:
            order = open_draft(**form.cleaned_data, user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error("supplier", error.message)
        else:
            return redirect("orders:draft", order.pk)
    return render(request, "orders/drafts/new.html", {"form": form}, status=422 if form.errors else 200)


def _given(request: UserRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("supplier", "location") if name in request.GET}


@dataclass
class _Page:
    """What the pressed button came to."""

    rows: list[Row]
    problem: DomainError | None = None
    suggestions: Sequence[Suggestion] = field(default_factory=list)
    code: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def draft(request: UserRequest, pk: int) -> HttpResponse:
    """The lines. Every button keeps what was typed first, so that nothing is lost."""
    order = order_or_404(request.user, pk)
    if order.state != OrderState.DRAFT:
        return redirect("orders:purchase_order", pk)
    page = _Page(_rows(order, None))
    if request.method == "POST":
        page = _Page(_rows(order, request.POST), code=request.POST.get("code", "").strip()[:100])
        if _act(request, order, page):
            is_done = request.POST.get("do") == "submit"
            return redirect("orders:purchase_order" if is_done else "orders:draft", pk)
        # What was typed is kept even where the order is refused, so the sum is that of now.
        order.refresh_from_db(fields=["total"])
    return render(request, "orders/drafts/draft.html", _context(order, page), status=422 if page.problem else 200)


def _act(request: UserRequest, order: PurchaseOrder, page: _Page) -> bool:
    """Whether it is done; otherwise the page says what is wrong, or what may be meant."""
    wish, _colon, what = request.POST.get("do", "").partition(":")
    lines = _typed(page, dropped=what if wish == "remove" else "")
    if lines is None:
        page.problem = InvalidInput(_("Nothing was changed yet. Mend the lines marked below and send again."))
        return False
    try:
        if wish in ("add", "take"):
            found = find_wanted(what or page.code, order)
            page.suggestions = found.suggestions
            lines = _with(lines, found)
        write_draft(order_id=order.pk, lines=lines, user=request.user, now=timezone.now())
        if wish == "submit":
            bought = submit_draft(order_id=order.pk, user=request.user, now=timezone.now())
            messages.success(request, _said(bought))
        removed = id_of(what) if wish == "remove" else None
        if removed is not None:
            # What it was to bring is needed again, and no line tells of it any more.
            check_reorder(location_id=order.location_id, sku_ids=[removed], now=timezone.now())
    except DomainError as error:
        _show(page, error)
        return False
    return not page.suggestions


def _with(lines: list[DraftLine], wanted: Wanted) -> list[DraftLine]:
    """A SKU that stands there already gets so many more."""
    if wanted.sku_id is None:
        return lines
    there = {line.sku_id: line for line in lines}
    old = there.get(wanted.sku_id)
    more = DraftLine(wanted.sku_id, wanted.quantity + (old.quantity if old else 0), old.expected_on if old else None)
    return [more, *(line for line in lines if line.sku_id != wanted.sku_id)]


def _typed(page: _Page, *, dropped: str) -> list[DraftLine] | None:
    """None when something was not understood; lines of 0 are dropped."""
    kept = [row for row in page.rows if str(row.line.sku_id) != dropped]
    changes = [(row, row.change()) for row in kept]
    if any(change is None for _row, change in changes):
        return None
    return [
        DraftLine(row.line.sku_id, change.quantity, change.expected_on)
        for row, change in changes
        if change is not None and change.quantity
    ]


def _show(page: _Page, error: DomainError) -> None:
    page.problem = error
    told = {detail.get("sku_id"): str(detail.get("message", "")) for detail in error.details}
    for row in page.rows:
        row.error = told.get(row.line.sku_id, "")


def _rows(order: PurchaseOrder, typed: Mapping[str, str] | None) -> list[Row]:
    rows = []
    for line in order_lines(order):
        quantity, day = plain(line.quantity), line.expected_on.isoformat() if line.expected_on else ""
        if typed is not None:
            quantity = typed.get(f"quantity-{line.sku_id}", quantity).strip()[:20]
            day = typed.get(f"day-{line.sku_id}", day).strip()[:20]
        rows.append(Row(line, quantity, day))
    return rows


def _said(order: PurchaseOrder) -> str:
    if order.state == OrderState.AWAITING_APPROVAL:
        return _("%(number)s is above your limit: a second person has to approve it.") % {"number": order.number}
    return _("%(number)s is ordered.") % {"number": order.number}


def _context(order: PurchaseOrder, page: _Page) -> dict[str, Any]:
    offers = offers_of(order.supplier_id, [row.line.sku_id for row in page.rows])
    return {
        "order": order,
        "rows": [(row, offers.get(row.line.sku_id)) for row in page.rows],
        "missing": max(order.supplier.minimum_order_value - order.total, order.total * 0),
        "problem": page.problem,
        "suggestions": page.suggestions,
        "code": page.code if page.problem or page.suggestions else "",
        "days": buying_settings().approval_days,
    }
