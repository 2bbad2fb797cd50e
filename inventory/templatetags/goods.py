"""Tags for lists of SKUs: {% load goods %}. What they show was read for the whole list at once, by the view."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from django import template

from inventory.domain.movements import Pair
from inventory.domain.packs import PackSize
from inventory.selectors.packs import in_packs
from inventory.selectors.substitutes import Offer

register = template.Library()


class Stands(Protocol):
    """A row about a SKU at a location."""

    @property
    def sku_id(self) -> int: ...
    @property
    def location_id(self) -> int: ...


@register.simple_tag
def packed(quantity: Decimal | None, packs: Mapping[int, Sequence[PackSize]], sku_id: int) -> str:
    """The quantity in the packs of the SKU, "2 × case + 3"; empty where it fills none."""
    return in_packs(quantity, packs[sku_id]) if quantity is not None and packs and sku_id in packs else ""


@register.simple_tag
def instead(offers: Mapping[Pair, Sequence[Offer]], row: Stands) -> Sequence[Offer]:
    """What may be offered instead of the row's SKU at its place."""
    return offers.get((row.sku_id, row.location_id), ()) if offers else ()
