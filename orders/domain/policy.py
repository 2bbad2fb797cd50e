"""Targets of a series, and which rule sets them."""

from collections.abc import Mapping
from dataclasses import dataclass

RuleKey = tuple[int | None, int | None, int | None]
"""(SKU id, category id, location id); None matches all."""


@dataclass(frozen=True, slots=True)
class Policy:
    """cycle_service_level: the chance of no stockout between two deliveries; review_days between two looks; lot_days of
    demand that one order covers beyond the reorder point, unless `ordering_cost` (money per order line) is above 0:
    then the lot balances it against holding the goods at `holding_rate` of their cost a year; is_stopped: nothing is
    proposed."""

    cycle_service_level: float = 0.95
    review_days: int = 1
    lot_days: int = 7
    is_stopped: bool = False
    ordering_cost: float = 0.0
    holding_rate: float = 0.25


DEFAULT = Policy()


def rule_for(rules: Mapping[RuleKey, Policy], sku_id: int, category_id: int | None, location_id: int) -> Policy:
    """The most specific rule that matches: one for the SKU before one for its category before one for the location."""
    for sku in (sku_id, None):
        for category in (category_id, None) if category_id is not None else (None,):
            for location in (location_id, None):
                found = rules.get((sku, category, location))
                if found is not None:
                    return found
    return DEFAULT
