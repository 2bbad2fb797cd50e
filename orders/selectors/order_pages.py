"""Purchase orders as the pages show them: the list, and one order with its lines, arrivals and history."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, F, Min, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from accounts.models import AuditEvent, User
from inventory.models import Movement
from inventory.selectors.scope import location_scope
from orders.domain.order_events import CANCELLED, RETURNED, event_id_of
from orders.domain.tolerance import most_over
from orders.models import (
    OrderRevision,
    OrderState,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    SupplierReturn,
    SupplierReturnLine,
)
from orders.models.purchase_order import EXPECTED_ORDER_STATES, OPEN_ORDER_STATES
from orders.selectors.approvals import buying_settings
from outbox.models import Channel, Message

_QUANTITY = DecimalField(max_digits=14, decimal_places=3)


@dataclass(frozen=True)
class OrderFilter:
    """`state` is "open", "all" or one state; None and "" mean all."""

    state: str = "open"
    supplier_id: int | None = None
    location_id: int | None = None
    search: str = ""


def due_day() -> Subquery:
    """For orders annotated with `due_on`: the first day on which something comes. Of each line the supplier's word,
    else its own day, else that of the order. Empty when nothing comes any more, by their word or since all is here."""
    due = Coalesce("promised_on", "expected_on", "order__expected_on")
    sure = Coalesce("confirmed_quantity", "quantity")
    coming = PurchaseOrderLine.objects.filter(
        order=OuterRef("pk"), is_closed=False, received__lt=Least(F("quantity"), sure)
    )
    return Subquery(coming.values("order").annotate(day=Min(due)).values("day"))


def orders_for(user: User) -> QuerySet[PurchaseOrder]:
    """Orders for the user's places."""
    return PurchaseOrder.objects.filter(location_scope(user))


def list_orders(user: User, wanted: OrderFilter) -> QuerySet[PurchaseOrder]:
    """Orders with `due_on`, `line_count`, `ordered` and `arrived` units; open ones by the day on which they are due,
    else the newest first."""
    orders = orders_for(user).annotate(due_on=due_day()).select_related("supplier", "location")
    if wanted.state == "open":
        orders = orders.filter(state__in=OPEN_ORDER_STATES)
    elif wanted.state in OrderState.values:
        orders = orders.filter(state=wanted.state)
    if wanted.supplier_id is not None:
        orders = orders.filter(supplier_id=wanted.supplier_id)
    if wanted.location_id is not None:
        orders = orders.filter(location_id=wanted.location_id)
    if wanted.search:
        orders = orders.filter(number__icontains=wanted.search)
    return orders.annotate(
        line_count=Count("lines"),
        ordered=Coalesce(Sum("lines__quantity"), Decimal(0), output_field=_QUANTITY),
        arrived=Coalesce(Sum("lines__received"), Decimal(0), output_field=_QUANTITY),
    ).order_by(*(("due_on", "pk") if wanted.state == "open" else ("-created_at", "-pk")))


def is_late(order: PurchaseOrder, today: date) -> bool:
    """Of an order with its `due_on`: whether a line should have come before today, by the word that counts."""
    due_on: date | None = vars(order)["due_on"]
    return order.state in EXPECTED_ORDER_STATES and due_on is not None and due_on < today


def order_lines(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """Lines with their SKU; `open_quantity` is what may still arrive, `missing_quantity` what the supplier will not
    bring."""
    lines = order.lines.select_related("sku").annotate(
        open_quantity=F("quantity") - F("received"),
        missing_quantity=F("quantity") - Coalesce("confirmed_quantity", "quantity"),
        due_on=Coalesce("promised_on", "expected_on", "order__expected_on"),
    )
    return list(lines.order_by("sku__name", "pk"))


def lines_to_receive(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """Lines that are not closed, with `allowance`: what the firm takes beyond the order."""
    percent = buying_settings().over_receipt_percent
    lines = [line for line in order_lines(order) if not line.is_closed]
    for line in lines:
        line.allowance = most_over(line.quantity, percent, line.sku.unit)  # type: ignore[attr-defined]  # for the page
    return lines


def order_returns(order: PurchaseOrder) -> QuerySet[SupplierReturn]:
    """What went back, the newest first."""
    lines = SupplierReturnLine.objects.select_related("order_line__sku").order_by("order_line__sku__name")
    returns = order.returns.select_related("returned_by").prefetch_related(Prefetch("lines", lines))
    return returns.order_by("-returned_at", "-pk")


def order_receipts(order: PurchaseOrder) -> QuerySet[Receipt]:
    """Arrivals with their lines, the newest first; `undone_for` is the reason of those that were a mistake."""
    lines = ReceiptLine.objects.select_related("order_line__sku").order_by("order_line__sku__name")
    receipts = order.receipts.select_related("received_by").annotate(
        undone_for=Subquery(_reversals().values("posting__note")[:1])
    )
    return receipts.prefetch_related(Prefetch("lines", lines)).order_by("-received_at")


def standing_receipts(order: PurchaseOrder) -> QuerySet[Receipt]:
    """Those that were not undone."""
    return order.receipts.exclude(Exists(_reversals()))


def _reversals() -> QuerySet[Movement]:
    """The movements that undid the receipt of the outer query."""
    return Movement.objects.filter(reverses__posting=OuterRef("posting"))


def order_history(order: PurchaseOrder) -> QuerySet[AuditEvent]:
    """Who did what with the order, the newest first."""
    return (
        AuditEvent.objects.filter(object_type="purchase_order", object_id=str(order.pk))
        .select_related("actor")
        .order_by("-at", "-pk")
    )


def order_messages(order: PurchaseOrder) -> QuerySet[Message]:
    """E-mails about the order to its supplier (itself, its revisions, what went back, its end), the newest first."""
    events = [order.event_id, *order.revisions.values_list("event_id", flat=True), event_id_of(order.pk, CANCELLED)]
    events += [event_id_of(pk, RETURNED) for pk in order.returns.values_list("pk", flat=True)]
    told = Message.objects.filter(event_id__in=[event for event in events if event], channel=Channel.EMAIL)
    return told.order_by("-created_at")


def order_revisions(order: PurchaseOrder) -> QuerySet[OrderRevision]:
    """What was changed after the supplier had it, the newest first."""
    return order.revisions.select_related("made_by").order_by("-number")
