"""The decision of the night for every listing of one location: its levels, and what to buy or move, from where, and
why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from orders.domain.before_delivery import Supply
from orders.domain.bounds import Bounded, Limit, newsvendor_ratio, within_bounds
from orders.domain.by_calendar import Calendars, Timing, missed_units, with_calendars
from orders.domain.curves import F64, STORED_LEVELS, cumulative, expected_excess, mean_at
from orders.domain.decision import ZERO, Case, Decision
from orders.domain.levels import Demand, Levels, Protection, derive_levels
from orders.domain.lots import MOST_LOT_DAYS, lot_days
from orders.domain.money import worth
from orders.domain.policy import Phase, Target
from orders.domain.quantity import (
    I64,
    THOUSAND,
    fit_into,
    needs,
    order_quantities,
    round_up,
    to_decimal,
    to_number,
    to_thousandths,
)
from orders.domain.sourcing import TRANSFER_DAYS, Choice, SourceKind, choose_source
from orders.domain.targets import LotTerms, with_targets
from suppliers.domain.lead_times import Basis, LeadTime

# Of what nobody supplies. Nothing is ordered by it, but its levels have to be reckoned over some days.
FALLBACK_LEAD = LeadTime((7,), (1.0,), 0, Basis.PROMISE)
TRANSFER_LEAD = LeadTime((TRANSFER_DAYS,), (1.0,), 0, Basis.PROMISE)
NO_LIMIT = 2**62
Bools = NDArray[np.bool_]


def decide(cases: Sequence[Case], demand: Demand, calendars: Calendars | None = None) -> list[Decision]:
    """Decisions for cases that have a forecast; row i of `demand` belongs to case i. Without `calendars` every supplier
    takes orders and delivers daily."""
    if not cases:
        return []
    mean = np.asarray(demand.mean, dtype=np.float64)
    lots = _lots(cases, mean)
    choices = _choose_sources(cases, mean, lots)
    leads = [_lead(case, choice) for case, choice in zip(cases, choices, strict=True)]
    protection, timings = protection_by_calendar(protection_of(cases, leads), cases, choices, calendars)
    policies = [case.policy for case in cases]
    levels = derive_levels(demand, protection, _targets(cases), lots)
    supply = _supply(cases, protection)
    levels = with_targets(levels, policies, demand, protection, _lot_terms(cases, mean), supply)
    shelf_life = np.array([float(case.shelf_life_days or np.inf) for case in cases])
    bounded = within_bounds(levels, policies, demand, protection, shelf_life, _sold_value(cases), supply)
    figures = _figures(cases, choices, bounded, mean, lots, timings)
    return [
        _decision(row, case, choice, lead, figures, timings.get(row))
        for row, (case, choice, lead) in enumerate(zip(cases, choices, leads, strict=True))
    ]


def protection_by_calendar(
    protection: Protection, cases: Sequence[Case], choices: Sequence[Choice], calendars: Calendars | None
) -> tuple[Protection, dict[int, Timing]]:
    """The protection with the calendars of those suppliers who would be asked; what is moved knows none."""
    asked = [
        case.buy.supplier_id if case.buy and choice.kind is SourceKind.SUPPLIER else None
        for case, choice in zip(cases, choices, strict=True)
    ]
    return with_calendars(protection, asked, calendars)


def _choose_sources(cases: Sequence[Case], mean: F64, days: F64) -> list[Choice]:
    lots = mean_at(mean, days[:, None])[:, 0].tolist()
    return [
        choose_source(to_number(case.free_there), lot, offer_count(case)) for case, lot in zip(cases, lots, strict=True)
    ]


def offer_count(case: Case) -> int:
    return 0 if case.buy is None else 1 + case.buy.alternatives


def known_lead(case: Case, choice: Choice) -> LeadTime | None:
    if choice.kind is SourceKind.LOCATION:
        return TRANSFER_LEAD
    return case.buy.lead if case.buy is not None else None


def _lead(case: Case, choice: Choice) -> LeadTime:
    return known_lead(case, choice) or FALLBACK_LEAD


def protection_of(cases: Sequence[Case], leads: Sequence[LeadTime]) -> Protection:
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


def _supply(cases: Sequence[Case], protection: Protection) -> Supply | None:
    """What will be there to sell, until the latest delivery of an order of today; None where nothing asks for it."""
    if not any(case.policy.target is Target.ECONOMIC and case.coming is not None for case in cases):
        return None
    positions = [case.position for case in cases]
    comes = np.zeros((len(cases), max(int(np.ceil(protection.lead_days.max())), 1)))
    comes[:, 0] = [to_number(here.inventory_position - here.on_order - here.in_transit) for here in positions]
    for row, case in enumerate(cases):
        for day, units in case.coming or ():
            if day < comes.shape[1]:
                comes[row, day] += units
    position = np.array([to_number(here.inventory_position) for here in positions])
    return Supply(position, np.cumsum(comes, axis=1))


def _lots(cases: Sequence[Case], mean: F64) -> F64:
    """Whole days of one lot of each case."""
    policies = [case.policy for case in cases]
    return lot_days(
        daily_demand=mean.mean(axis=1),
        unit_cost=np.array([to_number(case.buy.home_price if case.buy else case.cost) for case in cases]),
        ordering_cost=np.array([policy.ordering_cost for policy in policies]),
        holding_rate=np.array([policy.holding_rate for policy in policies]),
        fixed_days=np.array([policy.lot_days for policy in policies], dtype=np.float64),
        most_days=np.array([case.shelf_life_days or MOST_LOT_DAYS for case in cases], dtype=np.float64),
    )


def _lot_terms(cases: Sequence[Case], mean: F64) -> LotTerms:
    step = np.array([case.step for case in cases]) / THOUSAND
    pack = np.array([to_number(case.buy.pack_size) if case.buy else 0.0 for case in cases])
    days = np.array([min(case.shelf_life_days or MOST_LOT_DAYS, MOST_LOT_DAYS) for case in cases])
    return LotTerms(
        cost=np.array([to_number(case.buy.home_price if case.buy else case.cost) for case in cases]),
        margin=np.array([to_number(case.margin) for case in cases]),
        pack=np.where(pack > 0.0, pack, step),
        step=step,
        most_lot=mean.mean(axis=1) * days,
    )


def _sold_value(cases: Sequence[Case]) -> F64:
    earned = np.array([to_number(case.margin) + case.policy.disappointment for case in cases])
    cost = np.array([to_number(case.cost) for case in cases])
    return newsvendor_ratio(earned, cost)


@dataclass(frozen=True)
class Amounts:
    """[n] thousandths each: what is missing, and what is ordered or moved."""

    need: I64
    quantity: I64


def amounts_of(
    cases: Sequence[Case], choices: Sequence[Choice], point: I64, up_to: I64, has_demand: Bools, is_bound: Bools,
    missed: I64 | int = 0,
) -> Amounts:  # fmt: skip
    """`is_bound`: more than the level would spoil or be left over; `missed` [n]: that much stock serves or nobody."""
    step = np.array([case.step for case in cases], dtype=np.int64)
    position = to_thousandths([case.position.inventory_position for case in cases])
    need = needs(position + np.maximum(missed - np.maximum(position, 0), 0), point, up_to, has_demand)
    bought = [
        case.buy if choice.kind is SourceKind.SUPPLIER else None for case, choice in zip(cases, choices, strict=True)
    ]
    minimum = to_thousandths([buy.minimum if buy else ZERO for buy in bought])
    pack = to_thousandths([buy.pack_size if buy else ZERO for buy in bought])
    pack = np.where(pack > 0, pack, step)
    packs = order_quantities(need, minimum, pack)
    room = np.array([_room(case, held) for case, held in zip(cases, position.tolist(), strict=True)], dtype=np.int64)
    least = order_quantities(np.minimum(need, 1), minimum, pack)
    packs = fit_into(packs, pack, np.where(is_bound, need, packs), least)
    fitting = fit_into(packs, pack, room, np.zeros_like(packs))
    # Less than the supplier delivers at all is no order: without room for that there is no room.
    packs = np.where(fitting >= least, fitting, 0)
    free = to_thousandths([case.free_there for case in cases]) // step * step
    moved = np.array([choice.kind is SourceKind.LOCATION for choice in choices])
    return Amounts(need, np.where(moved, np.minimum(packs, free), packs))


def _room(case: Case, held: int) -> int:
    """Thousandths that still fit on the shelf when all that is coming has come."""
    capacity = case.policy.capacity
    return NO_LIMIT if capacity is None else max(int(capacity * THOUSAND) - held, 0)


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Of n cases, row by row, as a `Decision` holds them: quantities in units, rounded to what can be ordered; demands
    in units; value_at_risk money; curves [n, Q] at STORED_LEVELS; daily_mean [n, H]."""

    reorder_point: Sequence[Decimal]
    order_up_to: Sequence[Decimal]
    need: Sequence[Decimal]
    quantity: Sequence[Decimal]
    interval_demand: Sequence[float]
    daily_demand: Sequence[float]
    value_at_risk: Sequence[Decimal]
    lot_days: Sequence[int]
    certainty: Sequence[float]
    limits: Sequence[Limit]
    lost_before: Sequence[float]
    daily_mean: F64
    lead_curve: F64
    interval_curve: F64


def _figures(
    cases: Sequence[Case], choices: Sequence[Choice], bounded: Bounded, mean: F64, lots: F64,
    timings: Mapping[int, Timing],
) -> CaseFigures:  # fmt: skip
    levels, limits = bounded.levels, bounded.limits
    step = np.array([case.step for case in cases], dtype=np.int64)
    point = round_up(levels.reorder_point, step)
    up_to = np.maximum(round_up(levels.order_up_to, step), point)
    is_typed = np.array([case.policy.target is Target.MIN_MAX for case in cases])
    is_bound = (limits & int(Limit.SHELF_LIFE | Limit.PHASE_OUT)) > 0
    # What is lost before the delivery is left out already, and what a closure adds to it is part of that.
    missed = np.where(levels.lost > 0.0, 0, missed_units(timings, mean, is_typed, step))
    has_demand = is_typed | (levels.interval_demand > 0.0)
    amounts = amounts_of(cases, choices, point, up_to, has_demand, is_bound, missed)
    held = np.maximum(to_thousandths([case.position.inventory_position for case in cases]), 0) / THOUSAND
    excess = expected_excess(levels.interval_curve, np.array(STORED_LEVELS), held)
    return CaseFigures(
        reorder_point=[to_decimal(value) for value in point.tolist()],
        order_up_to=[to_decimal(value) for value in up_to.tolist()],
        need=[to_decimal(value) for value in amounts.need.tolist()],
        quantity=[to_decimal(value) for value in amounts.quantity.tolist()],
        interval_demand=levels.interval_demand.tolist(),
        daily_demand=levels.daily_demand.tolist(),
        value_at_risk=[worth(max(units, 0.0), case.margin) for units, case in zip(excess.tolist(), cases, strict=True)],
        lot_days=[int(days) for days in lots],
        certainty=_certainties(cases, levels, point).tolist(),
        limits=[Limit(limit) for limit in limits.tolist()],
        lost_before=levels.lost.tolist(),
        daily_mean=mean,
        lead_curve=levels.lead_curve,
        interval_curve=levels.interval_curve,
    )


def _certainties(cases: Sequence[Case], levels: Levels, point: I64) -> F64:
    """[n]: the wanted chance of no stockout where nothing else decided, otherwise the one that follows for the demand
    that is not lost before the order comes."""
    reached = point / THOUSAND + levels.lost
    found = cumulative(levels.interval_curve[:, None, :], np.array(STORED_LEVELS), reached)[:, 0]
    is_wanted = np.array([case.policy.target is Target.CYCLE for case in cases])
    return np.where(is_wanted, _targets(cases), found)


def _decision(
    row: int, case: Case, choice: Choice, lead: LeadTime, figures: CaseFigures, timing: Timing | None
) -> Decision:  # fmt: skip
    """Of the case that stands in this row of the figures."""
    is_typed = case.policy.target is Target.MIN_MAX
    need, quantity = figures.need[row], figures.quantity[row]
    outcome = outcome_of(case, choice, 1.0 if is_typed else figures.interval_demand[row], need, quantity)
    return Decision(
        case=case,
        outcome=outcome,
        choice=choice,
        lead=lead if choice.kind is not SourceKind.NONE else None,
        reorder_point=figures.reorder_point[row],
        order_up_to=figures.order_up_to[row],
        interval_demand=figures.interval_demand[row],
        daily_demand=figures.daily_demand[row],
        need=need,
        quantity=quantity if outcome == "proposed" else ZERO,
        value_at_risk=figures.value_at_risk[row],
        daily_mean=figures.daily_mean[row],
        lead_curve=figures.lead_curve[row],
        lot_days=figures.lot_days[row],
        lost_before=figures.lost_before[row],
        certainty=figures.certainty[row],
        limits=figures.limits[row],
        timing=timing,
        interval_curve=figures.interval_curve[row],
    )


def outcome_of(case: Case, choice: Choice, interval_demand: float, need: Decimal, quantity: Decimal) -> str:
    """The first that applies; the words are those of orders.models.Outcome."""
    answers = (
        (case.policy.is_stopped, "stopped"),
        (case.policy.phase is Phase.END, "ending"),
        (interval_demand <= 0.0, "no_demand"),
        (need <= 0, "enough"),
        (choice.kind is SourceKind.NONE, "no_source"),
        (quantity <= 0, "no_room"),
        (case.is_snoozed, "snoozed"),
    )
    return next((word for applies, word in answers if applies), "proposed")
