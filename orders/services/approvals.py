"""The word of a second person on orders above their maker's limit."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.errors import IllegalStateChange, InvalidInput, NotAllowed
from accounts.models import User
from inventory.domain.days import local_date
from orders.domain.approval import Fault
from orders.locks import lock_order
from orders.models import OrderState, PurchaseOrder
from orders.selectors.approvals import fault_of
from orders.services.budget_guard import keep_within_budgets
from orders.services.purchase_orders import audit_order, hand_over, require_possible, spend_of, void_orders

FAULTS: dict[Fault, Promise] = {
    Fault.MADE_IT: lazy("You made this order, so somebody else has to approve it."),
    Fault.CHANGED_IT: lazy("You changed this order last, so somebody else has to approve it."),
    Fault.OVER_LIMIT: lazy("This order is above what you may approve. Ask somebody with a higher limit."),
    Fault.NO_RATE: lazy(
        "The currency of this order has no exchange rate, so it cannot be compared with your limit. Enter a rate, or "
        "ask somebody without a limit."
    ),
}
MAX_NOTE = 300


def approve_order(*, order_id: int, user: User, now: datetime) -> PurchaseOrder:
    """The second person's yes: the supplier gets the order. A repeat by the same person changes nothing.

    Days begin to count now, so what waited arrives as much later. Raises NotAllowed, OverBudget,
    IllegalStateChange, PurchaseOrder.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if order.approved_by_id == user.pk and order.needs_second:
            return order
        require_possible(order, "approve")
        today = local_date(now, order.location.time_zone)
        fault, giver = fault_of(order, user, today)
        if fault is not None:
            raise NotAllowed(str(FAULTS[fault]))
        _require_kept(order)
        order.state, order.approved_by, order.approved_for, order.approved_at = OrderState.APPROVED, user, giver, now
        if order.ordered_on < today:
            _begin_today(order, today - order.ordered_on)
            # It may now be one of another period.
            keep_within_budgets([spend_of(order)], without=[order.pk])
        order.save()
        hand_over([order], user, now)
    return order


def _require_kept(order: PurchaseOrder) -> None:
    """While it waited the supplier, or the place, may have been given up."""
    if not order.supplier.is_active:
        raise IllegalStateChange(
            _("%(name)s is no longer active: choose another supplier.") % {"name": order.supplier.name}
        )
    if not order.location.is_active:
        raise IllegalStateChange(
            _("%(name)s is given up: nothing is ordered for it any more.") % {"name": order.location.name}
        )


def _begin_today(order: PurchaseOrder, waited: timedelta) -> None:
    if waited <= timedelta(0):
        return
    order.ordered_on += waited
    order.expected_on += waited
    lines = [line for line in order.lines.all() if line.expected_on is not None]
    for line in lines:
        if line.expected_on is not None:
            line.expected_on += waited
    order.lines.model.objects.bulk_update(lines, ["expected_on"])


def refuse_order(*, order_id: int, note: str, user: User, now: datetime) -> PurchaseOrder:
    """The second person's no, with the reason: the order is void before the supplier heard of it, and the need shows
    again. Who made it takes it back by cancelling. Raises InvalidInput, IllegalStateChange, PurchaseOrder.DoesNotExist.
    """
    reason = note.strip()
    if not reason:
        raise InvalidInput(_("Say why in a few words: who made it will want to know."), details=[{"field": "note"}])
    with transaction.atomic():
        order = lock_order(order_id)
        require_possible(order, "refuse")
        void_orders([order], reason[:MAX_NOTE], now)
        audit_order(order, "purchase_order.refused", user, now)
    return order
