"""What comes of a transfer, shared out over its lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from inventory.domain.movements import ZERO


@dataclass(frozen=True, slots=True)
class Arrived:
    """So much of a SKU that came, or that will not come any more.

    `lot_id` None is any lot that was sent, what expires first taken first. `line_id` names the line of the transfer
    where that is known, else a line is found.
    """

    sku_id: int
    quantity: Decimal
    lot_id: int | None = None
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a transfer and how much of it may still arrive; `lot_id` is the lot that it names, if it does."""

    line_id: int
    sku_id: int
    lot_id: int | None
    open_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """The part of `row` (its place among the rows) that belongs to a line."""

    row: int
    line_id: int
    quantity: Decimal
    lot_id: int | None


@dataclass
class Sharing:
    """Shares out rows one after the other. `left` is what is open of each line after those that were shared out."""

    lines: Sequence[OpenLine]
    left: dict[int, Decimal] = field(default_factory=dict)
    by_sku: dict[int, list[OpenLine]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.lines:
            self.left[line.line_id] = line.open_quantity
            self.by_sku.setdefault(line.sku_id, []).append(line)

    def share_out(self, rows: Sequence[Arrived]) -> tuple[list[Share], dict[int, Decimal]]:
        """The shares in the order of the rows, and how much of which row (by its place) finds no line any more.

        What is told most exactly is served first: a row that names its line, then one that names its lot.
        """
        shares: list[Share] = []
        over: dict[int, Decimal] = {}
        for number in sorted(range(len(rows)), key=lambda place: _vagueness(rows[place])):
            rest = self._serve(number, rows[number], shares)
            if rest > 0:
                over[number] = rest
        return sorted(shares, key=lambda share: share.row), over

    def open_for(self, row: Arrived) -> Decimal:
        """What the lines that a row may belong to still expect."""
        return sum((self.left[line.line_id] for line in self._lines_for(row)), ZERO)

    def _serve(self, number: int, row: Arrived, shares: list[Share]) -> Decimal:
        rest = row.quantity
        for line in self._lines_for(row):
            share = min(rest, self.left[line.line_id])
            if share > 0:
                shares.append(Share(number, line.line_id, share, row.lot_id or line.lot_id))
                self.left[line.line_id] -= share
                rest -= share
        return rest

    def _lines_for(self, row: Arrived) -> Iterable[OpenLine]:
        """Lines of the same lot come first for a row that names one, lines that name none for a row that does not."""
        fitting = [
            line
            for line in self.by_sku.get(row.sku_id, ())
            if row.line_id in (None, line.line_id) and (row.lot_id is None or line.lot_id in (None, row.lot_id))
        ]
        return sorted(fitting, key=lambda line: line.lot_id != row.lot_id)


def _vagueness(row: Arrived) -> tuple[bool, bool]:
    return row.line_id is None, row.lot_id is None
