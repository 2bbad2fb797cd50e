"""Goods that go back to the supplier they came from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from inventory.domain.goods import LotName
from inventory.domain.movements import plain
from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import MovementKind, Posting
from inventory.selectors.places import counterpart_ids
from inventory.services.lots import Wanted, find_lots
from inventory.services.posting import MovementLine, post_movements
from inventory.services.posting_checks import quantity_message
from orders.domain.order_events import RETURNED
from orders.locks import lock_lines, lock_order
from orders.models import PurchaseOrder, PurchaseOrderLine, SupplierReturn, SupplierReturnLine
from orders.services.keys import require_key
from orders.services.order_mail import announce_return
from orders.services.purchase_orders import audit_order, require_possible

SOURCE_TYPE = "supplier_return"
MAX_REASON = 300


def return_goods(
    *,
    order_id: int,
    quantities: Mapping[int, Decimal],
    reason: str,
    key: str,
    user: User | None,
    now: datetime,
    lots: Mapping[int, str] | None = None,
) -> SupplierReturn:
    """Takes goods of an order off the shelf and sends them back, `quantities` by line id, at most what has come of it;
    the supplier is told. `lots`, by line id, are codes of lots; without one what expires first goes.

    A repeat with the same `key` returns the first return. Raises InvalidInput naming each line, OutOfStock,
    KeyAlreadyUsed, IllegalStateChange, PurchaseOrder.DoesNotExist.
    """
    text = reason.strip()
    require_key(key)
    if not 1 <= len(text) <= MAX_REASON:
        message = _("Say why it goes back, in at most %(most)d characters.") % {"most": MAX_REASON}
        raise wrong_field("reason", message)
    with transaction.atomic():
        order = lock_order(order_id)
        wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity != 0}
        earlier = SupplierReturn.objects.filter(key=key).first()
        if earlier is not None:
            return _repeat(earlier, order, wanted)
        require_possible(order, "give_back")
        lines = lock_lines(order)
        _check(lines, wanted)
        return _write(order, lines, wanted, lots or {}, text, key, user, now)


def _repeat(earlier: SupplierReturn, order: PurchaseOrder, wanted: Mapping[int, Decimal]) -> SupplierReturn:
    if earlier.order_id != order.pk or dict(earlier.lines.values_list("order_line_id", "quantity")) != wanted:
        raise KeyAlreadyUsed(
            _("Something else went back with this page or key before. See what is left, then do it once more.")
        )
    return earlier


def _check(lines: Sequence[PurchaseOrderLine], wanted: Mapping[int, Decimal]) -> None:
    if not wanted:
        raise InvalidInput(_("Type what goes back: every quantity is empty or 0."))
    known = {line.pk: line for line in lines}
    if set(wanted) - set(known):
        raise InvalidInput(_("These lines do not belong to this order."))
    faults = {line_id: fault_of(known[line_id], quantity) for line_id, quantity in wanted.items()}
    details = [
        {"line": line_id, "sku": known[line_id].sku.code, "message": fault}
        for line_id, fault in faults.items()
        if fault
    ]
    if details:
        raise InvalidInput("; ".join(f"{row['sku']}: {row['message']}" for row in details), details=details)


def fault_of(line: PurchaseOrderLine, quantity: Decimal) -> str:
    """Why so much of a line cannot go back; empty when it can. Pages ask too, so that all lines are told of at once."""
    if odd := quantity_message(quantity, line.sku.unit):
        return odd
    most = line.received - line.returned
    return _("At most %(most)s of it can go back.") % {"most": plain(most)} if quantity > most else ""


def _write(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    wanted: Mapping[int, Decimal],
    lots: Mapping[int, str],
    reason: str,
    key: str,
    user: User | None,
    now: datetime,
) -> SupplierReturn:
    leaving = [line for line in lines if line.pk in wanted]
    number = f"{order.number}-R{order.returns.count() + 1}"
    posting = _post(order, leaving, wanted, lots, number, user, now)
    row = SupplierReturn.objects.create(
        number=number, order=order, posting=posting, key=key, reason=reason, returned_at=now, returned_by=user
    )
    SupplierReturnLine.objects.bulk_create(
        SupplierReturnLine(supplier_return=row, order_line=line, quantity=wanted[line.pk]) for line in leaving
    )
    for line in leaving:
        line.returned += wanted[line.pk]
    PurchaseOrderLine.objects.bulk_update(leaving, ["returned"])
    audit_order(order, RETURNED, user, now, returned=number, reason=reason)
    told = [(line, wanted[line.pk]) for line in leaving]
    announce_return(order=order, row=row, lines=told, user=user, now=now)
    return row


def _post(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    wanted: Mapping[int, Decimal],
    lots: Mapping[int, str],
    number: str,
    user: User | None,
    now: datetime,
) -> Posting:
    suppliers = counterpart_ids()["supplier"]
    try:
        named = [LotName(lots[line.pk]) if lots.get(line.pk) else None for line in lines]
        lot_ids = find_lots([Wanted(line.sku_id, lot) for line, lot in zip(lines, named, strict=True)])
        moved = [
            MovementLine(
                line.sku_id, order.location_id, suppliers, wanted[line.pk], unit_price=line.unit_price, lot_id=lot_id
            )
            for line, lot_id in zip(lines, lot_ids, strict=True)
        ]
        return post_movements(
            lines=moved, kind=MovementKind.RETURN, key=f"{SOURCE_TYPE}/{number}", now=now, posted_by=user,
            source_type=SOURCE_TYPE, source_id=order.pk, note=number,
        )  # fmt: skip
    except (InvalidLines, OutOfStock) as refusal:
        is_short = isinstance(refusal, OutOfStock)
        refusal.details = [_by_order_line(row, lines, lots, is_short=is_short) for row in refusal.details]
        raise


def _by_order_line(
    row: Mapping[str, Any], lines: Sequence[PurchaseOrderLine], lots: Mapping[int, str], *, is_short: bool
) -> Mapping[str, Any]:
    """The posting counts its lines from 1; the person knows those of the order."""
    if not isinstance(row.get("line"), int):
        return row
    line = lines[row["line"] - 1]
    words = {"message": _too_little(row, lots.get(line.pk, ""))} if is_short else {}
    return {**row, "line": line.pk, **words}


def _too_little(row: Mapping[str, object], lot: str) -> str:
    """Of the named lot, since others of the SKU may well stand there."""
    if lot:
        return _("Only %(available)s of lot %(lot)s are there, %(asked)s were typed.") % {**row, "lot": lot}
    return _("Only %(available)s are there, %(asked)s were typed.") % row
