"""Orders that ended before their supplier heard of them: a second person refused them, or nobody approved in time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import AuditEvent, User
from orders.models import OrderState, PurchaseOrder
from orders.selectors.order_pages import orders_for

REFUSED, EXPIRED = "purchase_order.refused", "purchase_order.expired"
# So long the first page tells who made one; by then its need stands among the proposals anyway.
TOLD_FOR = timedelta(days=7)
MOST_TOLD = 5


@dataclass(frozen=True)
class Refusal:
    """`by` is None when nobody said a word in time."""

    order: PurchaseOrder
    by: User | None
    at: datetime


def refusal_of(order: PurchaseOrder, history: Iterable[AuditEvent]) -> Refusal | None:
    """How an order ended that was not approved, by its history; None of any other."""
    if order.state != OrderState.CANCELLED:
        return None
    ends = (event for event in history if event.action in (REFUSED, EXPIRED))
    return next((Refusal(order, event.actor, event.at) for event in ends), None)


def refusals_for(user: User, now: datetime) -> list[Refusal]:
    """Of what the person made, the newest first; two queries, one when there are none."""
    ended = orders_for(user).filter(created_by=user, state=OrderState.CANCELLED, cancelled_at__gt=now - TOLD_FOR)
    orders = list(ended.select_related("supplier", "location").order_by("-cancelled_at", "-pk"))
    events = _ends_of(orders) if orders else {}
    found = (refusal_of(order, [events[order.pk]]) for order in orders if order.pk in events)
    return [refusal for refusal in found if refusal is not None][:MOST_TOLD]


def _ends_of(orders: Iterable[PurchaseOrder]) -> Mapping[int, AuditEvent]:
    events = AuditEvent.objects.filter(
        object_type="purchase_order", object_id__in=[str(order.pk) for order in orders], action__in=[REFUSED, EXPIRED]
    )
    return {int(event.object_id): event for event in events.select_related("actor")}
