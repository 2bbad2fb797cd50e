"""The words of "why this number" for a turn that a calendar would pass on: whose goods come too late, and both sums."""

from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.text import format_day, format_money, format_quantity
from orders.domain.reasons import Line
from orders.domain.turn import Unknown

LATE: dict[str, Promise] = {
    "too_late": lazy("Not asked, since their calendar brings it too late"),
    "kept_late": lazy("Asked, although it comes too late"),
}
SUMS: dict[str, Promise] = {
    "turn_saves": lazy("Not waiting for %(name)s saves"),
    "turn_costs": lazy("Buying of %(name)s instead costs more by"),
    "kept_saves": lazy("Buying of %(name)s instead would save"),
    "kept_costs": lazy("Buying of %(name)s instead would cost more by"),
}
UNKNOWN: dict[str, Promise] = {
    Unknown.NO_FORECAST: lazy("without a forecast nobody knows what an empty shelf loses, so the days decide alone"),
    Unknown.NO_RATE: lazy("without an exchange rate their prices cannot be compared, so the days decide alone"),
    Unknown.NO_MARGIN: lazy("the price or the cost of the SKU is not noted, so the days decide alone"),
}
CODES = {*LATE, *SUMS, "not_weighed"}


def turn_words(line: Line) -> tuple[str, str, str]:
    """Label, figure and where it comes from, of a line whose code is in CODES."""
    if line.code in LATE:
        return str(LATE[line.code]), str(line.value), _days(line.detail)
    if line.code == "not_weighed":
        return _("Asked without weighing money"), str(line.value), str(UNKNOWN.get(line.detail, ""))
    units, name = line.detail.split(" ", 1)
    money = Decimal(str(line.value))
    return str(SUMS[line.code]) % {"name": name}, format_money(money), _of_units(line.code, Decimal(units))


def _days(detail: str) -> str:
    arrives_on, empty_on = (format_day(date.fromisoformat(day)) for day in detail.split(" "))
    values = {"arrives": arrives_on, "empty": empty_on}
    return _("it would come on %(arrives)s, and the shelf is expected to be empty on %(empty)s") % values


def _of_units(code: str, units: Decimal) -> str:
    """What is saved is an expectation, of which one decimal says enough; what is bought comes in packs."""
    if code.endswith("_saves"):
        saved = {"units": format_quantity(round(units, 1))}
        return _("%(units)s less asked for in vain, each its margin and a disappointed customer") % saved
    return _("%(units)s bought of them: price, order lines and what is held") % {"units": format_quantity(units)}
