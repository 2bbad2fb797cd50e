"""The lines of "why this number" that a budget adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.domain.reasons import Line


@dataclass(frozen=True, slots=True)
class Cut:
    """What a budget, by its name, left of what was suggested, 0 for nothing; `cost` is the lost margin expected of it,
    None where nothing is known of the demand."""

    budget: str
    suggested: Decimal
    left: Decimal
    cost: Decimal | None


def with_cut(lines: Sequence[Line], cut: Cut | None) -> list[Line]:
    """The lines of the plan, and after its quantity what a budget left of that."""
    if cut is None:
        return list(lines)
    added = [
        Line("budget", cut.budget, "text", "budget"),
        Line("budget_cut", cut.suggested - cut.left, "units", "budget"),
        *([Line("cut_cost", cut.cost, "money", "forecast")] if cut.cost is not None else []),
        Line("affordable", cut.left, "units", "sum"),
    ]
    at = next((place + 1 for place, line in enumerate(lines) if line.code == "quantity"), len(lines))
    return [*lines[:at], *added, *lines[at:]]
