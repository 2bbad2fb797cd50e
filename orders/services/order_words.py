"""What a chat is told of a purchase order, in one sentence with a link, in the active language."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.text import format_day, format_money
from orders.models import OrderRevision, OrderState, PurchaseOrder, PurchaseOrderLine, SupplierReturn
from orders.services.order_address import order_address
from outbox.domain.chat.message import Note


def approved_note(order: PurchaseOrder) -> Note:
    """Who stands behind it is a person, or a rule and its author."""
    rule, who = order.approval_rule, str(order.approved_by or "")
    if rule is not None:
        who = _("rule “%(rule)s” of %(author)s") % {"rule": rule.name, "author": who}
    if order.is_express:
        said = _("%(supplier)s gets the EXPRESS order %(number)s for %(place)s: %(total)s, expected on %(day)s.")
    else:
        said = _("%(supplier)s gets order %(number)s for %(place)s: %(total)s, expected on %(day)s.")
    return _note(order, said % {**_values(order), "day": format_day(order.expected_on)}, who)


def revised_note(order: PurchaseOrder, revision: OrderRevision) -> Note:
    values = {**_values(order), "before": format_money(revision.total_before, order.currency)}
    if revision.total_before == revision.total_after:
        said = _("Order %(number)s of %(supplier)s for %(place)s has changed and still comes to %(total)s.") % values
    else:
        said = (
            _("Order %(number)s of %(supplier)s for %(place)s has changed: %(total)s instead of %(before)s.") % values
        )
    return _note(order, said, str(revision.made_by or ""))


def received_note(order: PurchaseOrder, user: User | None) -> Note:
    if order.state == OrderState.PARTLY_RECEIVED:
        said = _("A part of order %(number)s of %(supplier)s has arrived at %(place)s.")
    else:
        said = _("Order %(number)s of %(supplier)s has arrived at %(place)s.")
    return _note(order, said % _values(order), str(user or ""))


def receipt_undone_note(order: PurchaseOrder, user: User | None, reason: str) -> Note:
    said = _("A receipt of order %(number)s of %(supplier)s at %(place)s was a mistake and is undone.")
    return _note(order, said % _values(order), str(user or ""), reason)


def returned_note(order: PurchaseOrder, row: SupplierReturn, user: User | None) -> Note:
    said = _("Goods of order %(number)s go back from %(place)s to %(supplier)s.")
    return _note(order, said % _values(order), str(user or ""), row.reason)


def cancelled_note(order: PurchaseOrder, user: User | None) -> Note:
    said = _("Order %(number)s of %(supplier)s for %(place)s is cancelled: %(total)s.") % _values(order)
    return _note(order, said, str(user or ""))


def answered_note(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], remark: str) -> Note:
    """`lines` are those that they said something new of."""
    short = sum(1 for line in lines if line.confirmed_quantity is not None and line.confirmed_quantity < line.quantity)
    said = _("%(supplier)s has answered order %(number)s for %(place)s.") % _values(order)
    if short:
        told = ngettext("Of %(count)d line less comes.", "Of %(count)d lines less comes.", short) % {"count": short}
        said = f"{said} {told}"
    return replace(_note(order, said, "", remark), is_warning=short > 0)


def _values(order: PurchaseOrder) -> dict[str, str]:
    return {
        "number": order.number, "supplier": order.supplier.name, "place": order.location.name,
        "total": format_money(order.total, order.currency),
    }  # fmt: skip


def _note(order: PurchaseOrder, said: str, who: str, remark: str = "") -> Note:
    by = _("By %(who)s.") % {"who": who} if who else ""
    parts = (said, by, f"“{remark}”" if remark else "")
    return Note(" ".join(part for part in parts if part), order_address(order.pk), _("Open the order"))
