"""What suppliers charge for a SKU, in the ordinary way and by express."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from inventory.array_literals import among
from suppliers.models import SupplierTerms

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ExpressOffer:
    """Active terms of an active supplier; price per unit in `currency`. `express_days` is None where nothing comes by
    express."""

    sku_id: int
    supplier_id: int
    supplier_name: str
    currency: str
    price: Decimal
    pack_size: Decimal
    minimum_quantity: Decimal
    express_days: int | None
    premium_percent: Decimal
    maximum_quantity: Decimal | None = None

    @property
    def express_price(self) -> Decimal:
        """Of a unit, premium included."""
        return (self.price * (1 + self.premium_percent / HUNDRED)).quantize(Decimal("0.0001"))


def load_express_offers(sku_ids: Collection[int]) -> dict[int, list[ExpressOffer]]:
    """All offers by SKU, also those without express, in the order of priority. One statement."""
    rows = SupplierTerms.objects.filter(sku_id__in=among(sku_ids), is_active=True, supplier__is_active=True)
    fields = (
        "sku_id", "supplier_id", "supplier__name", "supplier__currency", "price", "pack_size", "minimum_quantity",
        "express_lead_time_days", "express_premium_percent", "maximum_quantity",
    )  # fmt: skip
    found: dict[int, list[ExpressOffer]] = {}
    for row in rows.order_by("sku_id", "priority", "price", "supplier_id").values_list(*fields):
        found.setdefault(row[0], []).append(ExpressOffer(*row))
    return found
