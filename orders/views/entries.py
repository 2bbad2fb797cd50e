"""Quantities typed line by line: parsed, kept as typed when refused, and told what is wrong with which line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.text import format_quantity

PREFIX = "line-"


class Line(Protocol):
    """A line of an order or a transfer, of which `quantity - received` may still arrive."""

    @property
    def pk(self) -> int: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def received(self) -> Decimal: ...


@dataclass
class Entry:
    """One line with what was typed for it."""

    line: Line
    value: str
    error: str = ""

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.line.pk}"

    @property
    def open_quantity(self) -> Decimal:
        return self.line.quantity - self.line.received

    @property
    def quantity(self) -> Decimal:
        """0 for an empty field. Call it when there is no error."""
        return _parse(self.value) or Decimal(0)


def prefilled(lines: Iterable[Line]) -> list[Entry]:
    """An entry for each line that is still open, filled with what is open."""
    entries = [Entry(line, "") for line in lines]
    for entry in entries:
        entry.value = f"{entry.open_quantity.normalize():f}"
    return [entry for entry in entries if entry.open_quantity > 0]


def typed(lines: Iterable[Line], data: Mapping[str, str]) -> list[Entry]:
    """Entries as typed; what is no number, negative or more than is open carries its error.

    A line that has been filled in the meantime is kept when something was typed for it, so that the person sees why.
    """
    entries = [Entry(line, data.get(f"{PREFIX}{line.pk}", "").strip()) for line in lines]
    for entry in entries:
        entry.error = _fault(entry)
    return [entry for entry in entries if entry.open_quantity > 0 or entry.error]


def refuse(entries: Iterable[Entry], problem: DomainError, *, key: str = "line") -> None:
    """Puts the problem of a service beside the lines that its details name."""
    named = {detail.get(key) for detail in problem.details}
    for entry in entries:
        if entry.line.pk in named and not entry.error:
            entry.error = _("Check this line.")


def _fault(entry: Entry) -> str:
    quantity = _parse(entry.value) if entry.value else Decimal(0)
    if quantity is None or not quantity.is_finite():
        return _("“%(typed)s” is no number. Type a quantity, for example 12.") % {"typed": entry.value}
    if quantity < 0:
        return _("A quantity cannot be negative. Type 0 when nothing came.")
    if quantity > entry.open_quantity:
        values = {"open": format_quantity(entry.open_quantity), "typed": format_quantity(quantity)}
        return (
            _("At most %(open)s can still arrive, %(typed)s was typed. Send back or adjust what is too much.") % values
        )
    return ""


def _parse(text: str) -> Decimal | None:
    """A decimal number with a point or a comma; None when it is none."""
    try:
        return Decimal(text.replace(",", ".") if "." not in text else text)
    except InvalidOperation:
        return None
