"""Quantities typed line by line: parsed, kept as typed when refused, and told what is wrong with which line."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from accounts.errors import DomainError, InvalidInput
from accounts.text import format_quantity
from inventory.domain.goods import LotName
from inventory.domain.movements import QUANTITY_LIMIT, plain
from inventory.domain.packs import PackSize, units_of
from inventory.domain.typed_numbers import NotANumber, read_number
from inventory.forms_entry import parse_day, typed_lot
from inventory.models import Sku, TransferLine
from inventory.number_fields import two_meanings
from inventory.selectors.packs import in_packs, packs_of
from inventory.selectors.scanning import codes_of
from inventory.services.posting_checks import quantity_message
from orders.models import PurchaseOrderLine

PREFIX, PACK_PREFIX = "line-", "pack-"
ONE = Decimal(1)
LONGEST_SHOWN = 24


class Line(Protocol):
    """A line of an order or a transfer, of which `quantity - received` may still arrive."""

    @property
    def pk(self) -> int: ...
    @property
    def sku_id(self) -> int: ...
    @property
    def sku(self) -> Sku: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def received(self) -> Decimal: ...


@dataclass
class Entry:
    """One line with what was typed for it: a number of units, or of packs called `pack`."""

    line: Line
    value: str
    error: str = ""
    pack: str = ""
    packs: Sequence[PackSize] = ()
    # What a scanner may read for it, as JSON: code -> units.
    codes: str = "{}"
    # Of a SKU that is tracked by lot: the code and the last day as typed.
    lot: str = ""
    expires: str = ""

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.line.pk}"

    @property
    def pack_name(self) -> str:
        return f"{PACK_PREFIX}{self.line.pk}"

    @property
    def lot_field(self) -> str:
        return f"lot-{self.line.pk}"

    @property
    def expires_field(self) -> str:
        return f"expires-{self.line.pk}"

    @property
    def lot_name(self) -> LotName | None:
        return typed_lot(self.lot, self.expires)

    @property
    def open_in_packs(self) -> str:
        return in_packs(self.open_quantity, self.packs)

    @property
    def units(self) -> Decimal | None:
        """What was typed in units; None when it is no number or the pack is gone."""
        count = _parse(self.value) if self.value else Decimal(0)
        size = next((pack.quantity for pack in self.packs if pack.name == self.pack), None) if self.pack else ONE
        return None if count is None or size is None or not count.is_finite() else units_of(count, size)

    @property
    def open_quantity(self) -> Decimal:
        # Of a transfer a part may be written off; an order has no such thing.
        written_off: Decimal = getattr(self.line, "missing", Decimal(0))
        return self.line.quantity - self.line.received - written_off

    @property
    def expected_quantity(self) -> Decimal:
        """What is open, or less of it by the word of the supplier: who taps once must not book what never came."""
        coming: Decimal = getattr(self.line, "coming", self.open_quantity)
        return coming

    @property
    def most(self) -> Decimal:
        """What may come: what is open, and of an order what the firm takes beyond it."""
        allowance: Decimal = getattr(self.line, "allowance", Decimal(0))
        return self.open_quantity + allowance

    @property
    def quantity(self) -> Decimal:
        """In units; 0 for an empty field. Call it when there is no error."""
        return self.units or Decimal(0)


def prefilled(lines: Iterable[Line]) -> list[Entry]:
    """An entry for each line that is still open, filled with what is to come."""
    entries = _fill([Entry(line, "") for line in lines])
    for entry in entries:
        entry.value = plain(entry.expected_quantity)
    return [entry for entry in entries if entry.open_quantity > 0]


def typed(lines: Iterable[Line], data: Mapping[str, str]) -> list[Entry]:
    """Entries as typed; each carries what is wrong with it, as far as that can be told without the stock, so that all
    of it is told at once.

    A line that has been filled in the meantime is kept when something was typed for it, so that the person sees why.
    """
    entries = _fill([Entry(line, data.get(f"{PREFIX}{line.pk}", "").strip()) for line in lines])
    for entry in entries:
        entry.pack = data.get(entry.pack_name, "")[:40]
        entry.lot = data.get(entry.lot_field, "").strip()[:60]
        entry.expires = data.get(entry.expires_field, "").strip()[:20]
        entry.error = _fault(entry) or _lot_fault(entry) or _day_fault(entry)
    return [entry for entry in entries if entry.open_quantity > 0 or entry.error]


def _fill(entries: list[Entry]) -> list[Entry]:
    sku_ids = {entry.line.sku_id for entry in entries}
    packs, codes = packs_of(sku_ids), codes_of(sku_ids)
    for entry in entries:
        entry.packs = packs.get(entry.line.sku_id, ())
        entry.codes = json.dumps(codes.get(entry.line.sku_id, {}))
    return entries


def nothing_received() -> DomainError:
    """What is said above when every fault stands beside its line."""
    return InvalidInput(_("Nothing was received yet. Mend the lines marked below and send again."))


def refuse(entries: Iterable[Entry], problem: DomainError, *, key: str = "line") -> None:
    """Puts the problem of a service beside the lines that its details name."""
    named = {detail.get(key) for detail in problem.details}
    for entry in entries:
        if entry.line.pk in named and not entry.error:
            told = next(detail for detail in problem.details if detail.get(key) == entry.line.pk)
            entry.error = str(told.get("message", "")) or _("Check this line.")


def _fault(entry: Entry) -> str:
    quantity = entry.units
    if quantity is None and entry.pack and all(pack.name != entry.pack for pack in entry.packs):
        return _("It has no pack “%(pack)s” any more. Choose another one.") % {"pack": entry.pack}
    if quantity is None:
        words = _("“%(typed)s” is no number. Type a quantity, for example 12.") % {"typed": entry.value}
        return two_meanings(entry.value) or words
    if quantity < 0:
        return _("A quantity cannot be negative. Type 0 when nothing came.")
    if quantity > entry.most:
        # What no quantity can be, such as a long code that was scanned into the field, is shown as it was read.
        typed_text = format_quantity(quantity) if quantity < QUANTITY_LIMIT else entry.value[:LONGEST_SHOWN]
        values = {"open": format_quantity(entry.most), "typed": typed_text}
        return _too_much(entry) % values
    return _unit_fault(entry, quantity)


def _too_much(entry: Entry) -> str:
    said = _("At most %(open)s can still arrive, %(typed)s was typed.")
    if isinstance(entry.line, TransferLine):
        advice = _("Type %(open)s here, and what is more as what came in addition, further down.")
    else:
        advice = _("Type %(open)s here, and give back what is too much or receive it without an order.")
    return f"{said} {advice}"


def _day_fault(entry: Entry) -> str:
    if entry.expires and parse_day(entry.expires) is None:
        return _("“%(typed)s” is no date. Write it like 2027-03-31.") % {"typed": entry.expires}
    return ""


def _lot_fault(entry: Entry) -> str:
    """What comes from a supplier has a lot; of a transfer the one that was sent is taken."""
    if not entry.lot and entry.quantity and isinstance(entry.line, PurchaseOrderLine) and entry.line.sku.is_lot_tracked:
        return _("This SKU is tracked by lot. Say which lot it is.")
    return ""


def _unit_fault(entry: Entry, quantity: Decimal) -> str:
    if not entry.pack or quantity == round(quantity, 3):
        return (quantity_message(quantity, entry.line.sku.unit) or "") if quantity else ""
    return _("%(count)s × %(pack)s are %(units)s: finer than three decimals.") % {
        "count": entry.value,
        "pack": entry.pack,
        "units": plain(quantity),
    }


def _parse(text: str) -> Decimal | None:
    """A decimal number with a point or a comma; None when it is none, or can mean two."""
    try:
        return read_number(text)
    except NotANumber:
        return None
