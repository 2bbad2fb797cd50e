"""Keeps what is ordered within the most that a supplier delivers. Only asks; the caller writes, in the same
transaction."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.text import format_money
from inventory.domain.movements import plain
from orders.domain.money import CENT
from suppliers.models import Supplier, SupplierTerms


class Line(Protocol):
    @property
    def sku_id(self) -> int: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal: ...


def keep_within_most(orders: Sequence[tuple[Supplier, Sequence[Line]]]) -> None:
    """Raises InvalidInput naming each line of which more is ordered than its supplier delivers at once, and each order
    that is larger. One statement."""
    suppliers = {supplier.pk for supplier, _lines in orders}
    skus = {line.sku_id for _supplier, lines in orders for line in lines}
    rows = SupplierTerms.objects.filter(supplier__in=suppliers, sku__in=skus, maximum_quantity__isnull=False)
    most = {(row.supplier_id, row.sku_id): row for row in rows.select_related("sku")}
    details = [fault for supplier, lines in orders for fault in _faults(supplier, lines, most)]
    if details:
        raise InvalidInput(" ".join(str(row["message"]) for row in details), details=details)


def _faults(
    supplier: Supplier, lines: Sequence[Line], most: Mapping[tuple[int, int], SupplierTerms]
) -> Iterable[dict[str, object]]:
    for line in lines:
        terms = most.get((supplier.pk, line.sku_id))
        if terms is not None and terms.maximum_quantity is not None and line.quantity > terms.maximum_quantity:
            values = {"sku": terms.sku.code, "name": supplier.name, "most": plain(terms.maximum_quantity)}
            text = _("%(sku)s: %(name)s delivers at most %(most)s in an order. Order the rest elsewhere or later.")
            yield {"supplier": supplier.pk, "sku": terms.sku.code, "message": text % values}
    largest = supplier.maximum_order_value
    total = sum((line.quantity * line.unit_price for line in lines), Decimal(0)).quantize(CENT)
    if largest is not None and total > largest:
        values = {
            "name": supplier.name,
            "most": format_money(largest, supplier.currency),
            "over": format_money(total - largest, supplier.currency),
        }
        text = _("%(name)s delivers at most %(most)s in an order: this is %(over)s too much. Order less, or in two.")
        yield {"supplier": supplier.pk, "message": text % values}
