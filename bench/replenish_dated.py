"""The product's rule lived through day by day, since it looks at what is on its way and when it will come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.replenish_policies import Curves, Score, Weights
from bench.replenish_world import LEVELS, Nights, Span
from orders.domain.before_delivery import Lengths, Supply, lowered_levels, reaching
from orders.domain.economic import Costs, Points, economic_points
from orders.domain.waiting import Ahead, later_pace, look_ahead

F64 = NDArray[np.float64]


def economic(span: Span, seen: Curves, found: Nights, weights: Weights) -> Score:
    """Of the days of the span; the orders of its eve count as lines of it."""
    world, rule = span.world(), _Rule(span, seen, found, weights)
    days = world.demand.shape[1]
    road = _Road(span, days)
    on_hand = world.initial.copy()
    out = lost = asked = value = lines = 0.0
    for today in range(days):
        on_hand = on_hand + road.arrive(today)
        sold = np.minimum(on_hand, world.demand[:, today])
        on_hand = on_hand - sold
        ordered = rule.order(today, on_hand, road)
        road.send(today, ordered, world.lead_days[:, today])
        lines += (ordered > 0.0).sum()
        if today:
            unmet = world.demand[:, today] - sold
            out += ((on_hand <= 1e-9) | (unmet > 0.0)).sum()
            lost += unmet.sum()
            asked += world.demand[:, today].sum()
            value += (on_hand * span.price).sum()
    sku_days = (days - 1) * len(on_hand)
    return Score(out / sku_days, 1 - lost / asked, value / (days - 1), 7 * lines / sku_days)


class _Road:
    """What is on its way. Who looks at it knows when each order was placed and what lead times there are, not the lead
    time that was drawn."""

    def __init__(self, span: Span, days: int) -> None:
        leads = span.lead_days()
        self._low, self._high = int(leads.min()), int(leads.max())
        n = len(leads)
        self._sent = np.zeros((n, days))
        self._comes = np.zeros((n, days), dtype=np.int64)

    def arrive(self, today: int) -> F64:
        """[n] units before opening."""
        is_here = (self._comes == today) & (self._sent > 0.0)
        units: F64 = np.where(is_here, self._sent, 0.0).sum(axis=1)
        self._sent[is_here] = 0.0
        return units

    def send(self, today: int, units: F64, lead_days: NDArray[np.int64]) -> None:
        self._sent[:, today], self._comes[:, today] = units, today + 1 + lead_days

    @property
    def total(self) -> F64:
        """[n] units."""
        return np.asarray(self._sent.sum(axis=1))

    def expected(self, today: int, days: int) -> F64:
        """[n, days]: units expected at the opening of each of the days after today, every lead time that an order may
        still have being as likely."""
        found = np.zeros((len(self._sent), days))
        for age in range(min(self._high, today) + 1):
            leads = range(max(self._low, age), self._high + 1)
            for lead in leads:
                found[:, lead - age] += self._sent[:, today - age] / len(leads)
        return found


@dataclass
class _Rule:
    """orders.domain.economic, and orders.domain.before_delivery for what is at or below its point."""

    span: Span
    seen: Curves
    found: Nights
    weights: Weights

    def order(self, today: int, on_hand: F64, road: _Road) -> F64:
        """[n] units ordered at the close of a day, in whole packs."""
        n = len(on_hand)
        pack, ones = self.span.pack, np.ones(n)
        weights = self.weights
        costs = Costs(weights.holding * self.span.price, ones, weights.lost_unit * ones, weights.order_line * ones)
        mean, interval = self.seen.mean[today], self.seen.interval_days * ones
        pace, ahead = np.maximum(later_pace(mean, interval), 1e-3), look_ahead(mean, interval, ones)
        plain = economic_points(
            self.seen.until_end[today], self.seen.until_eve[today], np.array(LEVELS), costs, pace, pack, ones,
            60 * pace, ahead,
        )  # fmt: skip
        position = on_hand + road.total
        at = np.flatnonzero(position <= plain.levels(pack, ones)[0])
        there = on_hand[:, None] + np.cumsum(road.expected(today, mean.shape[1]), axis=1)
        supply = Supply(position, there).rows(at)
        point, top = self._dated(today, at, supply, plain.rows(at), costs.rows(at), ahead.rows(at))
        ordered = np.zeros(n)
        packs = np.maximum(np.ceil((top - supply.position) / pack[at] - 1e-9), 0.0)
        ordered[at] = np.where(supply.position <= point, packs * pack[at], 0.0)
        return ordered

    def _dated(
        self, today: int, at: NDArray[np.int64], supply: Supply, plain: Points, costs: Costs, ahead: Ahead
    ) -> tuple[F64, F64]:
        """Reorder point and level to order up to of the rows `at`."""
        pack, step = self.span.pack[at], np.ones(len(at))
        reach = reaching(self._lengths(today, at), self.seen.mean[today][at], supply)
        return lowered_levels(reach, plain, costs, pack, step, ahead)

    def _lengths(self, today: int, at: NDArray[np.int64]) -> Lengths:
        leads = np.arange(self.span.lead_days().min(), self.span.lead_days().max() + 1)
        curves = self.found.quantiles[today][at].astype(np.float64)
        end, eve = (curves[:, [self.found.grid.index(lead + more) for lead in leads]] for more in (1, 0))
        wide = np.ones((len(at), len(leads)))
        return Lengths(
            wide * leads, wide / len(leads), np.ascontiguousarray(end), np.ascontiguousarray(eve), np.array(LEVELS)
        )
