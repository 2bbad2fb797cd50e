"""What a person may do with an order now, and what its approval waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import UserRequest
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, RECEIVE_ORDERS, REVERSE_POSTINGS, permissions_of
from inventory.domain.days import local_date
from orders.domain.approval import Fault
from orders.domain.order_states import is_possible
from orders.models import OrderState, PurchaseOrder
from orders.selectors.approvals import buying_settings, fault_of, faults_of, limit_of
from orders.selectors.order_pages import orders_for
from orders.services.approvals import FAULTS

# Each act with the permission that it needs.
NEEDED = {
    "receive": RECEIVE_ORDERS,
    "draft": DECIDE_PROPOSALS,
    "link": DECIDE_PROPOSALS,
    "revise": DECIDE_PROPOSALS,
    "give_back": RECEIVE_ORDERS,
    "undo_receipt": REVERSE_POSTINGS,
    "cancel": DECIDE_PROPOSALS,
    "close": DECIDE_PROPOSALS,
    "mark_sent": DECIDE_PROPOSALS,
}


def order_or_404(user: User, pk: int) -> PurchaseOrder:
    """The order when it is for one of the user's places; else it is not there."""
    return get_object_or_404(orders_for(user).select_related("supplier", "location"), pk=pk)


def acts_of(order: PurchaseOrder, permissions: frozenset[str]) -> dict[str, bool]:
    """`may_<act>` for each act of the page."""
    return {f"may_{act}": needed in permissions and is_possible(act, order.state) for act, needed in NEEDED.items()}


def turned_away(request: UserRequest, order: PurchaseOrder, act: str) -> HttpResponse | None:
    """Back to the order with the reason, for who opens the form of an act that is not possible now: they would fill it
    in for nothing. What is sent is for the service, which knows a repeat."""
    if request.method == "POST" or is_possible(act, order.state):
        return None
    values = {"number": order.number, "state": order.get_state_display()}
    messages.error(request, _("%(number)s is “%(state)s”: this cannot be done now.") % values)
    return redirect("orders:purchase_order", order.pk)


@dataclass(frozen=True)
class Release:
    """Of an order that waits, whether this person may approve it; else why not."""

    may_approve: bool
    why_not: str


def releases_of(orders: Iterable[PurchaseOrder], user: User, now: datetime) -> dict[int, Release]:
    """By order, of those that wait for a second person; none for who approves nothing."""
    waiting = [order for order in orders if order.state == OrderState.AWAITING_APPROVAL]
    if not waiting or APPROVE_ORDERS not in permissions_of(user):
        return {}
    faults = faults_of([(order, local_date(now, order.location.time_zone)) for order in waiting], user)
    return {
        order.pk: Release(fault is None, str(FAULTS[fault]) if fault else "")
        for order, (fault, _giver) in zip(waiting, faults, strict=True)
    }


def approval_of(order: PurchaseOrder, user: User, now: datetime) -> dict[str, Any]:
    """Of an order that waits for a second person: whether this one may give their word, else why not."""
    if order.state != OrderState.AWAITING_APPROVAL:
        return {}
    maker, settings = order.created_by, buying_settings()
    waiting = {
        "is_awaiting": True,
        "limit": limit_of(maker.role).alone_up_to if maker else None,
        "window_days": settings.window_days,
        # See orders.services.expiry.
        "void_at": order.submitted_at + timedelta(days=settings.approval_days) if order.submitted_at else None,
    }
    if APPROVE_ORDERS not in permissions_of(user):
        return waiting
    fault, giver = fault_of(order, user, local_date(now, order.location.time_zone))
    return waiting | {
        # Who made it takes it back by cancelling it.
        "may_refuse": fault is not Fault.MADE_IT,
        "may_approve": fault is None,
        "fault": fault and FAULTS[fault],
        "giver": giver,
    }
