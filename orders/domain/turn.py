"""Whether a turn that a calendar would pass on is worth its price: what the days in stock save against what the other
supplier costs more.

A unit that is asked for in vain costs its margin and a disappointed customer, as in an emergency. What the other one
costs more is reckoned as a price break is: the goods, the order lines, and holding what their packs and their least
make of an order, for the time that the units bought of them last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from orders.domain.curves import F64
from orders.domain.money import to_money
from orders.domain.price_breaks import DAYS_A_YEAR, NOISE, cost_of_orders

MILLI, ZERO = Decimal("0.001"), Decimal(0)


class Unknown(StrEnum):
    """Why money cannot be weighed, so that the days of an empty shelf decide alone: demand that nobody foresees, a
    currency without a rate, a SKU whose price or cost is not noted."""

    NO_FORECAST = "no_forecast"
    NO_RATE = "no_rate"
    NO_MARGIN = "no_margin"


@dataclass(frozen=True)
class Stakes:
    """Of n SKUs at one place, which may repeat, [n] each: money that a lost unit costs, units asked for a day and held,
    and what their rules say of orders: `lot_days` of demand in one, `review_days` between two, `ordering_cost` of a
    line, `holding_rate` a year; `minimum` and `maximum` where a person typed them, nan elsewhere."""

    lost_unit: F64
    daily: F64
    held: F64
    lot_days: F64
    review_days: F64
    ordering_cost: F64
    holding_rate: F64
    minimum: F64
    maximum: F64


@dataclass(frozen=True)
class Sellers:
    """One supplier of each of n SKUs, [n] each: their goods come on `day`, before which `lost` units are asked for in
    vain; `price` of a unit in the firm's currency, `pack` and `least` units of an order. From break_units [n, b] on,
    ascending, each unit of an order costs break_prices [n, b]; inf behind the last."""

    day: F64
    lost: F64
    price: F64
    pack: F64
    least: F64
    break_units: F64
    break_prices: F64


@dataclass(frozen=True)
class TurnSums:
    """[n] each: money that asking the other one saves and costs, units that are not asked for in vain, and units that
    are bought of them."""

    saved: F64
    cost: F64
    units: F64
    bought: F64

    def weighed(self) -> list["Weighed"]:
        """The same in the amounts that are shown."""
        rows = zip(self.saved.tolist(), self.cost.tolist(), self.units.tolist(), self.bought.tolist(), strict=True)
        return [
            Weighed(to_money(saved), to_money(cost), _units(units), _units(bought))
            for saved, cost, units, bought in rows
        ]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Asking another supplier than the one whose turn it is: it saves `saved` money, `units` not asked for in vain, and
    costs `cost` more for `bought` units; or why that is unknown. Money is in whole cents, as it is shown."""

    saved: Decimal = ZERO
    cost: Decimal = ZERO
    units: Decimal = ZERO
    bought: Decimal = ZERO
    unknown: Unknown | None = None

    @property
    def is_worth_it(self) -> bool:
        """Of the same sums the turn stays with whom a person chose."""
        return self.unknown is not None or self.saved > self.cost


Pair = tuple[int, int]
"""Who has the turn and who might get it: rows of the offers of one SKU."""


@dataclass(frozen=True, slots=True)
class Step:
    """Whether the turn passed from the supplier `holder` to `other`, rows of the same list."""

    holder: int
    other: int
    weighed: Weighed
    is_passed: bool


def weigh(stakes: Stakes, holders: Sellers, others: Sellers) -> TurnSums:
    """[n]: asking the seller of this row of `others` instead of that of `holders`, both of the SKU of the row. What is
    bought of the other one is at least one order of theirs, and all that waiting would lose."""
    units = np.maximum(holders.lost - others.lost, 0.0)
    need = one_order(stakes, others.day)
    order, usual = in_packs(need, others), in_packs(need, holders)
    bought = np.maximum(order, in_packs(units, others))
    more = _yearly_cost(stakes, others, order) - _yearly_cost(stakes, holders, usual)
    is_asked_for = stakes.daily > 0.0
    cost = more * bought / np.where(is_asked_for, stakes.daily * DAYS_A_YEAR, 1.0)
    columns = (units * stakes.lost_unit, np.maximum(cost, 0.0), units, bought)
    return TurnSums(*(np.where(is_asked_for, column, 0.0) for column in columns))


def one_order(stakes: Stakes, day: F64) -> F64:
    """[n]: units that an order takes whose goods come on `day` [n]: what is asked for until the next one has come, and
    a lot, less what is held; a lot alone where more than that is held."""
    days = day + stakes.review_days + stakes.lot_days
    foreseen = np.maximum(days * stakes.daily - stakes.held, stakes.lot_days * stakes.daily)
    typed = np.maximum(stakes.maximum - np.minimum(stakes.held, stakes.minimum), 0.0)
    return np.where(np.isnan(stakes.minimum), foreseen, typed)


def in_packs(units: F64, sellers: Sellers) -> F64:
    """[n]: whole packs of theirs, and their least."""
    packs = np.ceil(np.maximum(units, sellers.least) / sellers.pack - NOISE)
    found: F64 = np.maximum(packs, 1.0) * sellers.pack
    return found


def _yearly_cost(stakes: Stakes, sellers: Sellers, quantity: F64) -> F64:
    price = _price_at(sellers, quantity)
    return cost_of_orders(
        stakes.daily * DAYS_A_YEAR, price, quantity, stakes.ordering_cost, stakes.holding_rate
    )  # fmt: skip


def _price_at(sellers: Sellers, quantity: F64) -> F64:
    prices = np.column_stack([sellers.price, sellers.break_prices])
    reached = (quantity[:, None] >= sellers.break_units - NOISE).sum(axis=1)
    found: F64 = prices[np.arange(len(prices)), reached]
    return found


def pass_on(
    first: int, gaps: Sequence[int], weighed: Mapping[Pair, Weighed], choose: Callable[[Sequence[int]], int]
) -> list[Step]:
    """The steps by which the turn passes from `first` on, as long as somebody leaves the shelf empty for less days than
    who has it (`gaps` [n]) and is worth it; of several `choose` says who, as on any day. The last step is one that is
    not worth it, where there is one: of several that which lacks least."""
    steps: list[Step] = []
    holder = first
    while True:
        sooner = {row: weighed[holder, row] for row, gap in enumerate(gaps) if gap < gaps[holder]}
        worth = [row for row, found in sooner.items() if found.is_worth_it]
        if not worth:
            break
        other = choose(worth)
        steps.append(Step(holder, other, sooner[other], is_passed=True))
        holder = other
    if sooner:
        nearest = max(sooner, key=lambda row: sooner[row].saved - sooner[row].cost)
        steps.append(Step(holder, nearest, sooner[nearest], is_passed=False))
    return steps


def _units(value: float) -> Decimal:
    return Decimal(str(round(value, 6))).quantize(MILLI)
