"""Orders that a person makes by hand: opened, written line by line, given up for what any order goes through."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.text import format_money
from inventory.domain.days import local_date
from inventory.models import Location, Sku
from inventory.services.numbers import draw_number
from inventory.services.posting_checks import quantity_message
from orders.domain.whole_packs import price_of
from orders.locks import lock_lines, lock_order
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine
from orders.selectors.arrivals import arrivals_of, promised_arrival
from orders.selectors.line_faults import ordered_fault
from orders.services.budget_guard import keep_within_budgets
from orders.services.order_most import keep_within_most
from orders.services.purchase_orders import (
    PURCHASE_ORDERS,
    audit_order,
    hand_over,
    require_possible,
    spend_of,
    total_of,
)
from orders.services.weigh import Purchase, refuse_beyond_measure, weigh
from suppliers.models import Supplier
from suppliers.selectors.terms import Offer, offers_of

MOST_LINES = 200
MOST_DAYS_AHEAD = 730


@dataclass(frozen=True)
class DraftLine:
    """`expected_on` None: with the whole order."""

    sku_id: int
    quantity: Decimal
    expected_on: date | None = None


def open_draft(*, supplier: Supplier, location: Location, user: User | None, now: datetime) -> PurchaseOrder:
    """An order without lines. Raises InvalidInput for a supplier who is no longer active."""
    if not supplier.is_active:
        raise InvalidInput(_("%(name)s is no longer active: choose another supplier.") % {"name": supplier.name})
    with transaction.atomic():
        today = local_date(now, location.time_zone)
        order = PurchaseOrder.objects.create(
            number=draw_number(PURCHASE_ORDERS, today), supplier=supplier, location=location,
            state=OrderState.DRAFT, currency=supplier.currency, total=0, ordered_on=today,
            expected_on=_arrival(supplier, location, (), now), created_at=now, created_by=user,
        )  # fmt: skip
        audit_order(order, "purchase_order.drafted", user, now)
    return order


@transaction.atomic
def make_draft(
    *, supplier: Supplier, location: Location, lines: Sequence[DraftLine], user: User | None, now: datetime
) -> PurchaseOrder:
    """A draft with its lines, or none at all. Raises what `open_draft` and `write_draft` raise."""
    order = open_draft(supplier=supplier, location=location, user=user, now=now)
    return write_draft(order_id=order.pk, lines=lines, user=user, now=now)


def write_draft(*, order_id: int, lines: Sequence[DraftLine], user: User | None, now: datetime) -> PurchaseOrder:
    """Makes these the lines of the draft; prices come from the terms, with their breaks. What they bring counts as on
    order from now on.

    Raises InvalidInput naming each line, or for an amount that no order holds; IllegalStateChange once it is no draft,
    PurchaseOrder.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        require_possible(order, "draft")
        skus = Sku.objects.in_bulk([line.sku_id for line in lines])
        offers = offers_of(order.supplier_id, list(skus))
        today = local_date(now, order.location.time_zone)
        _refuse(skus, {line.sku_id: _written_fault(line, skus, offers, today) for line in lines}, lines)
        order.lines.all().delete()
        rows = [_line(order, line, offers[line.sku_id]) for line in lines]
        PurchaseOrderLine.objects.bulk_create(rows)
        order.total, order.changed_by = total_of(rows), user
        refuse_beyond_measure(order.total)
        order.expected_on = _arrival(order.supplier, order.location, offers.values(), now)
        order.save(update_fields=["total", "changed_by", "expected_on"])
        audit_order(order, "purchase_order.drafted", user, now, lines=len(rows))
    return order


def submit_draft(*, order_id: int, user: User, now: datetime) -> PurchaseOrder:
    """Buys it: within the person's limit the supplier is told, above it a second person is asked. Prices are those of
    today's terms. A repeat changes nothing.

    Raises InvalidInput naming each line that the supplier does not deliver like that, and what is missing of their
    least order; OverBudget, IllegalStateChange, PurchaseOrder.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if order.state in (OrderState.APPROVED, OrderState.AWAITING_APPROVAL) and order.created_by_id == user.pk:
            return order
        require_possible(order, "submit")
        lines = lock_lines(order)
        today = local_date(now, order.location.time_zone)
        offers = offers_of(order.supplier_id, [line.sku_id for line in lines])
        _check(order, lines, offers, today)
        PurchaseOrderLine.objects.bulk_update(lines, ["unit_price"])
        order.total, order.ordered_on, order.submitted_at = total_of(lines), today, now
        order.expected_on = _arrival(order.supplier, order.location, offers.values(), now)
        # Who wrote it last is not the second person either; who buys it answers for it.
        order.changed_by, order.created_by = order.changed_by or order.created_by, user
        _give_up(order, user, now)
    return order


def _give_up(order: PurchaseOrder, user: User, now: datetime) -> None:
    purchase = Purchase(order.supplier_id, order.currency, order.total, order.ordered_on)
    (weight,) = weigh(purchases=[purchase], user=user, now=now)
    for name, value in asdict(weight).items():
        setattr(order, name, value)
    keep_within_budgets([spend_of(order)], without=[order.pk])
    if weight.needs_second:
        order.state = OrderState.AWAITING_APPROVAL
    else:
        order.state, order.approved_by, order.approved_at = OrderState.APPROVED, user, now
    order.save()
    if weight.needs_second:
        audit_order(order, "purchase_order.submitted", user, now)
    else:
        hand_over([order], user, now)


def _check(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], offers: Mapping[int, Offer], today: date) -> None:
    if not lines:
        raise InvalidInput(_("The draft has no lines yet. Add what you want to order."))
    if not order.location.is_active:
        raise InvalidInput(
            _("%(name)s is given up: nothing is ordered for it any more.") % {"name": order.location.name}
        )
    skus = {line.sku_id: line.sku for line in lines}
    wanted = [DraftLine(line.sku_id, line.quantity, line.expected_on) for line in lines]
    faults = {
        line.sku_id: _written_fault(line, skus, offers, today) or ordered_fault(line.quantity, offers[line.sku_id])
        for line in wanted
    }
    _refuse(skus, faults, wanted)
    for line in lines:
        line.unit_price = _price(line.quantity, offers[line.sku_id])
    total, least = total_of(lines), order.supplier.minimum_order_value
    if total < least:
        values = {
            "name": order.supplier.name,
            "least": format_money(least, order.currency),
            "missing": format_money(least - total, order.currency),
        }
        raise InvalidInput(_("%(name)s delivers from %(least)s on: %(missing)s are missing.") % values)
    keep_within_most([(order.supplier, lines)])


def _written_fault(line: DraftLine, skus: Mapping[int, Sku], offers: Mapping[int, Offer], today: date) -> str:
    if line.sku_id not in skus:
        return _("There is no such SKU.")
    if not skus[line.sku_id].is_active:
        return _("It is not sold any more: take it off the order.")
    if line.sku_id not in offers:
        return _("The supplier has no terms for it. Add them on the page of the SKU.")
    if odd := quantity_message(line.quantity, skus[line.sku_id].unit):
        return odd
    latest = today + timedelta(days=MOST_DAYS_AHEAD)
    if line.expected_on is not None and not today <= line.expected_on <= latest:
        return _("Choose a day from today on.")
    return ""


def _refuse(skus: Mapping[int, Sku], faults: Mapping[int, str], lines: Sequence[DraftLine]) -> None:
    if len(lines) > MOST_LINES:
        raise InvalidInput(_("An order by hand takes %(most)d lines. Make two of it.") % {"most": MOST_LINES})
    if len({line.sku_id for line in lines}) < len(lines):
        raise InvalidInput(_("A SKU stands on the order twice. Put both into one line."))
    details = [
        {"sku_id": sku_id, "sku": skus[sku_id].code if sku_id in skus else str(sku_id), "message": fault}
        for sku_id, fault in faults.items()
        if fault
    ]
    if details:
        raise InvalidInput("; ".join(f"{row['sku']}: {row['message']}" for row in details), details=details)


def _price(quantity: Decimal, offer: Offer) -> Decimal:
    return price_of(quantity, offer.price, offer.breaks)


def _line(order: PurchaseOrder, line: DraftLine, offer: Offer) -> PurchaseOrderLine:
    return PurchaseOrderLine(
        order=order, sku_id=line.sku_id, quantity=line.quantity, unit_price=_price(line.quantity, offer),
        expected_on=line.expected_on,
    )  # fmt: skip


def _arrival(supplier: Supplier, location: Location, offers: Iterable[Offer], now: datetime) -> date:
    """When the slowest of it comes, by what was learned of the supplier and by their calendar."""
    found = arrivals_of(list(offers), location, now) or [promised_arrival(supplier, location, now)]
    return max(found)
