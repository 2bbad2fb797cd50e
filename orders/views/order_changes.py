"""Changing an order that its supplier has, and the order on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS, VIEW_ORDERS
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.domain.typed_numbers import NotANumber, read_number
from inventory.forms_entry import parse_day
from inventory.number_fields import two_meanings
from orders.domain.order_pdf import render_order
from orders.models import PurchaseOrder, PurchaseOrderLine
from orders.selectors.order_pages import order_lines
from orders.services.order_mail import document_lines
from orders.services.order_papers import sheet_of, table_of
from orders.services.revisions import LineChange, faults_of, revise_order
from orders.views.order_acts import order_or_404, turned_away
from suppliers.selectors.terms import Offer, offers_of


@dataclass
class Row:
    """A line with what was typed for it."""

    line: PurchaseOrderLine
    quantity: str
    day: str
    error: str = ""
    # What the supplier offers now; None where they no longer do.
    offer: Offer | None = None

    def change(self) -> LineChange | None:
        """None when something is not understood, and `error` says what."""
        try:
            quantity = read_number(self.quantity or "0")
        except NotANumber:
            quantity = Decimal("NaN")
        day = parse_day(self.day) if self.day else None
        if quantity.is_finite() and quantity < 0:
            self.error = _("A quantity cannot be negative. Type 0 to take the line out of the order.")
        elif not quantity.is_finite():
            words = _("“%(typed)s” is no number. Type a quantity, for example 12.") % {"typed": self.quantity}
            self.error = two_meanings(self.quantity) or words
        elif self.day and day is None:
            self.error = _("“%(typed)s” is no date. Write it like 2027-03-31.") % {"typed": self.day}
        return None if self.error else LineChange(quantity, day)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def revise(request: UserRequest, pk: int) -> HttpResponse:
    """Quantities and days of an order that its supplier has."""
    order = order_or_404(request.user, pk)
    if away := turned_away(request, order, "revise"):
        return away
    rows = _rows(order, request.POST if request.method == "POST" else None)
    problem = _revise(request, order, rows) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return redirect("orders:purchase_order", pk)
    context = {"order": order, "rows": rows, "problem": problem, "note": request.POST.get("note", "")}
    context["seen"] = request.POST.get("revision", order.revision)
    return render(request, "orders/revise.html", context, status=422 if problem else 200)


def _revise(request: UserRequest, order: PurchaseOrder, rows: list[Row]) -> DomainError | None:
    """What was wrong, with the lines marked; None when it is done."""
    changes = {row.line.pk: row.change() for row in rows}
    wanted = {line_id: change for line_id, change in changes.items() if change is not None}
    if any(row.error for row in rows):
        today = local_date(timezone.now(), order.location.time_zone)
        told = faults_of(order, [row.line for row in rows], wanted, today)
        for row in rows:
            row.error = row.error or told.get(row.line.pk, "")
        return InvalidInput(_("Nothing was changed yet. Mend the lines marked below and send again."))
    seen = request.POST.get("revision", "")
    try:
        revision = revise_order(
            order_id=order.pk, changes=wanted, user=request.user, now=timezone.now(),
            note=request.POST.get("note", ""), seen=id_of(seen),
        )  # fmt: skip
    except DomainError as error:
        refused = {detail.get("line"): str(detail.get("message", "")) for detail in error.details}
        for row in rows:
            row.error = refused.get(row.line.pk, "")
        return error
    if revision is None:
        messages.info(request, _("Nothing was different, so nothing was changed."))
    else:
        messages.success(request, _("The order is changed (revision %(number)d).") % {"number": revision.number})
    return None


def _rows(order: PurchaseOrder, typed: Mapping[str, str] | None) -> list[Row]:
    rows, lines = [], [line for line in order_lines(order) if not line.is_closed]
    offers = offers_of(order.supplier_id, [line.sku_id for line in lines])
    for line in lines:
        quantity, day = plain(line.quantity), (line.expected_on or order.expected_on).isoformat()
        if typed is not None:
            quantity = typed.get(f"quantity-{line.pk}", quantity).strip()[:20]
            day = typed.get(f"day-{line.pk}", day).strip()[:20]
        rows.append(Row(line, quantity, day, offer=offers.get(line.sku_id)))
    return rows


@require_safe
@requires(VIEW_ORDERS)
def paper(request: UserRequest, pk: int) -> HttpResponse:
    """The order as the supplier gets it, in the reader's language: on paper, or with `as=csv` as a table."""
    order = order_or_404(request.user, pk)
    lines = document_lines(order)
    if request.GET.get("as") == "csv":
        response = HttpResponse(table_of(order, lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{order.number}.csv"'
        return response
    response = HttpResponse(render_order(sheet_of(order, lines)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{order.number}.pdf"'
    return response
