"""What a change of `reserved` does to a level, and when it takes effect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from inventory.domain.movements import ZERO, Balance, Pair

# Within this much, a moment before the last change of a level is only the wait for a lock, or a clock being set.
CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """A change of `reserved` of a pair at a moment: above zero it is held, below zero it is free again."""

    sku_id: int
    location_id: int
    change: Decimal
    at: datetime

    @property
    def pair(self) -> Pair:
        return self.sku_id, self.location_id


@dataclass(frozen=True, slots=True)
class Turn:
    """At that moment `available` of the pair fell to zero (`is_out`) or rose above it."""

    pair: Pair
    at: datetime
    is_out: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Levels after holds. `turns` are in order; `retold` are pairs whose past the holds changed."""

    balances: dict[Pair, Balance]
    turns: list[Turn]
    retold: list[Pair]


def moment_for(balances: Iterable[Balance], now: datetime) -> datetime:
    """The moment of an act: not before the last change of a level it touches, unless the clock was set back far."""
    latest = max((balance.updated_at for balance in balances), default=now)
    return latest if now < latest <= now + CLOCK_SLACK else now


def apply_holds(balances: Mapping[Pair, Balance], holds: Iterable[Hold]) -> Outcome:
    """The levels after `holds`, which are in the order of their moments.

    An act only holds or only frees stock of a pair, so that each pair turns at most once.
    """
    after = dict(balances)
    turns: list[Turn] = []
    retold: set[Pair] = set()
    for hold in holds:
        before = after[hold.pair]
        then = replace(before, reserved=before.reserved + hold.change, updated_at=max(before.updated_at, hold.at))
        after[hold.pair] = then
        # What of the lots may be sold has a history of its own, which may not be told to the end yet.
        if hold.at < before.updated_at or before.is_lot_tracked:
            retold.add(hold.pair)
        elif (before.available > ZERO) != (then.available > ZERO):
            turns.append(Turn(hold.pair, hold.at, is_out=then.available <= ZERO))
    return Outcome(after, [turn for turn in turns if turn.pair not in retold], sorted(retold))
