"""Purchase orders: made from approved proposals, handed to the supplier, marked as sent, closed short, cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.models import Location
from inventory.services.numbers import Numbering, draw_numbers
from orders.domain.money import CENT
from orders.domain.order_events import APPROVED, event_id_of
from orders.domain.order_states import BEFORE_SUPPLIER, is_possible
from orders.locks import lock_order
from orders.models import AutoApprovalRule, OrderState, PurchaseOrder, PurchaseOrderLine, SupplyRequest
from orders.services.budget_guard import Spend, keep_within_budgets
from orders.services.order_mail import announce_cancellation, announce_orders
from orders.services.order_most import keep_within_most
from orders.services.weigh import Purchase, Weight, weigh
from outbox.models import Channel, Message, MessageState
from suppliers.models import Supplier

PURCHASE_ORDERS = Numbering("PO", "orders_purchase_order_number")


@dataclass(frozen=True)
class OrderLine:
    """`expected_on` empty: with the whole order."""

    sku_id: int
    quantity: Decimal
    unit_price: Decimal
    expected_on: date | None = None


class Amount(Protocol):
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...


@dataclass(frozen=True)
class NewOrder:
    """What to buy from one supplier for one location. `key` makes a repeat harmless; empty when nothing can repeat
    it. `rule` approves it in the name of who buys."""

    supplier: Supplier
    location: Location
    lines: Sequence[OrderLine]
    ordered_on: date
    expected_on: date
    key: str | None = None
    is_express: bool = False
    rule: AutoApprovalRule | None = None
    # The firm has given its word already: it counts against its budgets and is not refused by them.
    is_promised: bool = False


def create_orders(*, new: Sequence[NewOrder], user: User | None, now: datetime) -> list[PurchaseOrder]:
    """Writes the orders, their lines, and what their suppliers are told, in the caller's transaction. What is above the
    person's limit waits for a second one, and nobody is told yet. Raises OverBudget, and InvalidInput for more than a
    supplier delivers at once.

    Lines of the same SKU must have been added up.
    """
    keep_within_most([(wanted.supplier, wanted.lines) for wanted in new if not wanted.is_promised])
    numbers = draw_numbers(PURCHASE_ORDERS, [wanted.ordered_on for wanted in new])
    weights = weigh(purchases=[_purchase(wanted) for wanted in new], user=user, now=now)
    orders = [_order(*parts, user, now) for parts in zip(new, numbers, weights, strict=True)]
    keep_within_budgets([spend_of(row) for row, wanted in zip(orders, new, strict=True) if not wanted.is_promised])
    PurchaseOrder.objects.bulk_create(orders)
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            order=order,
            sku_id=line.sku_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            expected_on=line.expected_on,
        )
        for order, wanted in zip(orders, new, strict=True)
        for line in wanted.lines
    )
    for order in orders:
        if order.state == OrderState.AWAITING_APPROVAL:
            audit_order(order, "purchase_order.submitted", user, now)
    hand_over([order for order in orders if order.state == OrderState.APPROVED], user, now)
    return orders


def hand_over(orders: Sequence[PurchaseOrder], user: User | None, now: datetime) -> None:
    """Notes who approved them, and queues what their suppliers and other programs are told; in the caller's
    transaction."""
    for order in orders:
        if order.supplier.email:
            order.event_id = event_id_of(order.pk, APPROVED)
        order.deliver_to = order.location.delivery_text
        _audit_approval(order, user, now)
    PurchaseOrder.objects.bulk_update(orders, ["event_id", "deliver_to"])
    announce_orders(orders=orders, now=now)


def spend_of(order: PurchaseOrder) -> Spend:
    """What it takes of the budgets that cover it."""
    return Spend(order.supplier_id, order.location_id, order.currency, order.home_total, order.ordered_on)


def _audit_approval(order: PurchaseOrder, user: User | None, now: datetime) -> None:
    """A person's yes, or that of a rule, which is nobody's act but is answered for by who made the rule."""
    if order.approval_rule is None:
        audit_order(order, "purchase_order.approved", user, now)
        return
    rule = order.approval_rule
    audit_order(
        order, "purchase_order.approved_by_rule", None, now, rule=rule.pk, rule_name=rule.name,
        author=rule.author.get_username(), who=f"{rule.name} ({rule.author})",
    )  # fmt: skip


def _purchase(wanted: NewOrder) -> Purchase:
    return Purchase(wanted.supplier.pk, wanted.supplier.currency, total_of(wanted.lines), wanted.ordered_on)


def total_of(lines: Iterable[Amount]) -> Decimal:
    """What the lines cost, to the cent."""
    return sum((line.quantity * line.unit_price for line in lines), Decimal(0)).quantize(CENT)


def _order(wanted: NewOrder, number: str, weight: Weight, user: User | None, now: datetime) -> PurchaseOrder:
    alone: dict[str, Any] = {"state": OrderState.APPROVED, "approved_by": user, "approved_at": now}
    return PurchaseOrder(
        number=number,
        supplier=wanted.supplier,
        location=wanted.location,
        currency=wanted.supplier.currency,
        total=total_of(wanted.lines),
        ordered_on=wanted.ordered_on,
        expected_on=max(wanted.expected_on, wanted.ordered_on),
        created_at=now,
        created_by=user,
        submitted_at=now,
        key=wanted.key,
        is_express=wanted.is_express,
        approval_rule=wanted.rule,
        **asdict(weight),
        **({"state": OrderState.AWAITING_APPROVAL} if weight.needs_second else alone),
    )


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
            require_possible(order, "mark_sent")
            order.state, order.sent_at = OrderState.SENT, now
            order.save(update_fields=["state", "sent_at"])
            audit_order(order, "purchase_order.sent", user, now)
    return order


def cancel_order(*, order_id: int, user: User | None, now: datetime) -> PurchaseOrder:
    """Nothing of it has come and nothing shall; a supplier who knows of it is told. A repeat changes nothing. Raises
    IllegalStateChange."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.state == OrderState.CANCELLED:
            return order
        if order.state == OrderState.PARTLY_RECEIVED:
            raise IllegalStateChange(
                _("A part of %(number)s has arrived. Close it instead: the rest is then no longer expected.")
                % {"number": order.number}
            )
        require_possible(order, "cancel")
        is_known = order.state not in BEFORE_SUPPLIER or bool(promised_among([order]))
        order.state, order.cancelled_at = OrderState.CANCELLED, now
        order.save(update_fields=["state", "cancelled_at"])
        audit_order(order, "purchase_order.cancelled", user, now)
        if is_known:
            announce_cancellation(order=order, now=now, user=user)
    return order


def close_order(*, order_id: int, user: User | None, now: datetime) -> PurchaseOrder:
    """What has not come is no longer expected, so that the need shows again. A repeat changes nothing."""
    with transaction.atomic():
        order = lock_order(order_id)
        if order.state == OrderState.CLOSED:
            return order
        require_possible(order, "close")
        order.lines.filter(is_closed=False).update(is_closed=True)
        order.state = OrderState.CLOSED
        order.save(update_fields=["state"])
        audit_order(order, "purchase_order.closed", user, now)
    return order


def void_orders(orders: Sequence[PurchaseOrder], note: str, now: datetime) -> None:
    """Ends locked orders that were sent to nobody. A supplier who gave their word on one before it was approved is told
    not to deliver."""
    promised = promised_among(orders)
    for order in orders:
        order.state, order.cancelled_at, order.decision_note = OrderState.CANCELLED, now, note
        order.save(update_fields=["state", "cancelled_at", "decision_note"])
        if order.pk in promised:
            announce_cancellation(order=order, now=now)


def promised_among(orders: Sequence[PurchaseOrder]) -> set[int]:
    """Ids of those that came of a request which their supplier has confirmed."""
    taken = SupplyRequest.objects.filter(purchase_order__in=orders)
    return {pk for pk in taken.values_list("purchase_order_id", flat=True) if pk is not None}


def require_possible(order: PurchaseOrder, act: str) -> None:
    """Raises IllegalStateChange when the act (see orders.domain.order_states) cannot be done with it any more, or not
    yet."""
    if not is_possible(act, order.state):
        values = {"number": order.number, "state": order.get_state_display()}
        raise IllegalStateChange(_("%(number)s is “%(state)s”: this cannot be done now.") % values)


def audit_order(order: PurchaseOrder, action: str, user: User | None, now: datetime, **more: Any) -> None:
    record_audit(
        actor=user,
        action=action,
        object_type="purchase_order",
        object_id=order.pk,
        now=now,
        data={"number": order.number, "total": str(order.total), "currency": order.currency, **more},
    )
