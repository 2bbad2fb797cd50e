"""The words of "why this number": each line that a proposal carries, with its label, figure and where it comes from."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.text import format_day, format_money, format_quantity, format_share
from orders.domain.budget_reasons import Cut, with_cut
from orders.domain.reasons import Line, unpack_lines
from orders.models.policy import Phase
from orders.views.turn_rows import CODES, turn_words

PERIOD = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) – ([0-9]{4}-[0-9]{2}-[0-9]{2})")
# What raised or lowered the levels from what their target wants.
BOUNDS = {"presentation", "capacity", "shelf_life", "phase_out"}
BOUNDED_POINT = lazy("Reorder point: demand that is not exceeded with that certainty, within the bounds below")
BELOW_DEMAND = lazy("which is less than that demand, by")
RESULTS = ("position", "reorder_point", "order_up_to_level", "quantity", "affordable", "stockout_cost")
LABELS: dict[str, Promise] = {
    "on_hand": lazy("On hand"),
    "reserved": lazy("Promised to customers"),
    "held": lazy("Quarantined or expired"),
    "expiring": lazy("Will expire before it is asked for"),
    "promised": lazy("Promised to other places"),
    "on_order": lazy("On order"),
    "in_transit": lazy("On the way from our own places"),
    "position": lazy("Position: what is there and what is coming"),
    "lead_time": lazy("Lead time"),
    "review_period": lazy("Time until the next look"),
    "order_on": lazy("They take this order on"),
    "arrives_on": lazy("It comes, by their calendar, on"),
    "next_order_on": lazy("They take the next order on"),
    "closed": lazy("They are closed"),
    "closed_days": lazy("which adds to the days to be covered"),
    "missed": lazy("Asked for while they are closed, when nothing of it can come"),
    "closed_longer": lazy("left open, since so far ahead nothing is bought: ask another supplier, or type more"),
    "protection_interval": lazy("Days to be covered"),
    "daily_demand": lazy("Expected demand a day"),
    "interval_demand": lazy("Expected demand over these days"),
    "lost_before": lazy("Expected to be lost before anything ordered now can come, so not needed"),
    "service_level": lazy("Wanted certainty not to run out"),
    "reorder_point": lazy("Reorder point: demand that is not exceeded with that certainty"),
    "safety_stock": lazy("of which safety stock"),
    "rule": lazy("Rule"),
    "through": lazy("which holds for the categories below it too"),
    "classes": lazy("Class by value (A, B, C) and by steadiness (X, Y, Z)"),
    "phase": lazy("Phase"),
    "fill_rate": lazy("Share of units to be served at once"),
    "holding_rate": lazy("Holding stock for a year costs, of its value"),
    "ordering_cost": lazy("An order line costs"),
    "disappointment": lazy("A disappointed customer costs, beyond the margin"),
    "minimum_level": lazy("Minimum"),
    "maximum_level": lazy("Maximum"),
    "certainty": lazy("Certainty not to run out that follows"),
    "presentation": lazy("Raised, so that these stand on the shelf when the delivery comes"),
    "capacity": lazy("Lowered to what has room on the shelf"),
    "shelf_life": lazy("Lowered to what is asked for before it spoils, within"),
    "phase_out": lazy("Lowered to what is sold until the last day, in"),
    "lot_days": lazy("One order is to last"),
    "order_up_to_level": lazy("Order up to"),
    "need": lazy("Missing up to that level"),
    "minimum_quantity": lazy("Least that is delivered"),
    "pack_size": lazy("Rounded up to packs of"),
    "packs_down": lazy("Rounded down, since one more would be too much, to packs of"),
    "line_maximum": lazy("Less, since no more is delivered in a line"),
    "order_maximum": lazy("Less, since they deliver no larger order"),
    "price_break": lazy("More, for the lower price of a larger order"),
    "saving": lazy("which saves, less what holding it costs"),
    "pallet": lazy("More, to fill a pallet of which little is missing"),
    "order_minimum": lazy("More, to reach the least order of the supplier"),
    "truck_fill": lazy("More, to fill their truck with what runs out first"),
    "truck_cut": lazy("Left for the next truck, since others run out sooner"),
    "truck_days": lazy("which is demand of"),
    "truck_held": lazy("Their truck stays part-empty, since all that would fit lasts longer than"),
    "quantity": lazy("Proposed"),
    "budget": lazy("Budget that does not reach for all of it"),
    "budget_cut": lazy("Less, since the money averts more elsewhere"),
    "cut_cost": lazy("which is expected to lose, in margin"),
    "affordable": lazy("Within the budget"),
    "source": lazy("Moved from"),
    "free_there": lazy("Free there"),
    "supplier": lazy("Bought from"),
    "unit_price": lazy("Price of a unit"),
    "passed_over": lazy("Not asked, being short of it"),
    "full_today": lazy("Not asked again today, since so much was ordered of them"),
    "value_at_risk": lazy("Margin at stake if it is not ordered now"),
    "available": lazy("Available"),
    "runs_out_on": lazy("Runs out"),
    "relief_on": lazy("The ordinary delivery comes"),
    "lost_units": lazy("Asked for in vain until then"),
    "lost_margin": lazy("A unit earns"),
    "disappointed": lazy("A disappointed customer costs, beyond the margin"),
    "stockout_cost": lazy("Waiting is expected to cost"),
}
ORIGINS: dict[str, Promise] = {
    "ledger": lazy("from the ledger"),
    "lots": lazy("from the lots"),
    "orders": lazy("from open orders"),
    "transfers": lazy("from transfers"),
    "forecast": lazy("from the forecast"),
    "deliveries": lazy("from past deliveries"),
    "promise": lazy("promised by the supplier"),
    "rule": lazy("set by a rule"),
    "terms": lazy("from the terms"),
    "catalogue": lazy("from the SKU"),
    "calendar": lazy("from the calendar of the supplier"),
    "budget": lazy("from the budgets"),
    "answer": lazy("answered to an open order"),
    "person": lazy("typed by a person"),
}
CHOICES: dict[str, Promise] = {
    "enough_there": lazy("it has a whole lot to spare, near and paid for"),
    "first_choice": lazy("first choice by priority, then price with the stock that their lead time needs"),
    "only_source": lazy("the only source"),
    "behind_share": lazy("furthest behind the share that they are to get"),
    "first_priority": lazy("first choice by priority"),
    "soonest": lazy("by their calendars the shelf is empty for the least time with them"),
    "worth_it": lazy("the days in stock that asking them saves are worth more than they cost"),
    "least_cost": lazy("a unit comes to the least among those of first priority"),
    "surplus_there": lazy("it has more than it would order up to, paid for already"),
    "some_there": lazy("nobody else supplies it"),
}


@dataclass(frozen=True)
class ReasonRow:
    label: str
    figure: str
    origin: str
    is_result: bool


@dataclass(frozen=True)
class Reason:
    """What a proposal rests on; `was` is what was suggested before when that was another quantity, 0 when nothing."""

    lines: list[ReasonRow]
    was: Decimal | None


def reason_of(stored: Mapping[str, Any], currency: str, cut: Cut | None = None) -> Reason:
    """The reason as it is stored with a proposal and what a budget cut, in words. `currency` is that of the unit
    price."""
    lines = rows_of(with_cut(unpack_lines(stored.get("lines", [])), cut), currency)
    return Reason(lines, Decimal(stored["was"]) if "was" in stored else None)


def rows_of(lines: Iterable[Line], currency: str) -> list[ReasonRow]:
    """Lines in words, in their order."""
    shown = [*lines]
    is_bounded = not BOUNDS.isdisjoint(line.code for line in shown)
    return [_level_row(line, is_bounded=is_bounded) or _row(line, currency) for line in shown]


def _level_row(line: Line, *, is_bounded: bool) -> ReasonRow | None:
    """Where a bound lowered the levels, the point is not what the certainty alone would want, and may lie below the
    demand: then nothing of it is safety. The safety stock has one decimal, like the demand, so that the two add up to
    the point on the page."""
    if line.code == "reorder_point" and is_bounded:
        return ReasonRow(str(BOUNDED_POINT), format_quantity(Decimal(str(line.value))), str(ORIGINS[line.source]), True)
    if line.code == "safety_stock":
        units = round(Decimal(str(line.value)), 1)
        label = BELOW_DEMAND if units < 0 else LABELS["safety_stock"]
        return ReasonRow(str(label), format_quantity(abs(units)), str(ORIGINS.get(line.source, "")), is_result=False)
    return None


def _row(line: Line, currency: str) -> ReasonRow:
    label, origin = str(LABELS.get(line.code, line.code)), str(ORIGINS.get(line.source, ""))
    if line.code == "lead_time" and line.detail:
        count = int(line.detail)
        origin = ngettext("from %(count)d delivery", "from %(count)d deliveries", count) % {"count": count}
    if line.code in ("source", "supplier") and line.detail:
        origin = str(CHOICES.get(line.detail, ""))
    if line.code in ("weighed", "got_share"):
        return _rival(line)
    if line.code in CODES:
        return ReasonRow(*turn_words(line), is_result=False)
    if line.code == "phase":
        return ReasonRow(label, str(dict(Phase.choices).get(str(line.value), line.value)), origin, is_result=False)
    money = currency if line.code in ("unit_price", "saving") else ""
    value: Any = line.value
    if line.kind == "date":
        return ReasonRow(label, format_day(date.fromisoformat(str(value))), origin, is_result=False)
    figure = _with_days(str(value)) if line.kind == "text" else _FIGURES[line.kind](value, money)
    return ReasonRow(label, figure, origin, line.code in RESULTS)


def _with_days(text: str) -> str:
    """The periods that stand in a text as it is stored, written as days are everywhere else."""
    return PERIOD.sub(_as_days, text)


def _as_days(found: re.Match[str]) -> str:
    try:
        return " – ".join(format_day(date.fromisoformat(day)) for day in found.groups())
    except ValueError:
        # The name of a closing period may look like days and be none.
        return found.group()


def _rival(line: Line) -> ReasonRow:
    """One of several suppliers; the detail has the name, before it the share that they are to get."""
    value: Any = line.value
    if line.code == "weighed":
        label = _("A unit of %(name)s comes to") % {"name": line.detail}
        origin = _("price, the stock that their lead time needs, and what they do not bring")
        return ReasonRow(label, format_money(value, ""), origin, is_result=False)
    share, name = line.detail.split(" ", 1)
    label = _("%(name)s got of what was bought") % {"name": name}
    return ReasonRow(label, format_share(value), _("is to get %(share)s %%") % {"share": share}, is_result=False)


_FIGURES: dict[str, Callable[[Any, str], str]] = {
    "units": lambda value, _currency: format_quantity(value),
    "count": lambda value, _currency: format_quantity(value),
    "days": lambda value, _currency: (
        ngettext("%(days)s day", "%(days)s days", 1 if value == 1 else 2) % {"days": format_quantity(value)}
    ),
    "share": lambda value, _currency: format_share(value),
    "money": format_money,
}
