"""How the prices of a supplier moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lag

from suppliers.models import Supplier, SupplierPrice

SHOWN = 30


@dataclass(frozen=True)
class PriceChange:
    """A price that took the place of another one; `share` is how much dearer it is, -0.05 for 5% cheaper.

    `was` and `share` are None for the first price of all; `share` also where the currency changed, or it cost nothing.
    """

    sku_id: int
    sku_code: str
    sku_name: str
    since: datetime
    price: Decimal
    currency: str
    was: Decimal | None
    was_currency: str | None

    @property
    def share(self) -> Decimal | None:
        return self.price / self.was - 1 if self.was and self.was_currency == self.currency else None


def price_changes(supplier: Supplier, *, search: str = "", limit: int = SHOWN) -> Sequence[PriceChange]:
    """The newest changes of the supplier's prices (of SKUs whose name or code has `search` in it), one query.

    First prices are left out unless something is searched for, where they show how it began.
    """
    rows: QuerySet[SupplierPrice] = SupplierPrice.objects.filter(terms__supplier=supplier)
    if search:
        rows = rows.filter(Q(terms__sku__name__icontains=search) | Q(terms__sku__code__icontains=search))
    order = [F("since").asc(), F("pk").asc()]
    told = rows.annotate(
        was=Window(Lag("price"), partition_by=F("terms"), order_by=order),
        was_currency=Window(Lag("currency"), partition_by=F("terms"), order_by=order),
    )
    if not search:
        told = told.filter(was__isnull=False)
    columns = ("terms__sku_id", "terms__sku__code", "terms__sku__name", "since", "price", "currency")
    newest = told.order_by("-since", "terms__sku__name", "-pk")[:limit]
    return [PriceChange(*row) for row in newest.values_list(*columns, "was", "was_currency")]
