"""Which of the open proposals a rule may approve by itself, and why not the others.

A rule speaks in the name of who made it, so their own limit holds; whatever is unclear is left to a person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from orders.domain.approval import Limit, needs_second
from orders.domain.money import CENT

HUNDRED = Decimal(100)


class Miss(StrEnum):
    """Why a proposal is left to a person. The first ones are said of a line, the others of a whole order."""

    OTHER = "other"
    TOUCHED = "touched"
    HELD = "held"
    UNKNOWN_USUAL = "unknown_usual"
    UNUSUAL = "unusual"
    NO_RATE = "no_rate"
    DONE_TODAY = "done_today"
    ABOVE_ORDER = "above_order"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MOST = "above_most"
    ABOVE_LIMIT = "above_limit"
    ABOVE_CAP = "above_cap"
    ABOVE_BUDGET = "above_budget"


@dataclass(frozen=True, slots=True)
class Conditions:
    """None and "" are all. `order_up_to` in the firm's currency; `within_percent` of the usual quantity."""

    order_up_to: Decimal
    supplier_id: int | None = None
    category_ids: frozenset[int] | None = None
    value_class: str = ""
    steadiness: str = ""
    location_id: int | None = None
    within_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open proposal to buy. `amount` in the supplier's currency; `usual` is the mean of the last quantities bought,
    None where there were none; `is_touched` when a person edited it, `is_held` when a budget leaves nothing for it."""

    proposal_id: int
    sku_id: int
    supplier_id: int
    location_id: int
    category_id: int | None
    value_class: str
    steadiness: str
    quantity: Decimal
    amount: Decimal
    usual: Decimal | None
    is_touched: bool
    value_at_risk: Decimal
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an order has to keep within, besides the conditions: `cap_left` of the day, the author's `limit` with what
    they have `bought` lately by supplier, rates to the firm's currency by supplier, the suppliers' least order values
    (in their currency), and the (supplier, location) for which the rule has ordered today."""

    cap_left: Decimal
    limit: Limit
    bought: Mapping[int, Decimal]
    rates: Mapping[int, Decimal]
    least: Mapping[int, Decimal]
    # The largest order value by supplier, and the most of a line by (supplier, SKU); those who deliver any are missing.
    largest: Mapping[int, Decimal] = field(default_factory=dict)
    most: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    done: Collection[tuple[int, int]] = ()
    # What is left of each budget, and by (supplier, location) the places of those that cover it.
    budgets: Sequence[Decimal] = ()
    covered: Mapping[tuple[int, int], Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """An order that the rule would make, or what stands against it. `total` in the firm's currency, None without a
    rate."""

    candidates: tuple[Candidate, ...]
    total: Decimal | None
    miss: Miss | None = None


def line_miss(conditions: Conditions, line: Candidate) -> Miss | None:
    """None when the rule speaks of the line and nothing about it is unusual."""
    wanted = (
        (conditions.supplier_id, line.supplier_id),
        (conditions.location_id, line.location_id),
        (conditions.value_class or None, line.value_class),
        (conditions.steadiness or None, line.steadiness),
    )
    if any(asked is not None and asked != found for asked, found in wanted):
        return Miss.OTHER
    if conditions.category_ids is not None and line.category_id not in conditions.category_ids:
        return Miss.OTHER
    if line.is_touched:
        return Miss.TOUCHED
    if line.is_held:
        return Miss.HELD
    return _quantity_miss(conditions.within_percent, line)


def _quantity_miss(within_percent: Decimal | None, line: Candidate) -> Miss | None:
    if within_percent is None:
        return None
    if line.usual is None:
        return Miss.UNKNOWN_USUAL
    return Miss.UNUSUAL if abs(line.quantity - line.usual) * HUNDRED > within_percent * line.usual else None


def choose_orders(conditions: Conditions, lines: Iterable[Candidate], bounds: Bounds) -> list[Choice]:
    """One choice for each supplier and location of the lines that fit, those with most at stake first; each that is
    taken lowers what is left of the cap, of the budgets and of the author's limit.

    An order is taken whole or not at all: a part of it under the limit would be a way around the limit.
    """
    fitting = sorted(
        (line for line in lines if line_miss(conditions, line) is None),
        key=lambda line: (*_pair(line), line.proposal_id),
    )
    orders = [tuple(order) for _key, order in groupby(fitting, _pair)]
    left, bought, budgets = bounds.cap_left, dict(bounds.bought), list(bounds.budgets)
    choices = []
    for order in sorted(orders, key=lambda order: (-sum(line.value_at_risk for line in order), _pair(order[0]))):
        total = _home(order, bounds)
        covering = bounds.covered.get(_pair(order[0]), ())
        miss = _order_miss(conditions, order, total, bounds, left, bought)
        if miss is None and total is not None and any(total > budgets[at] for at in covering):
            miss = Miss.ABOVE_BUDGET
        choices.append(Choice(order, total, miss))
        if miss is None and total is not None:
            left -= total
            for at in covering:
                budgets[at] -= total
            bought[order[0].supplier_id] = bought.get(order[0].supplier_id, Decimal(0)) + total
    return choices


def _pair(line: Candidate) -> tuple[int, int]:
    return line.supplier_id, line.location_id


def _home(order: Sequence[Candidate], bounds: Bounds) -> Decimal | None:
    rate = bounds.rates.get(order[0].supplier_id)
    return (
        None
        if rate is None
        else (sum((line.amount for line in order), Decimal(0)).quantize(CENT) * rate).quantize(CENT)
    )


def _order_miss(
    conditions: Conditions,
    order: Sequence[Candidate],
    total: Decimal | None,
    bounds: Bounds,
    left: Decimal,
    bought: Mapping[int, Decimal],
) -> Miss | None:
    supplier_id = order[0].supplier_id
    if total is None:
        return Miss.NO_RATE
    if _pair(order[0]) in bounds.done:
        return Miss.DONE_TODAY
    if total > conditions.order_up_to:
        return Miss.ABOVE_ORDER
    if sum(line.amount for line in order) < bounds.least.get(supplier_id, Decimal(0)):
        return Miss.BELOW_MINIMUM
    if _is_above_most(order, bounds):
        return Miss.ABOVE_MOST
    if needs_second(bought.get(supplier_id, Decimal(0)) + total, bounds.limit):
        return Miss.ABOVE_LIMIT
    return Miss.ABOVE_CAP if total > left else None


def _is_above_most(order: Sequence[Candidate], bounds: Bounds) -> bool:
    """Whether the supplier delivers less at once, of a line or in all."""
    largest = bounds.largest.get(order[0].supplier_id)
    if largest is not None and sum(line.amount for line in order) > largest:
        return True
    most = ((line, bounds.most.get((line.supplier_id, line.sku_id))) for line in order)
    return any(units is not None and line.quantity > units for line, units in most)
