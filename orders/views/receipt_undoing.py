"""Undoing a receipt that was entered by mistake."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import REVERSE_POSTINGS
from inventory.errors import OutOfStock
from inventory.selectors.substitutes import shortages_of
from orders.models import Receipt
from orders.selectors.lots_of_lines import with_lots
from orders.selectors.order_pages import order_receipts
from orders.services.receipt_undoing import MAX_REASON, undo_receipt
from orders.views.order_acts import order_or_404, turned_away


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REVERSE_POSTINGS)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    """What came with it and goes again, and why."""
    order = order_or_404(request.user, get_object_or_404(Receipt, pk=pk).order_id)
    receipt = order_receipts(order).get(pk=pk)
    is_undone = receipt.undone_for is not None  # type: ignore[attr-defined]  # annotated by order_receipts
    if is_undone and request.method != "POST":
        messages.error(request, _("This receipt is undone already."))
        return redirect("orders:purchase_order", order.pk)
    if away := turned_away(request, order, "undo_receipt"):
        return away
    problem = _undo(request, receipt) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return redirect("orders:purchase_order", order.pk)
    (arrival,) = with_lots([receipt])
    context = {
        "order": order,
        "arrival": arrival,
        "problem": problem,
        "shortages": shortages_of(problem.details) if isinstance(problem, OutOfStock) else [],
        "reason": request.POST.get("reason", ""),
        "reason_length": MAX_REASON,
    }
    return render(request, "orders/undo_receipt.html", context, status=problem.status if problem else 200)


def _undo(request: UserRequest, receipt: Receipt) -> DomainError | None:
    """What stood in the way; None when it is undone."""
    try:
        undo_receipt(
            receipt_id=receipt.pk, reason=request.POST.get("reason", ""), user=request.user, now=timezone.now()
        )
    except DomainError as error:
        return error
    messages.success(request, _("The receipt is undone: what it brought is off the shelf again."))
    return None
