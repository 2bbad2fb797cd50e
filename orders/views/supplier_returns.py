"""Sending goods of an order back to its supplier."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import RECEIVE_ORDERS
from inventory.domain.typed_numbers import NotANumber, read_number
from inventory.errors import KeyAlreadyUsed
from inventory.number_fields import two_meanings
from orders.models import PurchaseOrder, PurchaseOrderLine
from orders.selectors.order_pages import order_lines
from orders.services.supplier_returns import fault_of, return_goods
from orders.views.order_acts import order_or_404, turned_away


@dataclass
class Row:
    """A line of which something can go back, with what was typed for it."""

    line: PurchaseOrderLine
    quantity: str = ""
    lot: str = ""
    error: str = ""

    @property
    def most(self) -> Decimal:
        return self.line.received - self.line.returned

    def units(self) -> Decimal:
        """0 for an empty field, and with `error` for what cannot be a quantity."""
        try:
            units = read_number(self.quantity or "0")
        except NotANumber:
            units = Decimal("NaN")
        if units.is_finite() and units >= 0:
            return units
        if units.is_finite():
            self.error = _("A quantity cannot be negative. Type 0 when nothing goes back.")
        else:
            words = _("“%(typed)s” is no number. Type a quantity, for example 12.") % {"typed": self.quantity}
            self.error = two_meanings(self.quantity) or words
        return Decimal(0)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RECEIVE_ORDERS)
def give_back(request: UserRequest, pk: int) -> HttpResponse:
    """What goes back, line by line, and why."""
    order = order_or_404(request.user, pk)
    if away := turned_away(request, order, "give_back"):
        return away
    rows = _rows(order, request.POST)
    key = request.POST.get("key", "") or uuid4().hex
    problem = _return(request, order, rows, key) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return redirect("orders:purchase_order", pk)
    key = uuid4().hex if isinstance(problem, KeyAlreadyUsed) else key
    context = {"order": order, "rows": rows, "key": key, "problem": problem, "reason": request.POST.get("reason", "")}
    return render(request, "orders/give_back.html", context, status=422 if problem else 200)


def _rows(order: PurchaseOrder, data: Mapping[str, str]) -> list[Row]:
    return [
        Row(line, data.get(f"quantity-{line.pk}", "").strip()[:20], data.get(f"lot-{line.pk}", "").strip()[:60])
        for line in order_lines(order)
        if line.received > line.returned or f"quantity-{line.pk}" in data
    ]


def _return(request: UserRequest, order: PurchaseOrder, rows: list[Row], key: str) -> DomainError | None:
    """What was wrong, with the lines marked; None when it is done."""
    quantities = {row.line.pk: row.units() for row in rows}
    if any(row.error for row in rows):
        for row in rows:
            units = quantities[row.line.pk]
            row.error = row.error or (fault_of(row.line, units) if units else "")
        return _nothing_sent()
    try:
        done = return_goods(
            order_id=order.pk, quantities=quantities, lots={row.line.pk: row.lot for row in rows if row.lot},
            reason=request.POST.get("reason", ""), key=key, user=request.user, now=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        told = {detail.get("line"): str(detail.get("message", "")) for detail in error.details}
        for row in rows:
            row.error = told.get(row.line.pk, "")
        is_beside = error.details and len(error.details) == sum(bool(row.error) for row in rows)
        return _nothing_sent() if is_beside else error
    messages.success(request, _("%(number)s is booked: the goods are off the shelf.") % {"number": done.number})
    return None


def _nothing_sent() -> DomainError:
    return InvalidInput(_("Nothing was sent back yet. Mend the lines marked below and send again."))
