"""Whether to buy more at a lower price: the saving against what holding the goods longer costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from orders.domain.curves import F64

DAYS_A_YEAR = 365.0
# A quantity that reaches a break exactly may lie this much below it in floats.
NOISE = 1e-9
Break = tuple[float, float]
"""(units from which it holds, price of every unit of such an order)"""
Amount = TypeVar("Amount", float, F64)


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one line: list price, breaks ascending by units, pack in units; a daily demand above 0, the money that
    an order line costs, and what holding goods for a year costs as a share of their price."""

    price: float
    breaks: Sequence[Break]
    pack: float
    daily_demand: float
    ordering_cost: float
    holding_rate: float


@dataclass(frozen=True, slots=True)
class Deal:
    """What to order, at which price, and the money that it saves until it is sold against ordering `needed` each
    time."""

    quantity: float
    price: float
    saving: float


def price_at(terms: Terms, quantity: float) -> float:
    """The price of each unit of an order of so many."""
    reached = [price for least, price in terms.breaks if quantity >= least - NOISE]
    return reached[-1] if reached else terms.price


def yearly_cost(terms: Terms, quantity: float) -> float:
    """Money a year for goods, order lines and holding when orders are of this size."""
    demand, price = terms.daily_demand * DAYS_A_YEAR, price_at(terms, quantity)
    return cost_of_orders(demand, price, quantity, terms.ordering_cost, terms.holding_rate)


def cost_of_orders(
    yearly_demand: Amount, price: Amount, quantity: Amount, ordering_cost: Amount, holding_rate: Amount
) -> Amount:
    """Of one line or of [n]: D p + K D / Q + h p Q / 2, the all-units discount model (Silver, Pyke and Thomas, 4th ed.,
    section 4.5)."""
    goods, lines = yearly_demand * price, ordering_cost * yearly_demand / quantity
    return goods + lines + holding_rate * price * quantity / 2.0


def best_deal(terms: Terms, needed: float, most: float) -> Deal:
    """The cheapest of ordering what is needed and of reaching a break in whole packs; `most` units are not passed."""
    found, cost = needed, yearly_cost(terms, needed)
    base = cost
    for least, _price in terms.breaks:
        packs = -(-(least - NOISE) // terms.pack)
        quantity = packs * terms.pack
        if needed < quantity <= most and yearly_cost(terms, quantity) < cost:
            found, cost = quantity, yearly_cost(terms, quantity)
    years = found / (terms.daily_demand * DAYS_A_YEAR)
    return Deal(found, price_at(terms, found), (base - cost) * years)
