"""Packs and units: exact at entry, never a fraction left over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact

ONE = Decimal(1)
# Wide enough for the product of any two quantities we take; a digit that would be lost raises instead.
_EXACT = Context(prec=60, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class PackSize:
    """`quantity` units of the SKU under one name."""

    name: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PackCount:
    """So many whole packs of one size."""

    count: Decimal
    pack: PackSize


def units_of(count: Decimal, pack_quantity: Decimal) -> Decimal:
    """`count` packs in units, to the last digit. Whether the unit allows such a quantity is for `quantity_fault`."""
    return _EXACT.multiply(count, pack_quantity)


def break_down(quantity: Decimal, packs: Iterable[PackSize]) -> tuple[list[PackCount], Decimal]:
    """The quantity as whole packs, the largest first, and the units that fill none.

    500 with pallets of 480 and cases of 12 is one pallet, one case and 8. Nothing is in packs at zero or below.
    """
    pieces: list[PackCount] = []
    rest = quantity
    for pack in _by_size(packs):
        if rest < pack.quantity:
            continue
        count = rest // pack.quantity
        pieces.append(PackCount(count, pack))
        rest -= units_of(count, pack.quantity)
    return pieces, rest


def _by_size(packs: Iterable[PackSize]) -> Sequence[PackSize]:
    """Each size once, the largest first. A pack of one unit says nothing that the unit does not."""
    sizes = {pack.quantity: pack for pack in sorted(packs, key=lambda pack: pack.name, reverse=True)}
    return [sizes[size] for size in sorted(sizes, reverse=True) if size != ONE]
