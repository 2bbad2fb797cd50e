"""The word of a second person on orders above their maker's limit."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.errors import DomainError, IllegalStateChange, InvalidInput, NotAllowed
from accounts.models import User
from accounts.text import format_money
from inventory.domain.days import local_date
from orders.domain.approval import Fault
from orders.errors import ChangedMeanwhile, NotApproved
from orders.locks import lock_order, lock_orders
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine
from orders.selectors.approvals import faults_of
from orders.services.budget_guard import keep_within_budgets
from orders.services.purchase_orders import audit_order, hand_over, require_possible, spend_of, void_orders

FAULTS: dict[Fault, Promise] = {
    Fault.MADE_IT: lazy("You made this order, so somebody else has to approve it."),
    Fault.CHANGED_IT: lazy("You changed this order last, so somebody else has to approve it."),
    Fault.OVER_LIMIT: lazy("This order is above what you may approve. Ask somebody with a higher limit."),
    Fault.NO_RATE: lazy(
        "There was no exchange rate when this order was made, so it cannot be compared with your limit. Ask somebody "
        "without a limit; or enter a rate, refuse the order, and have it made anew."
    ),
}
MAX_NOTE = 300
APPROVED_FIELDS = ("state", "approved_by", "approved_for", "approved_at", "ordered_on", "expected_on")


def approve_order(*, order_id: int, user: User, now: datetime) -> PurchaseOrder:
    """The second person's yes: the supplier gets the order. A repeat by the same person changes nothing.

    Days begin to count now, so what waited arrives as much later. Raises NotAllowed, OverBudget,
    IllegalStateChange, PurchaseOrder.DoesNotExist.
    """
    (order,) = approve_orders(order_ids=[order_id], user=user, now=now)
    return order


def approve_orders(
    *, order_ids: Collection[int], user: User, now: datetime, seen: Mapping[int, Decimal] | None = None
) -> list[PurchaseOrder]:
    """The same for several: all of them or none. `seen` are the totals that the person saw, by id.

    Raises what `approve_order` does for one; for several NotApproved with a line for each that is refused.
    """
    with transaction.atomic():
        orders = lock_orders(order_ids)
        waiting = [order for order in orders if not (order.approved_by_id == user.pk and order.needs_second)]
        days = [local_date(now, order.location.time_zone) for order in waiting]
        givers = _require_all(waiting, days, user, seen or {})
        moved = []
        for order, today, giver in zip(waiting, days, givers, strict=True):
            order.state, order.approved_by, order.approved_for = OrderState.APPROVED, user, giver
            order.approved_at = now
            if order.ordered_on < today:
                moved.append((order, today - order.ordered_on))
        _begin_today(moved)
        # They may now be of another period.
        keep_within_budgets([spend_of(order) for order, _days in moved], without=[order.pk for order, _days in moved])
        PurchaseOrder.objects.bulk_update(waiting, APPROVED_FIELDS)
        hand_over(waiting, user, now)
    return orders


def _require_all(
    orders: Sequence[PurchaseOrder], days: Sequence[date], user: User, seen: Mapping[int, Decimal]
) -> list[User | None]:
    """For whom each is approved. Raises the refusal of one, or of several a line for each."""
    refused, givers = [], []
    faults = faults_of(list(zip(orders, days, strict=True)), user)
    for order, (fault, giver) in zip(orders, faults, strict=True):
        try:
            _require_one(order, fault, seen.get(order.pk, order.total))
        except DomainError as refusal:
            refused.append((order, refusal))
        givers.append(giver)
    if len(orders) == 1 and refused:
        raise refused[0][1]
    if refused:
        raise NotApproved(
            _("None of them is approved, since not all may be. Leave out those below, and send the others again."),
            details=[
                {"order": order.pk, "number": order.number, "message": _named(order, refusal.message)}
                for order, refusal in refused
            ],
        )
    return givers


def _named(order: PurchaseOrder, message: str) -> str:
    """With the number of the order before it, once."""
    return message if order.number in message else f"{order.number}: {message}"


def _require_one(order: PurchaseOrder, fault: Fault | None, seen: Decimal) -> None:
    require_possible(order, "approve")
    if fault is not None:
        raise NotAllowed(str(FAULTS[fault]))
    if seen != order.total:
        values = {"now": format_money(order.total, order.currency), "seen": format_money(seen, order.currency)}
        raise ChangedMeanwhile(_("It has changed since you looked: %(now)s instead of %(seen)s.") % values)
    _require_kept(order)


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


def _begin_today(moved: Sequence[tuple[PurchaseOrder, timedelta]]) -> None:
    """Orders, and the days of their lines, by so much later."""
    waited = {order.pk: days for order, days in moved}
    for order, days in moved:
        order.ordered_on += days
        order.expected_on += days
    lines = list(PurchaseOrderLine.objects.filter(order__in=waited, expected_on__isnull=False))
    for line in lines:
        if line.expected_on is not None:
            line.expected_on += waited[line.order_id]
    PurchaseOrderLine.objects.bulk_update(lines, ["expected_on"])


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
