"""The lines of "why this number" that a rule answers for: its targets, and what bound the levels."""

from orders.domain.bounds import Limit
from orders.domain.policy import Phase, Policy, Target
from orders.domain.reasons import Line


def rule_lines(policy: Policy, value_class: str, steadiness: str) -> list[Line]:
    """Which rule, and what it wants."""
    lines = [Line("rule", policy.title, "text", "rule")] if policy.title else []
    if policy.through:
        lines.append(Line("through", policy.through, "text", "catalogue"))
    if value_class or steadiness:
        lines.append(Line("classes", value_class + steadiness, "text", "forecast"))
    if policy.phase is not Phase.ACTIVE:
        lines.append(Line("phase", policy.phase.value, "text", "rule"))
    return [*lines, *_target_lines(policy)]


def _target_lines(policy: Policy) -> list[Line]:
    if policy.target is Target.FILL:
        return [Line("fill_rate", round(policy.fill_rate, 4), "share", "rule")]
    if policy.target is Target.ECONOMIC:
        costs = [
            Line("holding_rate", round(policy.holding_rate, 3), "share", "rule"),
            Line("ordering_cost", round(policy.ordering_cost, 4), "money", "rule"),
            Line("disappointment", round(policy.disappointment, 4), "money", "rule"),
        ]
        return [line for line in costs if line.value]
    if policy.target is Target.MIN_MAX or policy.phase is Phase.NEW:
        typed = (("minimum_level", policy.minimum), ("maximum_level", policy.maximum))
        return [Line(code, round(value, 3), "units", "rule") for code, value in typed if value is not None]
    return []


def limit_lines(policy: Policy, limits: Limit, shelf_life_days: int | None) -> list[Line]:
    """What raised or lowered the levels."""
    lines = []
    if Limit.PRESENTATION in limits:
        lines.append(Line("presentation", round(policy.presentation, 3), "units", "rule"))
    if Limit.CAPACITY in limits and policy.capacity is not None:
        lines.append(Line("capacity", round(policy.capacity, 3), "units", "rule"))
    if Limit.SHELF_LIFE in limits and shelf_life_days:
        lines.append(Line("shelf_life", shelf_life_days, "days", "catalogue"))
    if Limit.PHASE_OUT in limits:
        lines.append(Line("phase_out", policy.days_left or 0, "days", "rule"))
    return lines
