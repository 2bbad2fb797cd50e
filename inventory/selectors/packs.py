"""Packs of SKUs, and figures written in them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from accounts.text import format_quantity
from inventory.domain.packs import PackSize, break_down
from inventory.models import Pack

Packs = Mapping[int, Sequence[PackSize]]


def packs_of(sku_ids: Iterable[int]) -> dict[int, list[PackSize]]:
    """The packs of each SKU, smallest first; in one statement. A SKU without any is missing."""
    found: dict[int, list[PackSize]] = {}
    rows = Pack.objects.filter(sku__in=set(sku_ids)).order_by("quantity", "name")
    for sku_id, name, quantity in rows.values_list("sku_id", "name", "quantity"):
        found.setdefault(sku_id, []).append(PackSize(name, quantity))
    return found


def in_packs(quantity: Decimal, packs: Iterable[PackSize]) -> str:
    """The quantity in packs as people read it, "2 × case + 3"; empty where no pack is full."""
    pieces, rest = break_down(quantity, packs)
    if not pieces:
        return ""
    parts = [f"{format_quantity(piece.count)} × {piece.pack.name}" for piece in pieces]
    return " + ".join([*parts, format_quantity(rest)] if rest else parts)
