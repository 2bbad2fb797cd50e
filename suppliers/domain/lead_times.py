"""How long a delivery will take: what the supplier promised, moved by what the supplier did.

Deliveries are counted by how many days they took more than promised ("slip"), so that SKUs with different promises
teach each other. The estimate is a Bayesian mean of histograms (Dirichlet): the promise counts as `PROMISE_WEIGHT`
deliveries that were on time, a supplier's own histogram as `SUPPLIER_WEIGHT` deliveries of each SKU. With few
deliveries the promise speaks, with many the deliveries do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

PROMISE_WEIGHT = 4.0
SUPPLIER_WEIGHT = 8.0
# Fewer deliveries of one SKU say nothing that its supplier's histogram does not say better.
ENOUGH_OF_SKU = 5
MOST_POINTS = 12


class Basis(StrEnum):
    """What an estimate rests on: the promise alone, the supplier's deliveries, or those of this very SKU."""

    PROMISE = "promise"
    SUPPLIER = "supplier"
    SKU = "sku"


@dataclass(frozen=True)
class LeadTime:
    """Possible days from order to usable stock, ascending, with chances that sum to 1. `observed` deliveries stand
    behind it."""

    days: tuple[int, ...]
    chances: tuple[float, ...]
    observed: int
    basis: Basis

    @cached_property
    def mean(self) -> float:
        """Expected days; kept, since a plan asks it of the same few distributions for every listing."""
        return sum(day * chance for day, chance in zip(self.days, self.chances, strict=True))

    def quantile(self, level: float) -> int:
        """The least number of days within which a delivery comes with at least this chance."""
        reached = 0.0
        for day, chance in zip(self.days, self.chances, strict=True):
            reached += chance
            if reached >= level - 1e-9:
                return day
        return self.days[-1]


def learn(promised: int, supplier: Mapping[int, int], sku: Mapping[int, int]) -> LeadTime:
    """The distribution for one SKU of one supplier.

    `promised` days; `supplier` and `sku` count deliveries by slip (observed days less promised days, may be negative).
    """
    chances = _shrink(supplier, {0: 1.0}, PROMISE_WEIGHT)
    of_sku = sum(sku.values())
    if of_sku >= ENOUGH_OF_SKU:
        chances = _shrink(sku, chances, SUPPLIER_WEIGHT)
        basis, observed = Basis.SKU, of_sku
    else:
        observed = sum(supplier.values())
        basis = Basis.SUPPLIER if observed else Basis.PROMISE
    points: dict[int, float] = {}
    for slip, chance in chances.items():
        day = max(promised + slip, 0)
        points[day] = points.get(day, 0.0) + chance
    merged = _merge(sorted(points.items()))
    return LeadTime(tuple(day for day, _ in merged), tuple(chance for _, chance in merged), observed, basis)


def _shrink(counts: Mapping[int, int], prior: Mapping[int, float], weight: float) -> dict[int, float]:
    """Posterior mean of a histogram: (weight * prior + counts) / (weight + number of counts)."""
    total = weight + sum(counts.values())
    slips = sorted({*counts, *prior})
    return {slip: (weight * prior.get(slip, 0.0) + counts.get(slip, 0)) / total for slip in slips}


def _merge(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most MOST_POINTS points: the two neighbours with the least chance together become one, at the later day."""
    kept = list(points)
    while len(kept) > MOST_POINTS:
        left = min(range(len(kept) - 1), key=lambda i: kept[i][1] + kept[i + 1][1])
        kept[left : left + 2] = [(kept[left + 1][0], kept[left][1] + kept[left + 1][1])]
    return kept
