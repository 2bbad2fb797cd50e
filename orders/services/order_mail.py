"""What a supplier and other programs are told about a purchase order: rows in the outbox, in the caller's
transaction."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.text import format_date, format_money, format_quantity
from orders.domain.order_document import DocumentLine
from orders.domain.order_events import (
    APPROVED,
    CANCELLED,
    RECEIPT_UNDONE,
    RECEIVED,
    RETURNED,
    REVISED,
    event_id_of,
    mail_event_id,
)
from orders.models import OrderRevision, PurchaseOrder, PurchaseOrderLine, SupplierReturn
from orders.services.order_papers import attachments_of, destination_of, signature, title_of
from orders.services.order_words import (
    approved_note,
    cancelled_note,
    receipt_undone_note,
    received_note,
    returned_note,
    revised_note,
)
from orders.services.supplier_links import make_links
from outbox.domain.chat.message import Note
from outbox.services.enqueue import Email, Event, SignedLink, enqueue_emails, enqueue_events
from suppliers.models import SupplierTerms


def announce_orders(*, orders: Sequence[PurchaseOrder], now: datetime) -> None:
    """Queues the e-mail of each new order to its supplier, and the event for other programs; needs supplier and
    location."""
    lines = _lines_of(orders)
    mailed = [order for order in orders if order.supplier.email]
    links = make_links(orders=mailed, user=None, now=now)
    emails = [_order_email(order, lines[order.pk], links[order.pk]) for order in mailed]
    enqueue_emails(emails=emails, now=now)
    events = [order_event(order, APPROVED, lines[order.pk], partial(approved_note, order)) for order in orders]
    enqueue_events(events=events, now=now)


def announce_cancellation(*, order: PurchaseOrder, now: datetime, user: User | None = None) -> None:
    """Tells the supplier that the order is void, and other programs too."""
    if order.supplier.email:
        enqueue_emails(emails=[_cancellation_email(order)], now=now)
    words = partial(cancelled_note, order, user)
    enqueue_events(events=[order_event(order, CANCELLED, _lines_of([order])[order.pk], words)], now=now)


def announce_receipt(*, order: PurchaseOrder, receipt_id: int, user: User | None, now: datetime) -> None:
    """Tells other programs what has arrived so far."""
    event = order_event(order, RECEIVED, _lines_of([order])[order.pk])
    words = partial(received_note, order, user)
    enqueue_events(events=[Event(event_id_of(receipt_id, RECEIVED), RECEIVED, event.payload, words)], now=now)


def announce_undone(*, order: PurchaseOrder, receipt_id: int, reason: str, user: User | None, now: datetime) -> None:
    """Tells other programs, once more, what has arrived so far: less than they were told before."""
    event = order_event(order, RECEIVED, _lines_of([order])[order.pk])
    words = partial(receipt_undone_note, order, user, reason)
    enqueue_events(events=[Event(event_id_of(receipt_id, RECEIPT_UNDONE), RECEIVED, event.payload, words)], now=now)


def announce_return(
    *,
    order: PurchaseOrder,
    row: SupplierReturn,
    lines: Sequence[tuple[PurchaseOrderLine, Decimal]],
    user: User | None,
    now: datetime,
) -> None:
    """Tells the supplier what comes back and why, and other programs too."""
    event_id = event_id_of(row.pk, RETURNED)
    if order.supplier.email:
        with override(order.supplier.language):
            values = {"number": row.number, "order": order.number, "place": order.location.name, "reason": row.reason}
            subject = _("Return %(number)s of our order %(order)s") % values
            head = _("We send these goods of our order %(order)s back from %(place)s. Reason: %(reason)s") % values
            goods = [f"- {format_quantity(units)} × {line.sku.name}" for line, units in lines]
            text = "\n".join([head, "", *goods, *signature()])
        enqueue_emails(emails=[Email(event_id, RETURNED, order.supplier.email, subject, text)], now=now)
    told = [{"sku": line.sku.code, "quantity": str(units)} for line, units in lines]
    payload = {"number": row.number, "order": order.number, "reason": row.reason, "lines": told}
    words = partial(returned_note, order, row, user)
    enqueue_events(events=[Event(event_id, RETURNED, payload, words)], now=now)


def order_event(
    order: PurchaseOrder, event_type: str, lines: Sequence[DocumentLine], words: Callable[[], Note] | None = None
) -> Event:
    payload: dict[str, Any] = {
        "number": order.number,
        "state": order.state,
        "supplier": order.supplier.code,
        "location": order.location.code,
        "deliver_to": order.address,
        "currency": order.currency,
        "total": str(order.total),
        "ordered_on": order.ordered_on.isoformat(),
        "expected_on": order.expected_on.isoformat(),
        "is_express": order.is_express,
        "lines": [
            {"sku": line.sku_code, "quantity": str(line.quantity), "unit_price": str(line.unit_price)} for line in lines
        ],
    }
    return Event(event_id_of(order.pk, event_type), event_type, payload, words)


def document_lines(order: PurchaseOrder) -> list[DocumentLine]:
    """The lines as they stand on the order's papers."""
    return _lines_of([order])[order.pk]


def _lines_of(orders: Sequence[PurchaseOrder]) -> dict[int, list[DocumentLine]]:
    """Lines by order, with the supplier's own codes; two statements for any number of orders."""
    found: dict[int, list[DocumentLine]] = {order.pk: [] for order in orders}
    suppliers = {order.pk: order.supplier_id for order in orders}
    rows = PurchaseOrderLine.objects.filter(Q(is_closed=False) | Q(received__gt=0), order__in=found)
    rows = rows.select_related("sku").order_by("order_id", "sku__code")
    lines = list(rows)
    codes = {
        (supplier_id, sku_id): code
        for supplier_id, sku_id, code in SupplierTerms.objects.filter(
            supplier_id__in=set(suppliers.values()), sku_id__in={line.sku_id for line in lines}
        ).values_list("supplier_id", "sku_id", "supplier_code")
    }
    for line in lines:
        code = codes.get((suppliers[line.order_id], line.sku_id), "")
        wanted = line.received if line.is_closed else line.quantity
        found[line.order_id].append(
            DocumentLine(line.sku.code, code, line.sku.name, line.sku.unit, wanted, line.unit_price, line.expected_on)
        )
    return found


def _order_email(order: PurchaseOrder, lines: Sequence[DocumentLine], link: SignedLink) -> Email:
    with override(order.supplier.language):
        values = {"number": order.number, "place": order.location.name}
        subject = _("Purchase order %(number)s for %(place)s") % values
        if order.is_express:
            subject = _("EXPRESS: purchase order %(number)s for %(place)s") % values
        text = "\n".join(
            [
                *_greeting(order),
                *_destination(order),
                "",
                *(_line_text(line, order.currency) for line in lines),
                "",
                *_end(order, link),
            ]
        )
    return Email(
        event_id_of(order.pk, APPROVED), APPROVED, order.supplier.email, subject, text,
        attachments=attachments_of(order, lines), links=(link,),
    )  # fmt: skip


def announce_revision(*, order: PurchaseOrder, revision: OrderRevision, now: datetime) -> None:
    """Sends the whole order as it is now, saying what has changed, and tells other programs."""
    lines = _lines_of([order])[order.pk]
    if order.supplier.email:
        link = make_links(orders=[order], user=None, now=now)[order.pk]
        enqueue_emails(emails=[_revision_email(order, revision, lines, link)], now=now)
    event = order_event(order, REVISED, lines)
    payload = {**event.payload, "revision": revision.number, "changes": revision.changes}
    words = partial(revised_note, order, revision)
    enqueue_events(events=[Event(revision.event_id, REVISED, payload, words)], now=now)


def _revision_email(
    order: PurchaseOrder, revision: OrderRevision, lines: Sequence[DocumentLine], link: SignedLink
) -> Email:
    with override(order.supplier.language):
        values = {"number": order.number, "place": order.location.name, "revision": revision.number}
        parts = [
            _("Our order %(number)s for %(place)s has changed (revision %(revision)d):") % values,
            "",
            *(_change_text(row) for row in revision.changes),
            *(["", revision.note] if revision.note else []),
            *_destination(order),
            "",
            _("The whole order is now:"),
            *(_line_text(line, order.currency) for line in lines),
            "",
            *_end(order, link),
        ]
        subject, text = title_of(order), "\n".join(parts)
    return Email(
        revision.event_id, REVISED, order.supplier.email, subject, text,
        attachments=attachments_of(order, lines), links=(link,), after=mail_event_id(order.pk, revision.number - 1),
    )  # fmt: skip


def _change_text(row: dict[str, Any]) -> str:
    before, after = row["before"], row["after"]
    values = {
        "name": row["name"], "before": before["quantity"], "after": after["quantity"],
        "was": _written_day(before["expected_on"]), "day": _written_day(after["expected_on"]),
    }  # fmt: skip
    if values["day"] == values["was"]:
        return _("- %(name)s: %(after)s instead of %(before)s") % values
    return _("- %(name)s: %(after)s instead of %(before)s, expected on %(day)s (was %(was)s)") % values


def _written_day(stored: str) -> str:
    return format_date(date.fromisoformat(stored))


def _greeting(order: PurchaseOrder) -> list[str]:
    values = {"number": order.number, "place": order.location.name, "day": format_date(order.expected_on)}
    if order.is_express:
        return [_("Please deliver our order %(number)s to %(place)s by express, at the latest on %(day)s:") % values]
    return [_("Please deliver our order %(number)s to %(place)s, expected on %(day)s:") % values]


def _destination(order: PurchaseOrder) -> list[str]:
    """Nothing where only the name of the place is known, which the sentence above has said."""
    return ["", _("Deliver to:"), *destination_of(order).splitlines()] if order.address else []


def _line_text(line: DocumentLine, currency: str) -> str:
    code = line.supplier_code or line.sku_code
    price = format_money(line.unit_price, currency)
    return f"- {format_quantity(line.quantity)} × {line.name} ({code}), {price}"


def _end(order: PurchaseOrder, link: SignedLink) -> list[str]:
    total = format_money(order.total, order.currency)
    return [
        _("Total: %(total)s") % {"total": total},
        "",
        _("Please confirm quantity and day of each line here, or say what is short; no account is needed:"),
        link.mark,
        "",
        _("The same lines are attached as a PDF and as a table."),
        *signature(),
    ]


def _cancellation_email(order: PurchaseOrder) -> Email:
    with override(order.supplier.language):
        values = {"number": order.number, "place": order.location.name}
        subject = _("Purchase order %(number)s is cancelled") % values
        told = _("Please do not deliver our order %(number)s for %(place)s: it is cancelled.") % values
        text = "\n".join([told, *signature()])
    return Email(
        event_id_of(order.pk, CANCELLED), CANCELLED, order.supplier.email, subject, text,
        after=mail_event_id(order.pk, order.revision),
    )  # fmt: skip
