"""What hangs on the card of a SKU: barcodes, packs, substitutes, its cell in a style."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.domain.packs import PackSize
from inventory.models import Sku
from inventory.services.barcodes import set_barcodes
from inventory.services.packs import set_packs
from inventory.services.styles import assign_variant
from inventory.services.substitutes import set_substitutes


@dataclass(frozen=True, slots=True)
class VariantChoice:
    """A value on each axis of a style, in their order; `style_id` None takes the SKU out of its style."""

    style_id: int | None
    value_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class CardParts:
    """Each is written whole; None leaves it as it is. `barcodes` says how many units each code stands for."""

    barcodes: Mapping[str, Decimal] | None = None
    packs: Sequence[PackSize] | None = None
    substitute_ids: Sequence[int] | None = None
    variant: VariantChoice | None = None


def set_parts(*, sku: Sku, parts: CardParts) -> None:
    """Writes them; the caller holds the lock of the SKU. Raises `InvalidInput`, its field named in the details."""
    if parts.barcodes is not None:
        set_barcodes(sku=sku, quantities=parts.barcodes)
    if parts.packs is not None:
        set_packs(sku=sku, packs=parts.packs)
    if parts.substitute_ids is not None:
        set_substitutes(sku=sku, substitute_ids=parts.substitute_ids)
    if parts.variant is not None:
        assign_variant(sku=sku, style_id=parts.variant.style_id, value_ids=parts.variant.value_ids)
