"""Goods that arrive on a purchase order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.days import local_date
from inventory.domain.goods import LotName
from inventory.domain.movements import plain
from inventory.errors import InvalidLines, KeyAlreadyUsed
from inventory.models import Posting
from inventory.services.posting_checks import quantity_message
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from orders.domain.tolerance import is_near_enough, most_over
from orders.errors import OverReceipt
from orders.locks import lock_lines, lock_order
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from orders.selectors.approvals import buying_settings
from orders.services.keys import MAX_RECEIPT_KEY, require_key
from orders.services.order_mail import announce_receipt
from orders.services.purchase_orders import require_possible
from suppliers.domain.calendar import Calendar, taken_on
from suppliers.services.lead_times import Observation, record_lead_times

SOURCE_TYPE = "purchase_order"


def receive_order(
    *,
    order_id: int,
    key: str,
    user: User | None,
    now: datetime,
    quantities: Mapping[int, Decimal] | None = None,
    lots: Mapping[int, LotName] | None = None,
) -> Receipt:
    """Takes in what came on an order: `quantities` by line id, or everything that is still open.

    `lots`, by line id, names the lot of each SKU that is tracked by lot.

    A little too much is taken and a little too less is not waited for, as the firm's tolerances say of the sum of all
    receipts of a line. Posts to the ledger, raises the levels, remembers how long it took. A repeat with the same `key`
    returns the first receipt.
    Raises OverReceipt naming each line, InvalidInput, IllegalStateChange, KeyAlreadyUsed, PurchaseOrder.DoesNotExist.
    """
    require_key(key, most=MAX_RECEIPT_KEY)
    with transaction.atomic():
        order = lock_order(order_id)
        # Read under the lock: a rival with the same key has either committed by now, or will wait for us.
        earlier = Receipt.objects.filter(key=key).first()
        if earlier is not None:
            return _repeat(earlier, order, quantities)
        require_possible(order, "receive")
        lines = lock_lines(order)
        settings = buying_settings()
        for line in lines:
            over = most_over(line.quantity, settings.over_receipt_percent, line.sku.unit)
            line.over_allowed = max(over, line.received - line.quantity)
        arrived = _arrivals(lines, quantities)
        receipt = _write(order, lines, arrived, lots or {}, settings.under_receipt_percent, key, user, now)
        _teach(order, receipt, lines, arrived, now)
        announce_receipt(order=order, receipt_id=receipt.pk, user=user, now=now)
    return receipt


def _repeat(receipt: Receipt, order: PurchaseOrder, quantities: Mapping[int, Decimal] | None) -> Receipt:
    if receipt.order_id != order.pk:
        raise KeyAlreadyUsed(_("This key belongs to the receipt of another order."))
    if quantities is not None:
        asked = {line_id: quantity for line_id, quantity in quantities.items() if quantity != 0}
        if asked != dict(receipt.lines.values_list("order_line_id", "quantity")):
            raise KeyAlreadyUsed(
                _("Something else was received with this page or key before. See what is open, then do it once more.")
            )
    return receipt


def _arrivals(lines: Sequence[PurchaseOrderLine], quantities: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    """Units by line id, none of them zero."""
    if quantities is None:
        quantities = {line.pk: _open(line) for line in lines}
    strangers = sorted(set(quantities) - {line.pk for line in lines})
    if strangers:
        raise InvalidInput(
            _("These lines do not belong to this order: %(lines)s.") % {"lines": ", ".join(map(str, strangers))},
            details=[{"line": line_id} for line_id in strangers],
        )
    arrived = {line_id: quantity for line_id, quantity in quantities.items() if quantity != 0}
    if not arrived:
        raise InvalidInput(_("Type what arrived: every quantity is empty or 0."))
    _refuse_odd(lines, arrived)
    _refuse_too_much(lines, arrived)
    return arrived


def _open(line: PurchaseOrderLine) -> Decimal:
    return Decimal(0) if line.is_closed else max(line.quantity - line.received, Decimal(0))


def _most(line: PurchaseOrderLine) -> Decimal:
    """With what the firm takes beyond the order."""
    return Decimal(0) if line.is_closed else line.quantity + line.over_allowed - line.received


def _refuse_odd(lines: Sequence[PurchaseOrderLine], arrived: Mapping[int, Decimal]) -> None:
    odd = [
        {"line": line.pk, "sku": line.sku.code, "received": str(arrived[line.pk]), "message": message}
        for line in lines
        if line.pk in arrived and (message := quantity_message(arrived[line.pk], line.sku.unit))
    ]
    if odd:
        raise InvalidInput("; ".join(f"{row['sku']}: {row['message']}" for row in odd), details=odd)


def _refuse_too_much(lines: Sequence[PurchaseOrderLine], arrived: Mapping[int, Decimal]) -> None:
    details = [
        {"line": line.pk, "sku": line.sku.code, "open": plain(_most(line)), "received": plain(arrived[line.pk])}
        for line in lines
        if line.pk in arrived and arrived[line.pk] > _most(line)
    ]
    if details:
        what = "; ".join(_("%(sku)s: %(received)s came, at most %(open)s is open") % row for row in details)
        raise OverReceipt(_("More came than was ordered. %(what)s.") % {"what": what}, details=details)


def _write(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    arrived: Mapping[int, Decimal],
    lots: Mapping[int, LotName],
    under_percent: Decimal,
    key: str,
    user: User | None,
    now: datetime,
) -> Receipt:
    posting = _post(order, [line for line in lines if line.pk in arrived], arrived, lots, key, user, now)
    receipt = Receipt.objects.create(order=order, posting=posting, key=key, received_at=now, received_by=user)
    ReceiptLine.objects.bulk_create(
        ReceiptLine(receipt=receipt, order_line_id=line_id, quantity=quantity) for line_id, quantity in arrived.items()
    )
    for line in lines:
        line.received += arrived.get(line.pk, Decimal(0))
        if is_near_enough(line.quantity, line.received, under_percent):
            line.is_closed = True
    PurchaseOrderLine.objects.bulk_update(lines, ["received", "over_allowed", "is_closed"])
    is_done = all(_open(line) == 0 for line in lines)
    order.state = OrderState.RECEIVED if is_done else OrderState.PARTLY_RECEIVED
    order.save(update_fields=["state"])
    record_audit(
        actor=user, action="purchase_order.received", object_type="purchase_order", object_id=order.pk, now=now,
        data={"number": order.number, "receipt": receipt.pk, "lines": {str(k): str(v) for k, v in arrived.items()}},
    )  # fmt: skip
    return receipt


def _post(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    arrived: Mapping[int, Decimal],
    lots: Mapping[int, LotName],
    key: str,
    user: User | None,
    now: datetime,
) -> Posting:
    goods = [
        GoodsLine(line.sku_id, arrived[line.pk], unit_price=line.unit_price, lot=lots.get(line.pk)) for line in lines
    ]
    try:
        return receive_goods(
            location=order.location,
            lines=goods,
            key=f"{SOURCE_TYPE}/{order.pk}/{key}",
            user=user,
            now=now,
            source_type=SOURCE_TYPE,
            source_id=order.pk,
            note=order.number,
        )
    except InvalidLines as refusal:
        raise _of_order(refusal, lines) from refusal


def _of_order(refusal: InvalidLines, lines: Sequence[PurchaseOrderLine]) -> InvalidLines:
    """The same refusal with the lines of the order instead of those of the posting."""
    details = [
        {**row, "line": lines[int(row["line"]) - 1].pk, "sku": lines[int(row["line"]) - 1].sku.code}
        for row in refusal.details
    ]
    return InvalidLines(_("%(sku)s: %(message)s") % details[0], details=details)


def _teach(
    order: PurchaseOrder,
    receipt: Receipt,
    lines: Sequence[PurchaseOrderLine],
    arrived: Mapping[int, Decimal],
    now: datetime,
) -> None:
    received_on = local_date(now, order.location.time_zone)
    supplier, zone = order.supplier, order.location.time_zone
    week = Calendar(cut_off=supplier.cut_off, time_zone=supplier.time_zone)
    began = taken_on(week, order.ordered_on, at=order.approved_at or order.created_at, time_zone=zone)
    record_lead_times(
        observations=[
            Observation(
                supplier_id=order.supplier_id,
                sku_id=line.sku_id,
                ordered_on=order.ordered_on,
                expected_on=line.expected_on or order.expected_on,
                received_on=received_on,
                source_key=lead_time_key(receipt.pk, line.pk),
                taken_on=began if began != order.ordered_on else None,
            )
            for line in lines
            if line.pk in arrived
        ]
    )


def lead_time_key(receipt_id: int, line_id: int) -> str:
    """Under which what a line of a receipt taught is kept."""
    return f"receipt/{receipt_id}/{line_id}"
