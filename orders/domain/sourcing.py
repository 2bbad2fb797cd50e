"""Where a need is met from: one of our own places, or a supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

# What a move between our own places takes. Stock that is ours is on its way the next morning.
TRANSFER_DAYS = 1


class SourceKind(StrEnum):
    SUPPLIER = "supplier"
    LOCATION = "location"
    NONE = "none"


class Priced(Protocol):
    """Terms of one supplier for one SKU, such as suppliers.selectors.terms.Offer."""

    @property
    def supplier_id(self) -> int: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def priority(self) -> int: ...


def choose_offer(offers: Sequence[Priced], mean_days: Sequence[float]) -> int | None:
    """Index of the supplier to ask: the lowest priority number, then the lowest price, then the shortest lead time."""
    if not offers:
        return None
    return min(
        range(len(offers)),
        key=lambda i: (offers[i].priority, offers[i].price, mean_days[i], offers[i].supplier_id),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Where from, and why in a word: `enough_there`, `first_choice`, `only_source`, `some_there` or `nobody`."""

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
