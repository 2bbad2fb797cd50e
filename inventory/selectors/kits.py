"""What kits consist of, and how many of them the shelves make up."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import QuerySet

from inventory.domain.kits import Part, buildable
from inventory.domain.movements import Pair
from inventory.models import KitPart, Sku, StockLevel
from inventory.selectors.reserved import available_of_level


def kits() -> QuerySet[Sku]:
    """Every kit with its parts, in the order of the names."""
    return Sku.objects.filter(is_kit=True).prefetch_related("kit_parts__part").order_by("name", "code")


def parts_of(kit_ids: Collection[int]) -> dict[int, list[Part]]:
    """The parts by kit, in the order of their SKUs; a SKU that is no kit is missing."""
    rows = KitPart.objects.filter(kit__in=kit_ids).order_by("kit_id", "part_id")
    found: dict[int, list[Part]] = {}
    for kit_id, part_id, quantity, price in rows.values_list("kit_id", "part_id", "quantity", "part__price"):
        found.setdefault(kit_id, []).append(Part(part_id, quantity, price))
    return found


def kits_available(kit_ids: Collection[int], location_ids: Collection[int]) -> Mapping[Pair, Decimal]:
    """Whole kits by (kit, location); two statements, however many there are."""
    parts = parts_of(kit_ids)
    if not parts:
        return {}
    part_ids = {part.sku_id for members in parts.values() for part in members}
    levels = StockLevel.objects.filter(sku__in=part_ids, location__in=location_ids)
    available: dict[int, dict[int, Decimal]] = {location_id: {} for location_id in location_ids}
    for sku_id, location_id, left in levels.values_list("sku_id", "location_id", available_of_level()):
        available[location_id][sku_id] = left
    return {
        (kit_id, location_id): buildable(members, available[location_id])
        for kit_id, members in parts.items()
        for location_id in location_ids
    }
