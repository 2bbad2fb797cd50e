"""The files that go with an order's e-mail: a PDF to read and a table for programs. Only writes bytes."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.text import format_date, format_money, format_quantity
from inventory.domain.addresses import in_one_line
from orders.domain.order_document import DocumentLine, write_csv
from orders.domain.order_pdf import Sheet, render_order
from orders.models import PurchaseOrder
from outbox.services.enqueue import Attachment


def attachments_of(order: PurchaseOrder, lines: Sequence[DocumentLine]) -> tuple[Attachment, ...]:
    """In the supplier's language; needs supplier and location."""
    name = f"{order.number}-{order.revision}" if order.revision else order.number
    with override(order.supplier.language):
        return (
            Attachment(f"{name}.pdf", "application/pdf", render_order(sheet_of(order, lines))),
            Attachment(f"{name}.csv", "text/csv", table_of(order, lines)),
        )


def table_of(order: PurchaseOrder, lines: Sequence[DocumentLine]) -> bytes:
    """CSV, its headings in the active language."""
    header = [
        _("SKU"), _("Your code"), _("Name"), _("Unit"), _("Quantity"), _("Unit price"), _("Amount"), _("Expected on"),
        _("Deliver to"),
    ]  # fmt: skip
    return write_csv(header, lines, in_one_line(destination_of(order)))


def sheet_of(order: PurchaseOrder, lines: Sequence[DocumentLine]) -> Sheet:
    """In the active language."""
    return Sheet(
        title=title_of(order),
        facts=[
            *([(_("Ordered by"), settings.FIRM_NAME)] if settings.FIRM_NAME else []),
            (_("Supplier"), order.supplier.name),
            (_("Deliver to"), destination_of(order)),
            (_("Ordered on"), format_date(order.ordered_on)),
            (_("Expected on"), format_date(order.expected_on)),
            *([(_("Delivery"), _("By express"))] if order.is_express else []),
            (_("Currency"), order.currency),
        ],
        header=[_("SKU"), _("Your code"), _("Name"), _("Expected on"), _("Quantity"), _("Unit price"), _("Amount")],
        rows=[_row(line, order.currency) for line in lines],
        total=(_("Total"), format_money(order.total, order.currency)),
    )


def destination_of(order: PurchaseOrder) -> str:
    """The place as we call it, and below it where that is and who is there."""
    return "\n".join([f"{order.location.name} ({order.location.code})", *order.address.splitlines()])


def signature() -> list[str]:
    """The last lines of an e-mail: who orders, since a supplier of many shops cannot tell it by the name of a place."""
    return ["", settings.FIRM_NAME] if settings.FIRM_NAME else []


def title_of(order: PurchaseOrder) -> str:
    if not order.revision:
        return _("Purchase order %(number)s") % {"number": order.number}
    return _("Purchase order %(number)s, revision %(revision)d") % {"number": order.number, "revision": order.revision}


def _row(line: DocumentLine, currency: str) -> list[str]:
    return [
        line.sku_code,
        line.supplier_code,
        line.name,
        format_date(line.expected_on) if line.expected_on else "",
        format_quantity(line.quantity),
        format_money(line.unit_price, currency),
        format_money(line.amount, currency),
    ]
