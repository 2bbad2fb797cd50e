"""Where a need is met from: one of our own places, or a supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from orders.domain.quantity import to_number

# What a move between our own places takes. Stock that is ours is on its way the next morning.
TRANSFER_DAYS = 1
DAYS_A_YEAR = 365.0
CAUTIOUS = 0.95


class SourceKind(StrEnum):
    SUPPLIER = "supplier"
    LOCATION = "location"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Spare:
    """Units that a place has above the level that it would order up to, promised to nobody. Giving them away leaves it
    at or above that level, so above its reorder point: no need of its own can come of it."""

    location_id: int
    name: str
    units: Decimal


class Priced(Protocol):
    """Terms of one supplier for one SKU, such as suppliers.selectors.terms.Offer."""

    @property
    def supplier_id(self) -> int: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def priority(self) -> int: ...


def choose_offer(offers: Sequence[Priced], cautious_days: Sequence[float], holding_rate: float = 0.25) -> int | None:
    """Index of the supplier to ask: the lowest priority number, then the lowest cost of a unit, then the id.

    `cautious_days`: within so many days 95 of 100 of their deliveries come. Demand of so long has to lie in stock, so
    a unit costs its price and holding it for these days at `holding_rate` a year: slow and unreliable suppliers have
    to be cheaper by as much.
    """
    if not offers:
        return None

    def cost(i: int) -> float:
        return to_number(offers[i].price) * (1.0 + holding_rate * cautious_days[i] / DAYS_A_YEAR)

    return min(range(len(offers)), key=lambda i: (offers[i].priority, cost(i), offers[i].supplier_id))


@dataclass(frozen=True, slots=True)
class Choice:
    """Where from, and why in a word: `enough_there`, `first_choice`, `only_source`, `some_there`, `surplus_there`
    or `nobody`."""

    kind: SourceKind
    reason: str


def choose_source(free_there: float, lot: float, has_offer: bool, offer_count: int) -> Choice:
    """Moves what our own supplying place has, if it has a whole lot to spare, since it is paid for and near; else buys.

    `free_there` units not promised to anybody else; `lot` units of one usual order.
    """
    if free_there > 0 and free_there >= lot:
        return Choice(SourceKind.LOCATION, "enough_there")
    if has_offer:
        return Choice(SourceKind.SUPPLIER, "first_choice" if offer_count > 1 else "only_source")
    if free_there > 0:
        return Choice(SourceKind.LOCATION, "some_there")
    return Choice(SourceKind.NONE, "nobody")
