"""What the night knows of one listing, and what it decides of it: records that the rules beside this module read, and
complete one after the other. How the first decision is made stands in `orders.domain.plan`."""

import math
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from orders.domain.bounds import Limit
from orders.domain.by_calendar import Timing
from orders.domain.curves import F64
from orders.domain.in_time import TooLate, Turn
from orders.domain.policy import Policy
from orders.domain.position import Position
from orders.domain.sourcing import TRANSFER_DAYS, Choice, SourceKind, Spare
from orders.domain.supplier_choice import Rival
from suppliers.domain.lead_times import LeadTime

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Buy:
    """The supplier that would be asked. `alternatives` counts the others."""

    supplier_id: int
    name: str
    price: Decimal
    pack_size: Decimal
    minimum: Decimal
    priority: int
    lead: LeadTime
    alternatives: int
    # (units, price of every unit of an order of so many), ascending; and the least value of an order of several lines.
    breaks: tuple[tuple[Decimal, Decimal], ...] = ()
    order_minimum: Decimal = ZERO
    # Why this one of several, and all of them, this one first.
    chosen_by: str = ""
    rivals: tuple[Rival, ...] = ()
    # Those who would be asked, but are short of it, were ordered as much of today as they deliver, or come too late.
    passed_over: tuple[str, ...] = ()
    full: tuple[str, ...] = ()
    too_late: tuple[TooLate, ...] = ()
    turns: tuple[Turn, ...] = ()
    # Units of a line, and value of an order, that they deliver at most; None: any.
    maximum: Decimal | None = None
    order_maximum: Decimal | None = None
    # Units of a full pallet, None where that does not matter, and the share of one that may be missing to reach it.
    pallet: Decimal | None = None
    pallet_share: Decimal = ZERO
    # What one of the supplier's currency is worth in that of the firm.
    rate: Decimal = ONE

    @property
    def home_price(self) -> Decimal:
        return self.price * self.rate


@dataclass(frozen=True, slots=True)
class Case:
    """One listing. `step` is the smallest quantity in thousandths (1000: counted, 1: weighed); `margin` is price less
    cost per unit; `free_there` are units that the supplying place has promised to nobody."""

    sku_id: int
    step: int
    margin: Decimal
    cost: Decimal
    shelf_life_days: int | None
    policy: Policy
    position: Position
    buy: Buy | None
    free_there: Decimal
    is_snoozed: bool
    # What is on order and in transit: days from today until it is expected, and units; None where it makes no
    # difference when that is.
    coming: tuple[tuple[int, float], ...] | None = None
    # By value (A, B, C) and by steadiness (X, Y, Z); see orders.domain.classes.
    value_class: str = ""
    steadiness: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What the night says of one case. Without a forecast the figures are None and the curves empty; without a proposal
    `quantity` is 0. daily_mean [H] is the expected demand of each day; lead_curve and interval_curve are the quantiles
    at STORED_LEVELS of the demand over the lead time and over the protection interval."""

    case: Case
    outcome: str
    choice: Choice
    lead: LeadTime | None
    reorder_point: Decimal | None = None
    order_up_to: Decimal | None = None
    interval_demand: float | None = None
    daily_demand: float | None = None
    need: Decimal = ZERO
    quantity: Decimal = ZERO
    value_at_risk: Decimal = ZERO
    daily_mean: F64 = field(default_factory=lambda: np.empty(0))
    lead_curve: F64 = field(default_factory=lambda: np.empty(0))
    interval_curve: F64 = field(default_factory=lambda: np.empty(0))
    lot_days: int = 0
    # Units of the interval's demand that are expected to be lost before anything ordered now can come, and left out.
    lost_before: float = 0.0
    # P(demand over the protection interval <= reorder point), None without a forecast; and what bound the levels.
    certainty: float | None = None
    limits: Limit = Limit.NONE
    # The price that a larger quantity reached, the units bought for it and what they save; the units that reach the
    # supplier's least order.
    price: Decimal | None = None
    for_price: Decimal = ZERO
    saving: Decimal = ZERO
    for_order: Decimal = ZERO
    # Units more that make a pallet full.
    for_pallet: Decimal = ZERO
    # Units left out, since the supplier delivers no more in a line, or no more in an order.
    over_line: Decimal = ZERO
    over_order: Decimal = ZERO
    # Units more that fill the supplier's truck; below 0: that did not fit into it.
    for_truck: Decimal = ZERO
    # Days that goods on the truck may last, where it stays part-empty since more of them would last longer.
    truck_held_days: int = 0
    # The place that has too much, where the goods do not come from the supplying one.
    donor: Spare | None = None
    # When the supplier takes the order and delivers it; None where every day is the same.
    timing: Timing | None = None

    @property
    def days_to_arrive(self) -> int:
        """Whole days from an order placed now until the goods can be sold."""
        if self.choice.kind is SourceKind.LOCATION:
            return TRANSFER_DAYS
        if self.timing is not None:
            return self.timing.arrives_in
        return math.ceil(self.lead.mean) if self.lead else 0

    @property
    def lead_days(self) -> float | None:
        """Mean days from an order placed now to usable stock."""
        if self.timing is not None:
            return self.timing.lead_days
        return self.lead.mean if self.lead else None

    @property
    def interval_days(self) -> float | None:
        """Mean days until the next order can have come."""
        if self.timing is not None:
            return self.timing.interval_days
        return self.lead.mean + self.case.policy.review_days if self.lead else None

    @property
    def unit_price(self) -> Decimal:
        """What a unit costs: the supplier's price, or the cost at which the firm already holds it."""
        if self.price is not None:
            return self.price
        return self.case.buy.price if self.choice.kind is SourceKind.SUPPLIER and self.case.buy else self.case.cost
