"""Targets of a series, and which rule sets them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Final

from inventory.domain.category_tree import NO_TREE, CategoryTree

RuleKey = tuple[int | None, int | None, int | None, str | None, str | None, int | None]
"""(SKU id, category id, supplier id, class by value A/B/C, by steadiness X/Y/Z, location id); None matches all."""
Shape = tuple[bool, ...]
CATEGORY: Final = 1


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
    it holds for, in names; through: the way down from the category of the rule to that of
    the SKU, where they differ.
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
    through: str = ""

    @property
    def holds_without_forecast(self) -> bool:
        """Two typed numbers need no forecast."""
        is_typed = self.minimum is not None and self.maximum is not None
        return is_typed and (self.target is Target.MIN_MAX or self.phase is Phase.NEW)


DEFAULT = Policy()


class Rules:
    """Rules by key. The most specific one that matches wins: one for the SKU before one for its category, supplier,
    class by value, class by steadiness, location, and two of these together before the first alone. A rule for a
    category holds for what lies in it too; of two the nearer one wins, whatever else the farther one names."""

    def __init__(self, rules: Mapping[RuleKey, Policy], tree: CategoryTree = NO_TREE) -> None:
        self._rules: Mapping[tuple[int | str | None, ...], Policy] = dict(rules.items())
        self._tree = tree
        # Only combinations that some rule uses are looked up, so that few rules cost little for a million series. Those
        # that agree on naming SKU and category stand together.
        shapes = sorted({tuple(part is not None for part in key) for key in rules}, reverse=True)
        self._groups = [list(group) for _head, group in groupby(shapes, lambda shape: shape[: CATEGORY + 1])]
        self._chains: dict[int, tuple[int, ...]] = {}
        self._inherited: dict[tuple[int, int], Policy] = {}

    def of(self, series: RuleKey) -> Policy:
        """The policy of a series; a part of its key that is None matches no rule that names it."""
        for group in self._groups:
            for node in self._nodes(group[0], series[CATEGORY]):
                found = self._first(group, (series[0], node, series[2], series[3], series[4], series[5]))
                if found is not None:
                    return found if node == series[CATEGORY] else self._through(found, series[CATEGORY], node)
        return DEFAULT

    def use(self, target: Target) -> bool:
        """Whether any rule has this target."""
        return any(policy.target is target for policy in self._rules.values())

    def _nodes(self, shape: Shape, category_id: int | None) -> tuple[int | None, ...]:
        if not shape[CATEGORY] or category_id is None:
            return (category_id,)
        if category_id not in self._chains:
            self._chains[category_id] = self._tree.chain(category_id)
        return self._chains[category_id]

    def _first(self, shapes: list[Shape], series: RuleKey) -> Policy | None:
        return next((found for key in _keys(shapes, series) if (found := self._rules.get(key)) is not None), None)

    def _through(self, policy: Policy, category_id: int | None, node: int | None) -> Policy:
        """The policy with the way on which it came; made once for a rule and a category."""
        if category_id is None or node is None:
            return policy
        known = self._inherited.get((category_id, id(policy)))
        if known is None:
            known = self._inherited[category_id, id(policy)] = replace(
                policy, through=self._tree.path(category_id, node)
            )
        return known


def _keys(shapes: list[Shape], series: RuleKey) -> Iterator[tuple[int | str | None, ...]]:
    for shape in shapes:
        if not any(used and part is None for part, used in zip(series, shape, strict=True)):
            yield tuple(part if used else None for part, used in zip(series, shape, strict=True))


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
