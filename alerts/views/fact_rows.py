"""The facts of an alert in words: each a label and a figure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.text import format_day, format_moment, format_money, format_quantity


def _quantity(value: Any) -> str:
    return format_quantity(Decimal(str(value)))


def _days(value: Any) -> str:
    return _("%(days)s days") % {"days": _quantity(value)}


def _day(value: Any) -> str:
    return format_day(date.fromisoformat(value))


def _moment(value: Any) -> str:
    return format_moment(datetime.fromisoformat(value))


def _proposed(value: Any) -> str:
    return _quantity(value) if Decimal(str(value)) else _("held by a budget")


def _late(rows: Any) -> str:
    """Each late line with what is missing and since when."""
    lines = [
        _("%(units)s × %(name)s (%(day)s)") % {"units": _quantity(units), "name": name, "day": _day(day)}
        for name, units, day in rows
    ]
    return ", ".join(lines)


# In the order of reading; what an alert does not know, or what is 0 and says nothing, is left out.
FACTS: dict[str, tuple[Promise, Callable[[Any], str]]] = {
    "available": (lazy("Available"), _quantity),
    "days_of_cover": (lazy("Lasts"), _days),
    "projected_out_on": (lazy("Runs out"), _day),
    "reorder_point": (lazy("Reorder point"), _quantity),
    "on_order": (lazy("On order"), _quantity),
    "in_transit": (lazy("On the way"), _quantity),
    "proposed": (lazy("Proposed"), _proposed),
    "proposed_on": (lazy("Approved today, it comes"), _day),
    "expired": (lazy("Expired, still there"), _quantity),
    "expired_on": (lazy("Last day was"), _day),
    "expiring": (lazy("Will expire unsold"), _quantity),
    "supplier": (lazy("Supplier"), str),
    "expected_on": (lazy("Expected"), _day),
    "late_count": (lazy("Late lines"), _quantity),
    "late_skus": (lazy("Has not come"), _late),
    "short_lines": (lazy("Lines that come short"), _quantity),
    "late_lines": (lazy("Lines that come later"), _quantity),
    "promised_on": (lazy("The last of them"), _day),
    "drift_weeks": (lazy("Weeks looked at"), _quantity),
    "expected_units": (lazy("Expected in them"), _quantity),
    "came_units": (lazy("Asked for in them"), _quantity),
    "title": (lazy("Job"), str),
    "last_success": (lazy("Last success"), _moment),
}
SILENT_AT_ZERO = ("on_order", "in_transit", "expired", "expiring", "short_lines", "late_lines")


def fact_rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and figure of each known fact; the next delivery, said as what it is; and what a late order still owes."""
    rows = [
        (str(label), write(facts[name]))
        for name, (label, write) in FACTS.items()
        if facts.get(name) is not None and not (name in SILENT_AT_ZERO and Decimal(str(facts[name])) == 0)
    ]
    if facts.get("next_delivery_on"):
        label = _("Next delivery") if facts.get("is_ordered") else _("If ordered today")
        rows.append((label, _day(facts["next_delivery_on"])))
    if facts.get("missing_value"):
        rows.append((_("Still to come"), format_money(Decimal(facts["missing_value"]), facts.get("currency", ""))))
    if facts.get("short_value"):
        rows.append((_("Will not come"), format_money(Decimal(facts["short_value"]), facts.get("currency", ""))))
    return rows
