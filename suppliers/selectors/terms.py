"""Who delivers a SKU, and on what terms, for those who choose."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from inventory.array_literals import among
from suppliers.models import Supplier, SupplierTerms


@dataclass(frozen=True, slots=True)
class Offer:
    """Active terms of an active supplier; `promised_days` are those of the terms, else the supplier's own."""

    sku_id: int
    supplier_id: int
    supplier_name: str
    price: Decimal
    pack_size: Decimal
    minimum_quantity: Decimal
    promised_days: int
    priority: int
    # (units, price of every unit), ascending; and the least value of an order of the supplier.
    breaks: tuple[tuple[Decimal, Decimal], ...]
    order_minimum: Decimal
    currency: str = ""
    # Percent of what is bought that they are to get over time; None without a share.
    share_percent: int | None = None
    # Units of a line, and value of an order in their currency, that they deliver at most; None: any.
    maximum_quantity: Decimal | None = None
    order_maximum: Decimal | None = None
    # Units of a pallet, and percent of one that may be missing for rounding up to it.
    pallet_size: Decimal | None = None
    pallet_percent: int = 0


def load_offers(sku_ids: Collection[int]) -> dict[int, list[Offer]]:
    """Offers by SKU, those to be asked first in front: priority, then price, then supplier. One statement."""
    offers: dict[int, list[Offer]] = {}
    for offer in _read(SupplierTerms.objects.filter(sku_id__in=among(sku_ids))):
        offers.setdefault(offer.sku_id, []).append(offer)
    return offers


def offers_of(supplier_id: int, sku_ids: Collection[int]) -> dict[int, Offer]:
    """What one supplier offers, by SKU. One statement."""
    theirs = SupplierTerms.objects.filter(supplier_id=supplier_id, sku_id__in=among(sku_ids))
    return {offer.sku_id: offer for offer in _read(theirs)}


def _read(terms: QuerySet[SupplierTerms]) -> Iterator[Offer]:
    rows = (
        terms.filter(is_active=True, supplier__is_active=True)
        .annotate(days=Coalesce(F("promised_lead_time_days"), F("supplier__promised_lead_time_days")))
        .order_by("sku_id", "priority", "price", "supplier_id")
        .values_list(
            "sku_id",
            "supplier_id",
            "supplier__name",
            "price",
            "pack_size",
            "minimum_quantity",
            "days",
            "priority",
            "price_breaks",
            "supplier__minimum_order_value",
            "supplier__currency",
            "share_percent",
            "maximum_quantity",
            "supplier__maximum_order_value",
            "pallet_size",
            "pallet_percent",
        )
    )
    return (Offer(*row[:8], breaks_of(row[8]), *row[9:]) for row in rows)


def breaks_of(stored: Sequence[Sequence[str]]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Price breaks as the terms keep them, in numbers."""
    return tuple((Decimal(least), Decimal(price)) for least, price in stored)


def all_suppliers() -> QuerySet[Supplier]:
    """Every supplier, by code; suppliers belong to the whole firm."""
    return Supplier.objects.order_by("code")


def all_terms() -> QuerySet[SupplierTerms]:
    return SupplierTerms.objects.select_related("supplier", "sku").order_by("supplier__code", "sku__code")
