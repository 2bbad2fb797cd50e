"""Whether a turn that a calendar would pass on is worth its price: what the days in stock save against what the other
supplier costs more.

A unit that is asked for in vain costs its margin and a disappointed customer, as in an emergency. What the other one
costs more is reckoned as a price break is: the goods, the order lines, and holding what their packs and their least
make of an order, for the time that the units bought of them last.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from orders.domain.money import to_money
from orders.domain.price_breaks import DAYS_A_YEAR, Break, Terms, yearly_cost

MILLI, ZERO = Decimal("0.001"), Decimal(0)
NOISE = 1e-9


class Unknown(StrEnum):
    """Why money cannot be weighed, so that the days of an empty shelf decide alone: demand that nobody foresees, a
    currency without a rate, a SKU whose price or cost is not noted."""

    NO_FORECAST = "no_forecast"
    NO_RATE = "no_rate"
    NO_MARGIN = "no_margin"


@dataclass(frozen=True, slots=True)
class Stakes:
    """Of one SKU at one place: money that a lost unit costs, units asked for a day and held, and what its rule says of
    orders: `lot_days` of demand in one, `review_days` between two, `ordering_cost` of a line, `holding_rate` a year;
    `typed`: minimum and maximum, where a person typed them."""

    lost_unit: float
    daily: float
    held: float
    lot_days: float
    review_days: float
    ordering_cost: float = 0.0
    holding_rate: float = 0.25
    typed: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """One supplier of it: their goods come on `day`, before which `lost` units are asked for in vain; prices of a unit
    in the firm's currency."""

    day: int
    lost: float
    price: float
    pack: float = 1.0
    least: float = 0.0
    breaks: Sequence[Break] = ()


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


@dataclass(frozen=True, slots=True)
class Step:
    """Whether the turn passed from the supplier `holder` to `other`, rows of the same list."""

    holder: int
    other: int
    weighed: Weighed
    is_passed: bool


def weigh(stakes: Stakes, holder: Seller, other: Seller) -> Weighed:
    """What is bought of the other one is at least one order of theirs, and all that waiting would lose."""
    units = max(holder.lost - other.lost, 0.0)
    if stakes.daily <= 0.0:
        return Weighed()
    need = one_order(stakes, other.day)
    order, usual = in_packs(need, other), in_packs(need, holder)
    bought = max(order, in_packs(units, other))
    more = yearly_cost(_terms(stakes, other), order) - yearly_cost(_terms(stakes, holder), usual)
    cost = more * bought / (stakes.daily * DAYS_A_YEAR)
    return Weighed(to_money(units * stakes.lost_unit), to_money(max(cost, 0.0)), _units(units), _units(bought))


def one_order(stakes: Stakes, day: int) -> float:
    """Units that an order takes whose goods come on `day`: what is asked for until the next one has come, and a lot,
    less what is held; a lot alone where more than that is held."""
    if stakes.typed is not None:
        minimum, maximum = stakes.typed
        return max(maximum - min(stakes.held, minimum), 0.0)
    days = day + stakes.review_days + stakes.lot_days
    return max(days * stakes.daily - stakes.held, stakes.lot_days * stakes.daily)


def in_packs(units: float, seller: Seller) -> float:
    """Whole packs of theirs, and their least."""
    return max(math.ceil(max(units, seller.least) / seller.pack - NOISE), 1) * seller.pack


def pass_on(
    first: int, gaps: Sequence[int], weighed: Callable[[int, int], Weighed], choose: Callable[[Sequence[int]], int]
) -> list[Step]:
    """The steps by which the turn passes from `first` on, as long as somebody leaves the shelf empty for less days than
    who has it (`gaps` [n]) and is worth it; of several `choose` says who, as on any day. The last step is one that is
    not worth it, where there is one: of several that which lacks least."""
    steps: list[Step] = []
    holder = first
    while True:
        sooner = {row: weighed(holder, row) for row, gap in enumerate(gaps) if gap < gaps[holder]}
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


def _terms(stakes: Stakes, seller: Seller) -> Terms:
    return Terms(
        seller.price, seller.breaks, seller.pack, stakes.daily, stakes.ordering_cost, stakes.holding_rate
    )  # fmt: skip


def _units(value: float) -> Decimal:
    return Decimal(str(round(value, 6))).quantize(MILLI)
