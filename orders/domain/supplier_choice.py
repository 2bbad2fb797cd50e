"""Which of several suppliers of a SKU is asked: by the share that each is to get, else by priority, price, lead time
and what does not come."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

DAYS_A_YEAR = 365.0
# A supplier of whom nothing is known counts as one who delivered so many lines whole.
TRUSTED_LINES = 4
HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Bid:
    """One supplier's. `price` of a unit in the firm's currency, inf without a rate; `cautious_days` within which 95 of
    100 of their deliveries come; `fill` the share of what was ordered that they brought, 0..1; `share` of what is
    bought that they are to get, percent, None without one; `bought` units of late."""

    supplier_id: int
    name: str
    priority: int
    price: float
    cautious_days: float
    fill: float
    share: int | None = None
    bought: float = 0.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """`index` of the bid to ask and why: `behind_share`, `first_priority` or `least_cost`. costs [n]: what a unit of
    each comes to."""

    index: int
    reason: str
    costs: tuple[float, ...]


def shrunk_fill(lines: int, arrived: float) -> float:
    """Share of a line that a supplier brings, 0..1: the mean of `lines`, whose shares sum to `arrived`, with
    TRUSTED_LINES whole ones beside them, so that one short delivery says little."""
    return (TRUSTED_LINES + arrived) / (TRUSTED_LINES + lines)


def unit_cost(bid: Bid, margin: float, holding_rate: float) -> float:
    """What a unit comes to: its price, holding it at `holding_rate` a year for the days that their lead time needs,
    and the `margin` of what does not come."""
    return bid.price * (1.0 + holding_rate * bid.cautious_days / DAYS_A_YEAR) + (1.0 - bid.fill) * margin


def choose_supplier(bids: Sequence[Bid], margin: float, holding_rate: float = 0.25) -> Chosen:
    """Where several are to get a share, the one who is furthest behind it in what was bought is asked; their shares
    need not sum to 100. Else the lowest priority number, then the lowest cost of a unit, then the lowest id."""
    costs = tuple(unit_cost(bid, margin, holding_rate) for bid in bids)
    sharing = [i for i, bid in enumerate(bids) if bid.share]
    if len(sharing) > 1:
        return Chosen(_furthest_behind(bids, sharing), "behind_share", costs)
    best = min(range(len(bids)), key=lambda i: (bids[i].priority, costs[i], bids[i].supplier_id))
    same = [i for i in range(len(bids)) if bids[i].priority == bids[best].priority]
    return Chosen(best, "least_cost" if len(same) > 1 else "first_priority", costs)


def _furthest_behind(bids: Sequence[Bid], sharing: Sequence[int]) -> int:
    """With nothing bought yet, the one with the largest share."""
    whole = sum(bids[i].share or 0 for i in sharing)
    total = sum(bids[i].bought for i in sharing)

    def missing(i: int) -> float:
        return (bids[i].share or 0) / whole * total - bids[i].bought

    return min(sharing, key=lambda i: (-round(missing(i), 6), -(bids[i].share or 0), bids[i].supplier_id))


@dataclass(frozen=True, slots=True)
class Rival:
    """One of several suppliers, as "why" tells of it; `got` is the share of what was bought of late, None without
    shares, `cost` what a unit comes to, None without an exchange rate."""

    name: str
    cost: float | None
    share: int | None
    got: float | None


def rivals_of(bids: Sequence[Bid], chosen: Chosen) -> tuple[Rival, ...]:
    """The chosen one first, then the others by what a unit of theirs comes to."""
    total = sum(bid.bought for bid in bids if bid.share)
    order = sorted(range(len(bids)), key=lambda i: (i != chosen.index, chosen.costs[i], bids[i].supplier_id))
    return tuple(
        Rival(
            bids[i].name,
            chosen.costs[i] if math.isfinite(chosen.costs[i]) else None,
            bids[i].share,
            bids[i].bought / total if bids[i].share and total > 0.0 else None,
        )
        for i in order
    )
