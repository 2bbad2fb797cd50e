"""Reorder points and order-up-to levels from a probabilistic forecast and an uncertain lead time.

Order at or below s, the quantile of demand over the protection interval (lead time plus review period) at the target
cycle service level, up to S = s + the expected demand of the next lot. Safety stock is s less the expected demand over
the interval, so it is derived and never set. With a certain lead time and normal demand this is the textbook
base-stock level (Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed., chapter 6);
the tests compare it with stockpyl.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64, STORED_LEVELS, mean_at


class Demand(Protocol):
    """A forecast of n series, such as forecasting.selectors.sums.PublishedSums."""

    @property
    def mean(self) -> NDArray[np.float32]:
        """[n, H]: expected units of each day."""
        ...

    def over(self, intervals: F64, weights: F64 | None, levels: tuple[float, ...] | None) -> NDArray[np.float32]:
        """[n, len(levels)]: quantiles of demand over `intervals` [n, k] days with chances `weights` [n, k]."""
        ...

    def rows(self, index: NDArray[np.int64]) -> "Demand":
        """Of the series at `index`."""
        ...


@dataclass(frozen=True)
class Protection:
    """How long stock has to last, of n series: lead times days [n, k] with chances [n, k] (rows sum to 1), review days
    [n]. `by_calendar` [n, k] are the days until the next order comes, where that is not simply lead plus review. The
    `uncovered` [n, k] days of a closure that is longer than what is covered of it are left out there."""

    lead_days: F64
    chances: F64
    review_days: F64
    by_calendar: F64 | None = None
    uncovered: F64 | None = None

    @property
    def interval_days(self) -> F64:
        """[n, k]: days until the next order comes, by the chances of `lead_days`."""
        return self.lead_days + self.review_days[:, None] if self.by_calendar is None else self.by_calendar

    @property
    def days_before(self) -> F64:
        """[n, k]: those of `interval_days` that pass before the order comes."""
        return self.lead_days if self.uncovered is None else self.lead_days - self.uncovered

    @property
    def mean_lead(self) -> F64:
        """[n] days."""
        return _mean(self.lead_days, self.chances)

    @property
    def mean_interval(self) -> F64:
        """[n] days."""
        return _mean(self.interval_days, self.chances)


@dataclass(frozen=True)
class Levels:
    """Of n series, in units, not yet rounded: reorder_point s, order_up_to S, interval_demand expected over the
    protection interval, daily_demand its mean per day, lot the demand between s and S. Curves are at STORED_LEVELS:
    lead_curve over the lead time alone, interval_curve over the protection interval. `lost` of the interval's demand
    is expected to be asked for in vain before tonight's order can come, and is no need of it."""

    reorder_point: F64
    order_up_to: F64
    interval_demand: F64
    daily_demand: F64
    lead_curve: F64
    interval_curve: F64
    lost: F64


def derive_levels(demand: Demand, protection: Protection, service_level: F64, lot_days: F64) -> Levels:
    """Levels of n series; `service_level` [n] inside (0, 1), `lot_days` [n]."""
    mean = np.asarray(demand.mean, dtype=np.float64)
    interval, chances = protection.interval_days, protection.chances
    targets = tuple(sorted({float(level) for level in service_level}))
    found = demand.over(interval, chances, (*targets, *STORED_LEVELS)).astype(np.float64)
    point = found[np.arange(len(mean)), np.searchsorted(targets, service_level)]
    interval_demand = _mean(mean_at(mean, interval), chances)
    until = protection.mean_interval[:, None]
    lot = (mean_at(mean, until + lot_days[:, None]) - mean_at(mean, until))[:, 0]
    return Levels(
        reorder_point=point,
        order_up_to=point + lot,
        interval_demand=interval_demand,
        daily_demand=interval_demand / protection.mean_interval,
        lead_curve=demand.over(protection.lead_days, chances, STORED_LEVELS).astype(np.float64),
        interval_curve=found[:, len(targets) :],
        lost=np.zeros(len(mean)),
    )


def _mean(values: F64, chances: F64) -> F64:
    found: F64 = (values * chances).sum(axis=1)
    return found
