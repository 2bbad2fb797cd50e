"""The ways to meet a need that the ordinary delivery comes too late for, compared; and their form in a JSON column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orders.domain.reasons import Line

EXPRESS, TRANSFER, WAIT = "express", "transfer", "wait"
MILLI = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Way:
    """`party_id` is the supplier of EXPRESS and the giving place of TRANSFER, 0 of WAIT. `unit_price` is in `currency`;
    all costs are in the firm's: own_cost what it costs beyond what the same units cost anyway, giver_cost what the
    giver is expected to lose, lost_cost the `lost` units that it does not save."""

    kind: str
    party_id: int
    name: str
    quantity: Decimal
    unit_price: Decimal
    currency: str
    arrives_on: date
    own_cost: Decimal
    giver_cost: Decimal
    lost: Decimal
    lost_cost: Decimal

    @property
    def total(self) -> Decimal:
        return self.own_cost + self.giver_cost + self.lost_cost

    @property
    def key(self) -> str:
        """Names it among the ways of one emergency."""
        return f"{self.kind}-{self.party_id}"


@dataclass(frozen=True, slots=True)
class Found:
    """A listing for which some way is cheaper than waiting. `ways` are those that help, the cheapest first, and waiting
    last of the same cost."""

    sku_id: int
    runs_out_on: date
    relief_on: date
    ways: Sequence[Way]
    lines: Sequence[Line]

    @property
    def best(self) -> Way:
        return self.ways[0]

    @property
    def waiting(self) -> Way:
        return next(way for way in self.ways if way.kind == WAIT)

    @property
    def saving(self) -> Decimal:
        return self.waiting.total - self.best.total


def rank(ways: Sequence[Way]) -> list[Way]:
    """The cheapest first; of the same cost who waits does least, then the one that comes first."""
    return sorted(ways, key=lambda way: (way.total, way.kind != WAIT, way.arrives_on, way.kind, way.party_id))


def is_worth_it(ways: Sequence[Way], least_saving: Decimal) -> bool:
    """Whether the first of ranked ways saves enough against waiting for a person to be called."""
    waiting = next(way for way in ways if way.kind == WAIT)
    saving = waiting.total - ways[0].total
    return ways[0].kind != WAIT and saving > 0 and saving >= least_saving


def pack_ways(ways: Sequence[Way]) -> list[dict[str, Any]]:
    """For a JSON column: numbers and days as texts."""
    return [_packed(way) for way in ways]


def _packed(way: Way) -> dict[str, Any]:
    return {
        "kind": way.kind,
        "party_id": way.party_id,
        "name": way.name,
        "quantity": str(way.quantity),
        "unit_price": str(way.unit_price),
        "currency": way.currency,
        "arrives_on": way.arrives_on.isoformat(),
        "own_cost": str(way.own_cost),
        "giver_cost": str(way.giver_cost),
        "lost": str(way.lost),
        "lost_cost": str(way.lost_cost),
    }


def unpack_way(row: Mapping[str, Any]) -> Way:
    """What `pack_ways` packed."""
    figures = ("quantity", "unit_price", "own_cost", "giver_cost", "lost", "lost_cost")
    numbers = {name: Decimal(row[name]) for name in figures}
    day = date.fromisoformat(row["arrives_on"])
    return Way(row["kind"], row["party_id"], row["name"], currency=row["currency"], arrives_on=day, **numbers)
