"""The lines of "why this number" of a planned decision."""

from collections.abc import Sequence

from orders.domain.by_calendar import Timing
from orders.domain.decision import ONE, ZERO, Buy, Decision
from orders.domain.in_time import TooLate, Turn
from orders.domain.policy import Target
from orders.domain.policy_reasons import limit_lines, rule_lines
from orders.domain.quantity import to_number
from orders.domain.reasons import LOST_BEFORE, LevelFacts, Line, level_lines, position_lines, quantity_lines
from orders.domain.sourcing import SourceKind
from orders.domain.supplier_choice import Rival


def facts_of(decision: Decision) -> LevelFacts:
    policy, lead = decision.case.policy, decision.lead
    return LevelFacts(
        lead_days=lead.mean if lead else None,
        lead_basis=lead.basis if lead else "",
        deliveries=lead.observed if lead else 0,
        review_days=policy.review_days,
        service_level=policy.cycle_service_level if decision.certainty is None else decision.certainty,
        is_certainty_wanted=policy.target is Target.CYCLE and decision.interval_demand is not None,
        lot_days=decision.lot_days,
        daily_demand=decision.daily_demand,
        interval_demand=decision.interval_demand,
        lost_before=decision.lost_before,
        reorder_point=decision.reorder_point,
        order_up_to=decision.order_up_to,
        interval_days=decision.interval_days,
        calendar=calendar_lines(decision.timing),
    )


def calendar_lines(timing: Timing | None) -> tuple[Line, ...]:
    """When the order goes out, comes, and can be followed by the next; and what closures add to the days between."""
    if timing is None:
        return ()
    days = (("order_on", timing.order_on), ("arrives_on", timing.arrives_on), ("next_order_on", timing.next_order_on))
    lines = [Line(code, day.isoformat(), "date", "calendar") for code, day in days]
    if timing.closed_days > 0:
        lines.append(Line("closed", timing.closures, "text", "calendar"))
        lines.append(Line("closed_days", round(timing.closed_days, 1), "days", "calendar"))
    if timing.uncovered_days > 0:
        lines.append(Line("closed_longer", round(timing.uncovered_days, 1), "days", "calendar"))
    return tuple(lines)


def proposal_lines(decision: Decision, source_name: str) -> list[Line]:
    """Position, levels, quantity and source of a proposal; `source_name` is the place that goods are moved from."""
    facts, case = facts_of(decision), decision.case
    return [
        *position_lines(case.position),
        *rule_lines(case.policy, case.value_class, case.steadiness),
        *level_lines(facts),
        *limit_lines(case.policy, decision.limits, case.shelf_life_days),
        *_quantity(decision),
        *_source(decision, source_name),
        Line("value_at_risk", decision.value_at_risk, "money", "forecast"),
    ]


def _quantity(decision: Decision) -> list[Line]:
    buy = decision.case.buy if decision.choice.kind is SourceKind.SUPPLIER else None
    minimum, pack = (buy.minimum, buy.pack_size) if buy else (ZERO, ONE)
    *lines, last = quantity_lines(decision.need, minimum, pack, decision.quantity)
    lines = [*_missed(decision), *lines]
    if decision.over_line > 0:
        lines.append(Line("line_maximum", decision.over_line, "units", "terms"))
    if decision.for_price > 0:
        lines.append(Line("price_break", decision.for_price, "units", "terms"))
        lines.append(Line("saving", decision.saving, "money", "sum"))
    if decision.for_pallet > 0:
        lines.append(Line("pallet", decision.for_pallet, "units", "terms"))
    if decision.for_order > 0:
        lines.append(Line("order_minimum", decision.for_order, "units", "terms"))
    if decision.for_truck:
        code = "truck_fill" if decision.for_truck > 0 else "truck_cut"
        lines.append(Line(code, abs(decision.for_truck), "units", "terms"))
        if decision.daily_demand:
            days = to_number(decision.for_truck.copy_abs()) / decision.daily_demand
            lines.append(Line("truck_days", round(days, 1), "days", "sum"))
    if decision.truck_held_days:
        lines.append(Line("truck_held", decision.truck_held_days, "days", "terms"))
    if decision.over_order > 0:
        lines.append(Line("order_maximum", decision.over_order, "units", "terms"))
    return [*lines, last]


def _missed(decision: Decision) -> list[Line]:
    """What of the level is no need, since it is asked for before anything of the order can come."""
    if decision.timing is None or decision.timing.missed_days <= 0 or decision.order_up_to is None:
        return []
    units = decision.order_up_to - decision.case.position.inventory_position - decision.need
    return [Line("missed", units, "units", "calendar")] if units > 0 else []


def _source(decision: Decision, source_name: str) -> list[Line]:
    case, reason = decision.case, decision.choice.reason
    if decision.choice.kind is SourceKind.LOCATION:
        return [
            Line("source", decision.donor.name if decision.donor else source_name, "text", "ledger", reason),
            Line("free_there", decision.donor.units if decision.donor else case.free_there, "units", "ledger"),
        ]
    if case.buy is None:
        return []
    is_choice = reason == "first_choice" and case.buy.chosen_by
    return [
        Line("supplier", case.buy.name, "text", "terms", case.buy.chosen_by if is_choice else reason),
        Line("unit_price", decision.unit_price, "money", "terms"),
        *(Line("passed_over", name, "text", "answer") for name in case.buy.passed_over),
        *(Line("full_today", name, "text", "orders") for name in case.buy.full),
        *turn_lines(case.buy),
        *_rivals(case.buy.rivals),
    ]


def kept_lines(decision: Decision) -> list[Line]:
    """What only few levels have to tell: what was left out of the need, and whose calendar leaves the shelf empty."""
    lost = round(decision.lost_before, 1)
    lines = [Line(LOST_BEFORE, -lost, "units", "forecast")] if lost else []
    buy = decision.case.buy
    is_told = buy is not None and buy.turns and decision.choice.kind is SourceKind.SUPPLIER
    return [*lines, *turn_lines(buy)] if buy is not None and is_told else lines


def turn_lines(buy: Buy) -> list[Line]:
    """Whose calendar leaves the shelf empty, and both sums that were weighed before the turn passed on, or stayed; the
    detail of a sum has its units, then whom it speaks of."""
    late = [Line("too_late", each.name, "text", "calendar", _days_of(each)) for each in buy.too_late]
    return [*late, *(line for turn in buy.turns for line in _weighed(turn))]


def _weighed(turn: Turn) -> list[Line]:
    found = turn.weighed
    if found.unknown is not None:
        return [Line("not_weighed", turn.other, "text", "sum", found.unknown.value)]
    if turn.is_passed:
        return [
            Line("turn_saves", found.saved, "money", "sum", f"{found.units} {turn.late.name}"),
            Line("turn_costs", found.cost, "money", "sum", f"{found.bought} {turn.other}"),
        ]
    return [
        Line("kept_late", turn.late.name, "text", "calendar", _days_of(turn.late)),
        Line("kept_saves", found.saved, "money", "sum", f"{found.units} {turn.other}"),
        Line("kept_costs", found.cost, "money", "sum", f"{found.bought} {turn.other}"),
    ]


def _days_of(late: TooLate) -> str:
    return f"{late.arrives_on.isoformat()} {late.empty_on.isoformat()}"


def _rivals(rivals: Sequence[Rival]) -> list[Line]:
    """What a unit of each comes to, and who got how much of what was bought; the name stands in the detail."""
    costs = [Line("weighed", round(rival.cost, 4), "money", "sum", rival.name) for rival in rivals if rival.cost]
    shares = [
        Line("got_share", round(rival.got, 4), "share", "orders", f"{rival.share} {rival.name}")
        for rival in rivals
        if rival.got is not None
    ]
    return [*costs, *shares]
