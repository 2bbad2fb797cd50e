"""The decision of the night for every listing of one location: its levels, and what to buy or move, from where, and
why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from orders.domain.curves import F64, STORED_LEVELS, expected_excess, mean_at
from orders.domain.levels import Demand, Levels, Protection, derive_levels
from orders.domain.lots import MOST_LOT_DAYS, lot_days
from orders.domain.policy import Policy
from orders.domain.position import Position
from orders.domain.quantity import (
    I64,
    THOUSAND,
    needs,
    order_quantities,
    round_up,
    to_decimal,
    to_number,
    to_thousandths,
)
from orders.domain.sourcing import TRANSFER_DAYS, Choice, SourceKind, choose_source
from suppliers.domain.lead_times import Basis, LeadTime

FALLBACK_LEAD = LeadTime((7,), (1.0,), 0, Basis.PROMISE)
TRANSFER_LEAD = LeadTime((TRANSFER_DAYS,), (1.0,), 0, Basis.PROMISE)
ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")


def _no_curve() -> F64:
    return np.empty(0)


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


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What the night says of one case. Without a forecast the figures are None and the curves empty; without a proposal
    `quantity` is 0. daily_mean [H] is the expected demand of each day, lead_curve the quantiles at STORED_LEVELS of the
    demand over the lead time."""

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
    daily_mean: F64 = field(default_factory=_no_curve)
    lead_curve: F64 = field(default_factory=_no_curve)
    lot_days: int = 0

    @property
    def unit_price(self) -> Decimal:
        """What a unit costs: the supplier's price, or the cost at which the firm already holds it."""
        return self.case.buy.price if self.choice.kind is SourceKind.SUPPLIER and self.case.buy else self.case.cost


def decide(cases: Sequence[Case], demand: Demand) -> list[Decision]:
    """Decisions for cases that have a forecast; row i of `demand` belongs to case i."""
    if not cases:
        return []
    mean = np.asarray(demand.mean, dtype=np.float64)
    lots = _lots(cases, mean)
    choices = _choose_sources(cases, mean, lots)
    leads = [_lead(case, choice) for case, choice in zip(cases, choices, strict=True)]
    protection = _protection(cases, leads)
    levels = derive_levels(demand, protection, _targets(cases), lots)
    return _assemble(cases, choices, leads, levels, mean, lots)


def without_forecast(case: Case) -> Decision:
    """Nobody orders by a guess: the reason is the missing history, or the rule that stops it anyway."""
    outcome = "stopped" if case.policy.is_stopped else "no_forecast"
    choice = choose_source(float(case.free_there), 0.0, case.buy is not None, _offers(case))
    return Decision(case, outcome, choice, _known_lead(case, choice), lot_days=case.policy.lot_days)


def _choose_sources(cases: Sequence[Case], mean: F64, days: F64) -> list[Choice]:
    lots = mean_at(mean, days[:, None])[:, 0].tolist()
    return [
        choose_source(float(case.free_there), lot, case.buy is not None, _offers(case))
        for case, lot in zip(cases, lots, strict=True)
    ]


def _offers(case: Case) -> int:
    return 0 if case.buy is None else 1 + case.buy.alternatives


def _known_lead(case: Case, choice: Choice) -> LeadTime | None:
    if choice.kind is SourceKind.LOCATION:
        return TRANSFER_LEAD
    return case.buy.lead if case.buy is not None else None


def _lead(case: Case, choice: Choice) -> LeadTime:
    return _known_lead(case, choice) or FALLBACK_LEAD


def _protection(cases: Sequence[Case], leads: Sequence[LeadTime]) -> Protection:
    """Lead times padded to a rectangle; what is padded has chance 0."""
    width = max(len(lead.days) for lead in leads)
    days, chances = np.zeros((len(leads), width)), np.zeros((len(leads), width))
    for row, lead in enumerate(leads):
        days[row, : len(lead.days)] = lead.days
        chances[row, : len(lead.days)] = lead.chances
    review = np.array([case.policy.review_days for case in cases], dtype=np.float64)
    return Protection(days, chances, review)


def _targets(cases: Sequence[Case]) -> F64:
    return np.array([case.policy.cycle_service_level for case in cases], dtype=np.float64)


def _lots(cases: Sequence[Case], mean: F64) -> F64:
    """Whole days of one lot of each case."""
    policies = [case.policy for case in cases]
    return lot_days(
        daily_demand=mean.mean(axis=1),
        unit_cost=np.array([to_number(case.buy.price if case.buy else case.cost) for case in cases]),
        ordering_cost=np.array([policy.ordering_cost for policy in policies]),
        holding_rate=np.array([policy.holding_rate for policy in policies]),
        fixed_days=np.array([policy.lot_days for policy in policies], dtype=np.float64),
        most_days=np.array([case.shelf_life_days or MOST_LOT_DAYS for case in cases], dtype=np.float64),
    )


@dataclass(frozen=True)
class _Quantities:
    reorder_point: I64
    order_up_to: I64
    need: I64
    quantity: I64


def _quantities(cases: Sequence[Case], choices: Sequence[Choice], levels: Levels) -> _Quantities:
    step = np.array([case.step for case in cases], dtype=np.int64)
    point = round_up(levels.reorder_point, step)
    up_to = np.maximum(round_up(levels.order_up_to, step), point)
    position = to_thousandths([case.position.inventory_position for case in cases])
    need = needs(position, point, up_to, levels.interval_demand > 0.0)
    bought = [
        case.buy if choice.kind is SourceKind.SUPPLIER else None for case, choice in zip(cases, choices, strict=True)
    ]
    minimum = to_thousandths([buy.minimum if buy else ZERO for buy in bought])
    pack = to_thousandths([buy.pack_size if buy else ZERO for buy in bought])
    packs = order_quantities(need, minimum, np.where(pack > 0, pack, step))
    free = to_thousandths([case.free_there for case in cases]) // step * step
    moved = np.array([choice.kind is SourceKind.LOCATION for choice in choices])
    return _Quantities(point, up_to, need, np.where(moved, np.minimum(packs, free), packs))


def _assemble(
    cases: Sequence[Case], choices: Sequence[Choice], leads: Sequence[LeadTime], levels: Levels, mean: F64, lots: F64
) -> list[Decision]:
    quantities = _quantities(cases, choices, levels)
    held = np.maximum(to_thousandths([case.position.inventory_position for case in cases]), 0) / THOUSAND
    excess = expected_excess(levels.interval_curve, np.array(STORED_LEVELS), held)
    columns: list[list[Any]] = [
        [to_decimal(value) for value in quantities.reorder_point],
        [to_decimal(value) for value in quantities.order_up_to],
        levels.interval_demand.tolist(),
        levels.daily_demand.tolist(),
        [to_decimal(value) for value in quantities.need],
        [to_decimal(value) for value in quantities.quantity],
        [_money(units, case.margin) for units, case in zip(excess.tolist(), cases, strict=True)],
        list(mean),
        list(levels.lead_curve),
        [int(days) for days in lots],
    ]
    return [
        _decision(case, choice, lead, *values)
        for case, choice, lead, *values in zip(cases, choices, leads, *columns, strict=True)
    ]


def _decision(case: Case, choice: Choice, lead: LeadTime, *values: Any) -> Decision:
    point, up_to, interval_demand, daily_demand, need, quantity, at_risk, daily_mean, lead_curve, lot = values
    outcome = _outcome(case, choice, interval_demand, need, quantity)
    is_wanted = outcome == "proposed"
    return Decision(
        case=case,
        outcome=outcome,
        choice=choice,
        lead=lead if choice.kind is not SourceKind.NONE else None,
        reorder_point=point,
        order_up_to=up_to,
        interval_demand=interval_demand,
        daily_demand=daily_demand,
        need=need,
        quantity=quantity if is_wanted else ZERO,
        value_at_risk=at_risk,
        daily_mean=daily_mean,
        lead_curve=lead_curve,
        lot_days=lot,
    )


def _outcome(case: Case, choice: Choice, interval_demand: float, need: Decimal, quantity: Decimal) -> str:
    """The first that applies; the words are those of orders.models.Outcome."""
    answers = (
        (case.policy.is_stopped, "stopped"),
        (interval_demand <= 0.0, "no_demand"),
        (need <= 0, "enough"),
        (choice.kind is SourceKind.NONE or quantity <= 0, "no_source"),
        (case.is_snoozed, "snoozed"),
    )
    return next((word for applies, word in answers if applies), "proposed")


def _money(units: float, margin: Decimal) -> Decimal:
    return (Decimal(str(round(max(units, 0.0), 6))) * margin).quantize(CENT)
