"""Purchase orders: made from approved proposals, marked as sent, closed short, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.models import Location
from orders.locks import lock_order
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine
from orders.models.purchase_order import EXPECTED_ORDER_STATES
from orders.services.order_mail import APPROVED, announce_cancellation, announce_orders, event_id_of
from outbox.models import Channel, Message, MessageState
from suppliers.models import Supplier

CENT = Decimal("0.01")


@dataclass(frozen=True)
class OrderLine:
    sku_id: int
    quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True)
class NewOrder:
    """What to buy from one supplier for one location. `key` makes a repeat harmless; empty when nothing can repeat
    it."""

    supplier: Supplier
    location: Location
    lines: Sequence[OrderLine]
    ordered_on: date
    expected_on: date
    key: str | None = None


def create_orders(*, new: Sequence[NewOrder], user: User | None, now: datetime) -> list[PurchaseOrder]:
    """Writes the orders, their lines, and what their suppliers are told, in the caller's transaction.

    Numbers come from a sequence, so they may have gaps but never repeat. Lines of the same SKU must have been added up.
    """
    numbers = _next_numbers(len(new))
    orders = [_order(wanted, number, user, now) for wanted, number in zip(new, numbers, strict=True)]
    PurchaseOrder.objects.bulk_create(orders)
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(order=order, sku_id=line.sku_id, quantity=line.quantity, unit_price=line.unit_price)
        for order, wanted in zip(orders, new, strict=True)
        for line in wanted.lines
    )
    for order in orders:
        if order.supplier.email:
            order.event_id = event_id_of(order.pk, APPROVED)
        _audit(order, "purchase_order.approved", user, now)
    PurchaseOrder.objects.bulk_update(orders, ["event_id"])
    announce_orders(orders=orders, now=now)
    return orders


def _order(wanted: NewOrder, number: int, user: User | None, now: datetime) -> PurchaseOrder:
    total = sum((line.quantity * line.unit_price for line in wanted.lines), Decimal(0))
    return PurchaseOrder(
        number=f"PO-{wanted.ordered_on.year}-{number:06d}",
        supplier=wanted.supplier,
        location=wanted.location,
        state=OrderState.APPROVED,
        currency=wanted.supplier.currency,
        total=total.quantize(CENT),
        ordered_on=wanted.ordered_on,
        expected_on=max(wanted.expected_on, wanted.ordered_on),
        created_at=now,
        approved_by=user,
        key=wanted.key,
    )


def _next_numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_purchase_order_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def mark_sent_orders(*, now: datetime) -> int:
    """Orders whose e-mail the outbox has handed over become sent; a job calls this. Returns how many."""
    handed_over = Message.objects.filter(
        channel=Channel.EMAIL, event_type=APPROVED, state=MessageState.SENT, event_id__isnull=False
    )
    waiting = PurchaseOrder.objects.filter(state=OrderState.APPROVED, event_id__in=handed_over.values("event_id"))
    return waiting.update(state=OrderState.SENT, sent_at=now)


def mark_order_sent(*, order_id: int, user: User | None, now: datetime) -> PurchaseOrder:
    """A person sent it by other means (telephone, the supplier's own site). A repeat changes nothing."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.state != OrderState.SENT:
            _require(order, (OrderState.APPROVED,))
            order.state, order.sent_at = OrderState.SENT, now
            order.save(update_fields=["state", "sent_at"])
            _audit(order, "purchase_order.sent", user, now)
    return order


def cancel_order(*, order_id: int, user: User | None, now: datetime) -> PurchaseOrder:
    """Nothing of it has come and nothing shall; the supplier is told. Raises IllegalStateChange. A repeat changes
    nothing."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.state == OrderState.CANCELLED:
            return order
        if order.state == OrderState.PARTLY_RECEIVED:
            raise IllegalStateChange(
                _("A part of %(number)s has arrived. Close it instead: the rest is then no longer expected.")
                % {"number": order.number}
            )
        _require(order, (OrderState.APPROVED, OrderState.SENT, OrderState.CONFIRMED))
        order.state, order.cancelled_at = OrderState.CANCELLED, now
        order.save(update_fields=["state", "cancelled_at"])
        _audit(order, "purchase_order.cancelled", user, now)
        announce_cancellation(order=order, now=now)
    return order


def close_order(*, order_id: int, user: User | None, now: datetime) -> PurchaseOrder:
    """What has not come is no longer expected, so that the need shows again. A repeat changes nothing."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.state == OrderState.CLOSED:
            return order
        _require(order, (OrderState.PARTLY_RECEIVED,))
        order.lines.filter(is_closed=False).update(is_closed=True)
        order.state = OrderState.CLOSED
        order.save(update_fields=["state"])
        _audit(order, "purchase_order.closed", user, now)
    return order


def require_open(order: PurchaseOrder) -> None:
    _require(order, EXPECTED_ORDER_STATES)


def _require(order: PurchaseOrder, states: Sequence[str]) -> None:
    if order.state not in states:
        values = {"number": order.number, "state": order.get_state_display()}
        raise IllegalStateChange(_("%(number)s is “%(state)s”: this can no longer be done.") % values)


def _audit(order: PurchaseOrder, action: str, user: User | None, now: datetime) -> None:
    record_audit(
        actor=user,
        action=action,
        object_type="purchase_order",
        object_id=order.pk,
        now=now,
        data={"number": order.number, "total": str(order.total), "currency": order.currency},
    )
