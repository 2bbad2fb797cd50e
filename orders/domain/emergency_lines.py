"""Why something has to be done before the ordinary delivery, as lines of "why"."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.domain.reasons import Line


@dataclass(frozen=True, slots=True)
class EmergencyFacts:
    """Units, days and money of the firm; `lost` units are expected to be asked for in vain when nothing is done."""

    available: Decimal
    on_order: Decimal
    in_transit: Decimal
    daily_demand: float
    runs_out_on: date
    relief_on: date
    lost: Decimal
    margin: Decimal
    disappointment: Decimal
    stockout_cost: Decimal


def emergency_lines(facts: EmergencyFacts) -> list[Line]:
    """From what is there to what waiting costs; parts that are zero are left out."""
    lines = [
        Line("available", facts.available, "units", "ledger"),
        Line("on_order", facts.on_order, "units", "orders"),
        Line("in_transit", facts.in_transit, "units", "transfers"),
        Line("daily_demand", round(facts.daily_demand, 2), "units", "forecast"),
        Line("runs_out_on", facts.runs_out_on.isoformat(), "date", "forecast"),
        Line("relief_on", facts.relief_on.isoformat(), "date", "orders" if facts.on_order else "deliveries"),
        Line("lost_units", round(facts.lost, 1), "units", "forecast"),
        Line("lost_margin", facts.margin, "money", "catalogue"),
        Line("disappointed", facts.disappointment, "money", "rule"),
        Line("stockout_cost", facts.stockout_cost, "money", "sum"),
    ]
    silent = ("on_order", "in_transit", "disappointed")
    return [line for line in lines if line.value or line.code not in silent]
