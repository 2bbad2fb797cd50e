"""A receipt that was entered by mistake: taken back as if it had never been, with a reason that stays on record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput, wrong_field
from accounts.models import User
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.services.reversals import is_reversed, reverse_posting
from orders.domain.order_events import RECEIPT_UNDONE
from orders.domain.tolerance import is_near_enough
from orders.locks import lock_lines, lock_order
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from orders.selectors.approvals import buying_settings
from orders.selectors.order_pages import standing_receipts
from orders.services.order_mail import announce_undone
from orders.services.purchase_orders import audit_order, require_possible
from orders.services.receipts import SOURCE_TYPE, lead_time_key
from suppliers.services.lead_times import forget_lead_times

MAX_REASON = 300


def undo_receipt(*, receipt_id: int, reason: str, user: User | None, now: datetime) -> Receipt:
    """Moves back all that came with a receipt, and opens again what it filled; what it taught of the supplier is
    forgotten, and other programs are told. The supplier is not: to them nothing happened.

    A repeat changes nothing. Raises InvalidInput for a missing reason and naming each line of which goods went back to
    the supplier since, OutOfStock for what is gone, IllegalStateChange, Receipt.DoesNotExist.
    """
    text = reason.strip()
    if not 1 <= len(text) <= MAX_REASON:
        raise wrong_field("reason", _("Say why, in at most %(most)d characters.") % {"most": MAX_REASON})
    with transaction.atomic():
        order = lock_order(Receipt.objects.values_list("order_id", flat=True).get(pk=receipt_id))
        receipt = Receipt.objects.select_related("posting").get(pk=receipt_id)
        posting = receipt.posting
        if posting is None:
            raise IllegalStateChange(_("This receipt moved no stock, so there is nothing to undo."))
        if is_reversed(posting):
            return receipt
        require_possible(order, "undo_receipt")
        lines, came = lock_lines(order), dict(receipt.lines.values_list("order_line_id", "quantity"))
        _refuse_returned(lines, came)
        reverse_posting(
            posting_id=posting.pk, key=f"undo-receipt/{receipt.pk}", user=user, now=now, note=text, document=SOURCE_TYPE
        )
        _open_again(order, lines, came)
        forget_lead_times(source_keys=[lead_time_key(receipt.pk, line_id) for line_id in came])
        audit_order(order, RECEIPT_UNDONE, user, now, receipt=receipt.pk, reason=text)
        announce_undone(order=order, receipt_id=receipt.pk, reason=text, user=user, now=now)
    return receipt


def _refuse_returned(lines: Sequence[PurchaseOrderLine], came: Mapping[int, Decimal]) -> None:
    """No line may have sent back more than has come of it."""
    said = _("%(returned)s of %(sku)s went back to the supplier since, so it did come. Adjust the stock instead.")
    details = [
        {"line": line.pk, "message": said % {"sku": line.sku.name, "returned": plain(line.returned)}}
        for line in lines
        if line.pk in came and line.returned > line.received - came[line.pk]
    ]
    if details:
        raise InvalidInput(str(details[0]["message"]), details=details)


def _open_again(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], came: Mapping[int, Decimal]) -> None:
    """An order that was closed by hand stays closed: nobody waits for the rest."""
    is_shut, percent = order.state == OrderState.CLOSED, buying_settings().under_receipt_percent
    arrived_on = _arrived_on(order)
    for line in lines:
        if line.pk in came:
            line.received -= came[line.pk]
            line.arrived_on = arrived_on.get(line.pk)
            if line.is_closed and not is_shut:
                line.is_closed = is_near_enough(line.quantity, line.received, percent)
    PurchaseOrderLine.objects.bulk_update(lines, ["received", "arrived_on", "is_closed"])
    if not is_shut:
        order.state = _state(order, lines)
        order.save(update_fields=["state"])


def _arrived_on(order: PurchaseOrder) -> dict[int, date]:
    """By line the day, at the place, of the last receipt that still stands."""
    parts = ReceiptLine.objects.filter(receipt__in=standing_receipts(order)).order_by("receipt__received_at")
    zone = order.location.time_zone
    return {line_id: local_date(at, zone) for line_id, at in parts.values_list("order_line_id", "receipt__received_at")}


def _state(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> str:
    """By what has come; before anything has, by what the supplier knows and said."""
    if all(line.is_closed or line.received >= line.quantity for line in lines):
        return OrderState.RECEIVED
    if any(line.received for line in lines):
        return OrderState.PARTLY_RECEIVED
    if any(line.confirmed_quantity is not None for line in lines):
        return OrderState.CONFIRMED
    return OrderState.SENT if order.sent_at else OrderState.APPROVED
