"""Changes of an order that its supplier already has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.text import format_money, format_quantity
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.services.posting_checks import quantity_message
from orders.domain.money import CENT
from orders.domain.order_events import REVISED, mail_event_id
from orders.errors import ChangedMeanwhile
from orders.locks import lock_lines, lock_maker, lock_order
from orders.models import OrderRevision, OrderState, PurchaseOrder, PurchaseOrderLine
from orders.selectors.approvals import bought_alone, limit_of
from orders.selectors.exchange_rates import home_amount, rates_on
from orders.selectors.line_faults import ordered_fault
from orders.services.budget_guard import keep_within_budgets
from orders.services.order_mail import announce_revision
from orders.services.order_most import keep_within_most
from orders.services.purchase_orders import audit_order, require_possible, spend_of
from orders.services.weigh import refuse_beyond_measure
from suppliers.selectors.terms import Offer, offers_of

MAX_NOTE = 300
MOST_DAYS_AHEAD = 730
# From so much on, in either currency, what a cent was rounded by does not matter.
TELLING = Decimal(100)


@dataclass(frozen=True)
class LineChange:
    """What the line shall be: so many units in all, 0 for none of it; `expected_on` None leaves the day."""

    quantity: Decimal
    expected_on: date | None = None


def revise_order(
    *,
    order_id: int,
    changes: Mapping[int, LineChange],
    user: User | None,
    now: datetime,
    note: str = "",
    seen: int | None = None,
) -> OrderRevision | None:
    """Changes lines, by id, of an order that is with its supplier: it is kept as a revision, and they get the new
    order. What they have said of a changed line no longer counts. None when nothing changes. `seen` is the revision
    that the person looked at; after another one nothing is done.

    A new quantity is one that the supplier delivers, in whole packs and their least, or what they said themselves that
    comes, or what has come; SKUs that they no longer offer are not measured.

    More than the maker may buy alone is refused: order the rest anew, so that a second person sees it. Raises
    InvalidInput naming each line, NotAllowed, OverBudget, ChangedMeanwhile, IllegalStateChange,
    PurchaseOrder.DoesNotExist.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        require_possible(order, "revise")
        if seen not in (None, order.revision):
            raise ChangedMeanwhile(_("Somebody else has changed this order meanwhile. Look at it again."))
        lines = lock_lines(order)
        _check(order, lines, changes, note, local_date(now, order.location.time_zone))
        before = {line.pk: _shape(line, order) for line in lines}
        changed = [line for line in lines if line.pk in changes and _apply(line, changes[line.pk], order)]
        if not changed:
            return None
        if not any(line.coming or line.received for line in lines):
            raise InvalidInput(_("Nothing would be left of the order. Cancel it instead."))
        total_before = order.total
        _write(order, lines, changed, user, now)
        rows = [_row(line, before[line.pk], _shape(line, order)) for line in changed]
        return _keep(order, rows, total_before, user, now, note.strip())


def _check(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    changes: Mapping[int, LineChange],
    note: str,
    today: date,
) -> None:
    known = {line.pk: line for line in lines}
    if set(changes) - set(known):
        raise InvalidInput(_("The order has changed since you opened this page. Look at it again."))
    if len(note.strip()) > MAX_NOTE:
        raise InvalidInput(_("The note has at most %(most)d characters.") % {"most": MAX_NOTE})
    details = [
        {"line": line_id, "sku": known[line_id].sku.code, "message": fault}
        for line_id, fault in faults_of(order, lines, changes, today).items()
        if fault
    ]
    if details:
        raise InvalidInput("; ".join(f"{row['sku']}: {row['message']}" for row in details), details=details)


def faults_of(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], changes: Mapping[int, LineChange], today: date
) -> dict[int, str]:
    """What is wrong with the change of each line, by its id; empty when nothing is. Pages ask too where they do not
    understand another line, so that all of them are told of at once."""
    known = {line.pk: line for line in lines}
    offers = offers_of(order.supplier_id, [known[line_id].sku_id for line_id in changes])
    return {
        line_id: _fault(known[line_id], change, order, today)
        or _terms_fault(known[line_id], change.quantity, offers.get(known[line_id].sku_id))
        for line_id, change in changes.items()
    }


def _fault(line: PurchaseOrderLine, change: LineChange, order: PurchaseOrder, today: date) -> str:
    day = line.expected_on or order.expected_on
    new_day = change.expected_on or day
    if line.is_closed and (change.quantity, new_day) != (line.quantity, day):
        return _("This line is closed.")
    if change.quantity and (odd := quantity_message(change.quantity, line.sku.unit)):
        return odd
    if change.quantity < line.received and change.quantity != line.quantity:
        return _("%(received)s have arrived already.") % {"received": format_quantity(line.received)}
    if new_day != day and not today <= new_day <= today + timedelta(days=MOST_DAYS_AHEAD):
        return _("Choose a day from today on, within two years.")
    return ""


def _terms_fault(line: PurchaseOrderLine, quantity: Decimal, offer: Offer | None) -> str:
    """What of the terms a new quantity breaks. The most is looked at for the whole order, where it grows."""
    if offer is None or quantity in (Decimal(0), line.quantity, line.received, line.confirmed_quantity):
        return ""
    return ordered_fault(quantity, replace(offer, maximum_quantity=None))


def _apply(line: PurchaseOrderLine, change: LineChange, order: PurchaseOrder) -> bool:
    """Whether the line is another one now. Of a line of which nothing more shall come only the rest is dropped."""
    day = change.expected_on or line.expected_on
    if line.is_closed or (change.quantity, day or order.expected_on) == (
        line.quantity, line.expected_on or order.expected_on
    ):  # fmt: skip
        return False
    if change.quantity == line.received:
        line.is_closed = True
    elif change.quantity != line.quantity:
        line.quantity = change.quantity
        # What the last receipt could have taken beyond another quantity; the next one asks for it anew.
        line.over_allowed = Decimal(0)
    line.expected_on, line.confirmed_quantity, line.promised_on = day, None, None
    return True


def _wanted(line: PurchaseOrderLine) -> Decimal:
    return line.received if line.is_closed else line.quantity


def _write(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    changed: Sequence[PurchaseOrderLine],
    user: User | None,
    now: datetime,
) -> None:
    total = sum((_wanted(line) * line.unit_price for line in lines), Decimal(0)).quantize(CENT)
    refuse_beyond_measure(total)
    home = _home_total(order, total)
    refuse_beyond_measure(total, home)
    if total > order.total:
        keep_within_most([(order.supplier, [line for line in lines if not line.is_closed])])
    _refuse_above_limit(order, home, total, user, now)
    if home is not None and order.home_total is not None and home > order.home_total:
        keep_within_budgets([replace(spend_of(order), home_total=home)], without=[order.pk])
    PurchaseOrderLine.objects.bulk_update(
        changed, ["quantity", "over_allowed", "expected_on", "confirmed_quantity", "promised_on", "is_closed"]
    )
    order.total, order.home_total, order.revision = total, home, order.revision + 1
    # They get the whole order anew, and where it goes by now with it.
    order.deliver_to = order.location.delivery_text or order.deliver_to
    open_days = [line.expected_on or order.expected_on for line in lines if line.coming]
    order.expected_on = max(open_days, default=order.expected_on)
    if order.state == OrderState.CONFIRMED:
        order.state = OrderState.SENT
    if not open_days:
        order.state = OrderState.CLOSED
    order.save()


def _home_total(order: PurchaseOrder, total: Decimal) -> Decimal | None:
    """At the rate that the order was made with. Of so little that its cents say nothing of the rate, at the one of its
    day."""
    if order.home_total is None:
        return None
    if min(order.total, order.home_total) >= TELLING:
        return (total * order.home_total / order.total).quantize(CENT)
    return home_amount(total, rates_on(order.ordered_on, {order.currency}).get(order.currency))


def _refuse_above_limit(
    order: PurchaseOrder, home: Decimal | None, total: Decimal, user: User | None, now: datetime
) -> None:
    maker = order.created_by or user
    if maker is None or total <= order.total:
        return
    lock_maker(maker.pk)
    most = limit_of(maker.role).alone_up_to
    if most is None:
        return
    # The order itself counts whole, also when it was made before the days that are looked back on.
    others = bought_alone(maker, [order.supplier_id], now, without=[order.pk]).get(order.supplier_id, Decimal(0))
    if order.needs_second:
        raise NotAllowed(
            _("A second person approved this order as it was, so it cannot grow. Order the rest in a new order.")
        )
    if home is None or others + home > most:
        raise NotAllowed(
            _("This takes the order above %(limit)s, which needs a second person. Order the rest in a new order.")
            % {"limit": format_money(most)}
        )


def _shape(line: PurchaseOrderLine, order: PurchaseOrder) -> dict[str, str]:
    return {"quantity": plain(_wanted(line)), "expected_on": (line.expected_on or order.expected_on).isoformat()}


def _row(line: PurchaseOrderLine, before: dict[str, str], after: dict[str, str]) -> dict[str, Any]:
    return {"sku": line.sku.code, "name": line.sku.name, "before": before, "after": after}


def _keep(
    order: PurchaseOrder,
    rows: Sequence[dict[str, Any]],
    total_before: Decimal,
    user: User | None,
    now: datetime,
    note: str,
) -> OrderRevision:
    revision = OrderRevision.objects.create(
        order=order, number=order.revision, made_at=now, made_by=user, note=note, changes=list(rows),
        total_before=total_before, total_after=order.total,
        event_id=mail_event_id(order.pk, order.revision),
    )  # fmt: skip
    audit_order(order, REVISED, user, now, revision=order.revision)
    announce_revision(order=order, revision=revision, now=now)
    return revision
