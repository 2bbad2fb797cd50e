"""What a set of movement lines does to the levels, and whether it may."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

# (sku_id, location_id): the key of a stock level.
Pair = tuple[int, int]
ZERO = Decimal(0)
QUANTITY_LIMIT = Decimal(10) ** 11
# The price of a unit has four decimals and so many digits before them.
PRICE_LIMIT = Decimal(10) ** 10
# Packs, least orders and shelf levels are at most so many units, so that what a plan rounds up to them is a quantity.
PLANNED_LIMIT = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A positive `quantity` of a SKU that goes from `source_id` to `destination_id`.

    `occurred_at` None means at the moment of posting; `kind` None means the kind of the posting. `lot_id` None means
    that the SKU is not tracked by lot, or that the lots which expire first are taken.
    """

    sku_id: int
    source_id: int
    destination_id: int
    quantity: Decimal
    occurred_at: datetime | None = None
    unit_price: Decimal | None = None
    reason_id: int | None = None
    reverses_id: int | None = None
    kind: str | None = None
    lot_id: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A level as it stands under our lock."""

    level_id: int
    on_hand: Decimal
    reserved: Decimal
    may_go_negative: bool
    updated_at: datetime
    held: Decimal = ZERO
    is_lot_tracked: bool = False

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved - self.held


@dataclass(frozen=True, slots=True)
class Shortage:
    """Line `line` (from 1) asks for more than its place can still give after the lines before it."""

    line: int
    sku_id: int
    location_id: int
    asked: Decimal
    available: Decimal


def distinct_pairs(lines: Iterable[MovementLine]) -> list[Pair]:
    """Every (SKU, location) that the lines name, in the order in which levels are locked."""
    pairs = {(line.sku_id, line.source_id) for line in lines} | {(line.sku_id, line.destination_id) for line in lines}
    return sorted(pairs)


def net_effects(lines: Iterable[MovementLine]) -> dict[Pair, Decimal]:
    """Change of on_hand per (SKU, location), duplicates summed; virtual locations are in it too."""
    effects: dict[Pair, Decimal] = {}
    for line in lines:
        out, into = (line.sku_id, line.source_id), (line.sku_id, line.destination_id)
        effects[out] = effects.get(out, ZERO) - line.quantity
        effects[into] = effects.get(into, ZERO) + line.quantity
    return effects


def find_shortages(lines: Sequence[MovementLine], balances: Mapping[Pair, Balance]) -> list[Shortage]:
    """Lines that would take a level below zero.

    Lines are served in their order, and what the same posting brings counts. A line that asks too much takes what is
    left, so `available` of each shortage is what a cut sale may still hand over.
    """
    effects = net_effects(lines)
    short = {pair for pair, balance in balances.items() if _goes_below_zero(balance, effects[pair])}
    if not short:
        return []
    left = {pair: max(balances[pair].available, ZERO) for pair in short}
    for line in lines:
        pair = (line.sku_id, line.destination_id)
        if pair in short:
            left[pair] += line.quantity
    return _serve(lines, left)


def _goes_below_zero(balance: Balance, change: Decimal) -> bool:
    return change < 0 and not balance.may_go_negative and balance.available + change < 0


def _serve(lines: Sequence[MovementLine], left: dict[Pair, Decimal]) -> list[Shortage]:
    shortages = []
    for number, line in enumerate(lines, start=1):
        pair = (line.sku_id, line.source_id)
        if pair not in left:
            continue
        if line.quantity > left[pair]:
            shortages.append(Shortage(number, line.sku_id, line.source_id, line.quantity, left[pair]))
        left[pair] = max(left[pair] - line.quantity, ZERO)
    return shortages


def quantity_fault(quantity: Decimal, unit: str) -> str | None:
    """What is wrong with a quantity of this unit, as a key of `QUANTITY_FAULTS` texts; None when nothing is."""
    if not quantity.is_finite():
        return "not_a_number"
    if quantity <= 0:
        return "not_positive"
    if quantity >= QUANTITY_LIMIT:
        return "too_large"
    exponent = quantity.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if unit == "each" and decimals > 0:
        return "not_whole"
    return "too_fine" if decimals > 3 else None


def plain(quantity: Decimal) -> str:
    """A number as people write it, on paper or in a field: 2, not 2.000; 1.25, not 1.250."""
    return format(quantity.normalize(), "f")
