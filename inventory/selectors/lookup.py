"""Finding a SKU by what a scanner reads or a person types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, Value, When

from inventory.models import Barcode, Location, Sku, StockLevel
from inventory.selectors.kits import kits_available
from inventory.selectors.reserved import available_of_level

ONE = Decimal(1)
ZERO = Decimal(0)
SUGGESTIONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A SKU and how many units the scanned code stands for."""

    sku: Sku
    pack_quantity: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A SKU that may be meant, and what of it is available at the place."""

    sku: Sku
    available: Decimal


def find_by_code(text: str) -> Found | None:
    """The active SKU with exactly this barcode or code; a barcode goes first, as scanners send nothing else."""
    barcode = Barcode.objects.select_related("sku").filter(code=text, sku__is_active=True).first()
    if barcode is not None:
        return Found(barcode.sku, barcode.pack_quantity)
    sku = Sku.objects.filter(code__iexact=text, is_active=True).first()
    return Found(sku) if sku is not None else None


def sku_by_code(text: str) -> Sku | None:
    """The SKU with exactly this barcode or code, whether it is still sold or not."""
    barcode = Barcode.objects.select_related("sku").filter(code=text).first()
    return barcode.sku if barcode is not None else Sku.objects.filter(code__iexact=text).order_by("-is_active").first()


def suggest(text: str, location: Location) -> list[Suggestion]:
    """Active SKUs whose code begins with the text or whose name holds each of its words; codes first."""
    words = Q()
    for word in text.split():
        words &= Q(name__icontains=word)
    matches = Sku.objects.filter(words | Q(code__istartswith=text), is_active=True)
    rank = Case(When(code__istartswith=text, then=Value(0)), default=Value(1), output_field=IntegerField())
    skus = list(matches.order_by(rank, "name", "pk")[:SUGGESTIONS_SHOWN])
    available = available_at(location, [sku.pk for sku in skus])
    return [Suggestion(sku, available.get(sku.pk, ZERO)) for sku in skus]


def available_at(location: Location, sku_ids: Sequence[int]) -> Mapping[int, Decimal]:
    """`available` by SKU; one that was never there is missing. A kit has as many as its parts make up."""
    levels = StockLevel.objects.filter(location=location, sku__in=sku_ids)
    kits = {kit_id: count for (kit_id, _place), count in kits_available(sku_ids, [location.pk]).items()}
    return dict(levels.values_list("sku_id", available_of_level())) | kits
