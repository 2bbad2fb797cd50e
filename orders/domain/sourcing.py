"""Where a need is met from: one of our own places, or a supplier."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# What a move between our own places takes. Stock that is ours is on its way the next morning.
TRANSFER_DAYS = 1
CAUTIOUS = 0.95


class SourceKind(StrEnum):
    SUPPLIER = "supplier"
    LOCATION = "location"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Spare:
    """Units that a place has above the level that it would order up to, promised to nobody. Giving them away leaves it
    at or above that level, so above its reorder point: no need of its own can come of it. `promised` units above that
    level leave for other places anyway."""

    location_id: int
    name: str
    units: Decimal
    promised: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Where from, and why in a word: `enough_there`, `first_choice`, `only_source`, `some_there`, `surplus_there`
    or `nobody`."""

    kind: SourceKind
    reason: str


def choose_source(free_there: float, lot: float, offer_count: int) -> Choice:
    """Moves what our own supplying place has, if it has a whole lot to spare, since it is paid for and near; else buys.

    `free_there` units not promised to anybody else; `lot` units of one usual order; `offer_count` suppliers.
    """
    if free_there > 0 and free_there >= lot:
        return Choice(SourceKind.LOCATION, "enough_there")
    if offer_count:
        return Choice(SourceKind.SUPPLIER, "first_choice" if offer_count > 1 else "only_source")
    if free_there > 0:
        return Choice(SourceKind.LOCATION, "some_there")
    return Choice(SourceKind.NONE, "nobody")
