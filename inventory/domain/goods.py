"""Lines of goods as people and programs name them: so much of a SKU, which may be a kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from inventory.domain.kits import WHOLE, Part, part_prices


@dataclass(frozen=True, slots=True)
class LotName:
    """A lot as people name it. `expires_on` and `supplier` tell of a lot that arrives for the first time."""

    code: str
    expires_on: date | None = None
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """So much of a SKU; `unit_price` None means the price (or cost) of the SKU's card.

    `lot` None means that it is not tracked by lot, or that the lots which expire first are taken.
    """

    sku_id: int
    quantity: Decimal
    unit_price: Decimal | None = None
    lot: LotName | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What line `line` (from 1) takes from the shelf: its own SKU, or one part of the kit that it names."""

    line: int
    sku_id: int
    quantity: Decimal
    unit_price: Decimal | None = None
    kit_id: int | None = None
    per_kit: Decimal = WHOLE
    lot: LotName | None = None

    def whole_kits(self, quantity: Decimal) -> Decimal:
        """How much of its line can still be had when so much of the piece is there."""
        if self.kit_id is None:
            return quantity
        return (quantity / self.per_kit).quantize(WHOLE, ROUND_DOWN)


def unfold(lines: Mapping[int, GoodsLine], parts: Mapping[int, Sequence[Part]]) -> list[Piece]:
    """The pieces of lines by number, in their order; `parts` by kit. A line that is no kit is one piece."""
    pieces: list[Piece] = []
    for number, line in lines.items():
        members = parts.get(line.sku_id)
        if members is None:
            pieces.append(Piece(number, line.sku_id, line.quantity, line.unit_price, lot=line.lot))
        else:
            pieces.extend(_parts_of_line(number, line, members))
    return pieces


def _parts_of_line(number: int, line: GoodsLine, parts: Sequence[Part]) -> list[Piece]:
    prices: Sequence[Decimal | None] = [None] * len(parts)
    if line.unit_price is not None:
        prices = part_prices(parts, line.unit_price)
    return [
        Piece(number, part.sku_id, part.quantity * line.quantity, price, line.sku_id, part.quantity)
        for part, price in zip(parts, prices, strict=True)
    ]
