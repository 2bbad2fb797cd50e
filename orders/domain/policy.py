"""Targets of a series, and which rule sets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

RuleKey = tuple[int | None, int | None, int | None, str | None, str | None, int | None]
"""(SKU id, category id, supplier id, class by value A/B/C, by steadiness X/Y/Z, location id); None matches all."""


class Target(StrEnum):
    """What the reorder point is made for. CYCLE: the chance of no stockout between two deliveries. FILL: the share of
    units served at once. ECONOMIC: least cost of holding, lost units and order lines. MIN_MAX: two numbers that a
    person typed."""

    CYCLE = "cycle"
    FILL = "fill"
    ECONOMIC = "economic"
    MIN_MAX = "min_max"


class Phase(StrEnum):
    """NEW: without a forecast, minimum and maximum hold. PHASE_OUT: nothing is bought beyond what is asked for until
    the last day. END: nothing is bought any more."""

    ACTIVE = "active"
    NEW = "new"
    PHASE_OUT = "phase_out"
    END = "end_of_life"


@dataclass(frozen=True, slots=True)
class Policy:
    """cycle_service_level: the chance of no stockout between two deliveries; review_days between two looks; lot_days of
    demand that one order covers beyond the reorder point, unless `ordering_cost` (money per order line) is above 0:
    then the lot balances it against holding the goods at `holding_rate` of their cost a year; is_stopped: nothing is
    proposed.

    disappointment: money that a lost unit costs beyond its margin. minimum, maximum: units, None where nobody set them.
    presentation: units that are to stand on the shelf when the delivery comes; capacity: units that have room.
    days_left: of PHASE_OUT, whole days of demand until the last day of sale. rule_id: 0 for the defaults; title: whom
    it holds for, in names.
    """

    cycle_service_level: float = 0.95
    review_days: int = 1
    lot_days: int = 7
    is_stopped: bool = False
    ordering_cost: float = 0.0
    holding_rate: float = 0.25
    target: Target = Target.CYCLE
    fill_rate: float = 0.98
    disappointment: float = 0.0
    minimum: float | None = None
    maximum: float | None = None
    phase: Phase = Phase.ACTIVE
    days_left: int | None = None
    presentation: float = 0.0
    capacity: float | None = None
    rule_id: int = 0
    title: str = ""

    @property
    def holds_without_forecast(self) -> bool:
        """Two typed numbers need no forecast."""
        is_typed = self.minimum is not None and self.maximum is not None
        return is_typed and (self.target is Target.MIN_MAX or self.phase is Phase.NEW)


DEFAULT = Policy()


class Rules:
    """Rules by key. The most specific one that matches wins: one for the SKU before one for its category, supplier,
    class by value, class by steadiness, location, and two of these together before the first alone."""

    def __init__(self, rules: Mapping[RuleKey, Policy]) -> None:
        self._rules: Mapping[tuple[int | str | None, ...], Policy] = dict(rules.items())
        # Only combinations that some rule uses are looked up, so that few rules cost little for a million series.
        self._shapes = sorted({tuple(part is not None for part in key) for key in rules}, reverse=True)

    def of(self, series: RuleKey) -> Policy:
        """The policy of a series; a part of its key that is None matches no rule that names it."""
        for shape in self._shapes:
            if any(used and part is None for part, used in zip(series, shape, strict=True)):
                continue
            key = tuple(part if used else None for part, used in zip(series, shape, strict=True))
            found = self._rules.get(key)
            if found is not None:
                return found
        return DEFAULT


def rule_for(
    rules: Rules,
    sku_id: int,
    category_id: int | None,
    location_id: int,
    *,
    supplier_id: int | None = None,
    value_class: str | None = None,
    steadiness: str | None = None,
) -> Policy:
    """The policy of one series; a part that is None matches no rule that names it."""
    return rules.of((sku_id, category_id, supplier_id, value_class, steadiness, location_id))
