"""What a supplier says of an order through their link: so much, on that day, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.errors import InvalidInput
from accounts.services.audit import record_audit
from accounts.text import format_quantity
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.services.posting_checks import quantity_message
from orders.errors import ChangedMeanwhile, LinkEnded
from orders.locks import lock_lines, lock_order
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, SupplierLink
from orders.selectors.supplier_links import ANSWERED, is_usable, last_answer
from orders.services.order_words import answered_note
from orders.services.supplier_links import require_expected
from outbox.services.enqueue import Event, enqueue_events

MAX_NOTE = 300
FURTHEST = timedelta(days=365)
CHANGED = lazy("The order has changed since you opened this page. Look at it again.")
NOTHING_SENT = lazy("Nothing was sent yet. Mend the lines marked below and send again.")


@dataclass(frozen=True)
class LineAnswer:
    """Units of the line that come in all, those that have come among them; 0 for none. `promised_on` is the day of
    what is still to come, None when nothing is."""

    quantity: Decimal
    promised_on: date | None


def answer_order(
    *, link_id: int, answers: Mapping[int, LineAnswer], now: datetime, note: str = "", seen: int | None = None
) -> PurchaseOrder:
    """Writes a supplier's word into the lines of the order that the link opens, by line id; what is short is no longer
    on order. It may be given again until the order is received; the same again changes nothing. `seen` is the revision
    that they looked at: their word on another one is not taken.

    Raises LinkEnded, IllegalStateChange, ChangedMeanwhile, InvalidInput naming each line, SupplierLink.DoesNotExist.
    """
    with transaction.atomic():
        # The order is locked before its link is read for good, as by those who take links back.
        link = SupplierLink.objects.select_related("supplier").get(pk=link_id, order__isnull=False)
        order = lock_order(link.order_id or 0)
        link.refresh_from_db(fields=["revoked_at", "expires_at"])
        link.order = order
        require_usable(link, now)
        require_expected(order)
        require_seen(order, seen)
        lines = lock_lines(order)
        open_lines = [line for line in lines if not line.is_closed and line.received < line.quantity]
        if set(answers) & ({line.pk for line in lines} - {line.pk for line in open_lines}):
            # It has come, or was given up, while they wrote.
            raise ChangedMeanwhile(str(CHANGED))
        _check(open_lines, answers, note, local_date(now, order.location.time_zone))
        changed = _apply(open_lines, answers)
        if changed or _is_new(order, note.strip()):
            PurchaseOrderLine.objects.bulk_update(changed, ["confirmed_quantity", "promised_on"])
            _confirm(order, open_lines, now)
            _tell(order, link, changed, note.strip(), now)
    return order


def require_seen(order: PurchaseOrder, seen: int | None) -> None:
    """Raises ChangedMeanwhile when the order is at another revision than the one that was looked at."""
    if seen not in (None, order.revision):
        raise ChangedMeanwhile(str(CHANGED))


def require_usable(link: SupplierLink, now: datetime) -> None:
    if not is_usable(link, now):
        raise LinkEnded(_("This link is over. Ask the shop for a new one."))


def _check(lines: Sequence[PurchaseOrderLine], answers: Mapping[int, LineAnswer], note: str, today: date) -> None:
    known = {line.pk: line for line in lines}
    if set(answers) - set(known):
        raise InvalidInput(str(CHANGED))
    if len(note.strip()) > MAX_NOTE:
        raise InvalidInput(_("The note has at most %(most)d characters.") % {"most": MAX_NOTE})
    faults = {line_id: fault_of(known[line_id], answer, today) for line_id, answer in answers.items()}
    details = [{"line": line_id, "message": fault} for line_id, fault in faults.items() if fault]
    if details:
        raise InvalidInput(str(NOTHING_SENT), details=details)


def fault_of(line: PurchaseOrderLine, answer: LineAnswer, today: date) -> str:
    """What is wrong with the word on one line; empty when nothing is. Forms ask too, so that all lines are told of at
    once."""
    if answer.quantity > line.quantity:
        return _("At most %(ordered)s were ordered. Type no more, and offer more in the note.") % {
            "ordered": format_quantity(line.quantity)
        }
    if answer.quantity < line.received:
        return _("%(received)s have arrived already. Type at least that.") % {
            "received": format_quantity(line.received)
        }
    if answer.quantity and (odd := quantity_message(answer.quantity, line.sku.unit)):
        return odd
    if answer.quantity > line.received:
        if answer.promised_on is None:
            return _("Say on which day it comes.")
        if not today <= answer.promised_on <= today + FURTHEST:
            return _("Choose a day from today on, within a year.")
    return ""


def _apply(lines: Sequence[PurchaseOrderLine], answers: Mapping[int, LineAnswer]) -> list[PurchaseOrderLine]:
    """The lines whose word is another one now, unsaved."""
    changed = []
    for line in lines:
        answer = answers.get(line.pk)
        if answer is None:
            continue
        promised_on = answer.promised_on if answer.quantity > line.received else None
        if (line.confirmed_quantity, line.promised_on) != (answer.quantity, promised_on):
            line.confirmed_quantity, line.promised_on = answer.quantity, promised_on
            changed.append(line)
    return changed


def _is_new(order: PurchaseOrder, note: str) -> bool:
    """Whether the note says anything that the last answer has not said: a form that is sent twice is told once."""
    before = last_answer(order)
    return bool(note) and (before is None or before.data["note"] != note)


def _confirm(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], now: datetime) -> None:
    """An order is confirmed once each of its lines has been answered. Who answers has the order, so it was sent."""
    is_waiting = order.state in (OrderState.APPROVED, OrderState.SENT)
    if is_waiting and all(line.confirmed_quantity is not None for line in lines):
        order.state, order.sent_at = OrderState.CONFIRMED, order.sent_at or now
        order.save(update_fields=["state", "sent_at"])


def _tell(
    order: PurchaseOrder, link: SupplierLink, changed: Sequence[PurchaseOrderLine], note: str, now: datetime
) -> None:
    """The audit, from which the watch learns what to plan again, and the event for other programs."""
    said: dict[str, Any] = {
        "number": order.number,
        "supplier": link.supplier.code,
        "state": order.state,
        "note": note,
        "lines": [
            {
                "sku": line.sku.code,
                "ordered": plain(line.quantity),
                "confirmed": plain(line.confirmed_quantity or Decimal(0)),
                "promised_on": line.promised_on.isoformat() if line.promised_on else None,
            }
            for line in changed
        ],
    }
    record_audit(
        actor=None, action=ANSWERED, object_type="purchase_order", object_id=order.pk, now=now,
        data={**said, "link": link.pk, "who": link.supplier.name},
    )  # fmt: skip
    words = partial(answered_note, order, changed, note)
    enqueue_events(events=[Event(uuid4(), ANSWERED, {**said, "location": order.location.code}, words)], now=now)
