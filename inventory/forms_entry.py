"""What a person enters at the shelf: a place and lines of codes and quantities. Nothing typed is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.text import format_quantity
from inventory.models import Location, Sku, Unit
from inventory.selectors.lookup import Suggestion, available_at, find_by_code, suggest

MAX_LINES = 200
LARGEST = Decimal(10) ** 8
ZERO = Decimal(0)


@dataclass
class Line:
    """One SKU. `typed` is the quantity as entered; `quantity` is None where it is not a number."""

    code: str
    typed: str
    sku: Sku
    available: Decimal = ZERO
    error: str = ""

    @property
    def quantity(self) -> Decimal | None:
        return read_quantity(self.typed)


@dataclass
class Entry:
    """`key` makes a second posting of the same entry harmless. `texts` are the fields beside the lines."""

    location: Location
    key: str
    lines: list[Line] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    typed_code: str = ""
    problem: str = ""
    suggestions: list[Suggestion] = field(default_factory=list)
    is_short: bool = False

    @property
    def has_errors(self) -> bool:
        return bool(self.problem) or any(line.error for line in self.lines)

    @property
    def can_cut(self) -> bool:
        """Whether some of what is short could be sold in part."""
        return self.is_short and any(line.available > 0 for line in self.lines)

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= MAX_LINES


def read_quantity(text: str) -> Decimal | None:
    """A number as people write it, with a point or a comma before the decimals."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < LARGEST else None


def new_entry(location: Location) -> Entry:
    return Entry(location, key=uuid4().hex)


def read_entry(post: QueryDict, location: Location) -> Entry:
    """The entry as sent. Lines whose code is unknown by now are told in `problem`."""
    key = post.get("key", "")
    entry = Entry(location, key=key if key.isalnum() and len(key) == 32 else uuid4().hex)
    entry.texts = {name: post.get(name, "")[:300] for name in ("note", "reason", "direction", "destination")}
    entry.typed_code = post.get("code", "").strip()[:100]
    codes, quantities = post.getlist("line_code")[:MAX_LINES], post.getlist("line_quantity")
    skus = {sku.code: sku for sku in Sku.objects.filter(code__in=codes)}
    for code, typed in zip(codes, quantities, strict=False):
        if code in skus:
            entry.lines.append(Line(code, typed[:20], skus[code]))
        else:
            entry.problem = _("There is no SKU %(code)s any more; its line was taken off.") % {"code": code}
    fill_available(entry)
    return entry


def fill_available(entry: Entry) -> None:
    available = available_at(entry.location, [line.sku.pk for line in entry.lines])
    for line in entry.lines:
        line.available = available.get(line.sku.pk, ZERO)


def add_code(entry: Entry, text: str) -> None:
    """Adds what the text stands for; several that may be meant become suggestions."""
    found = find_by_code(text)
    if found is not None:
        _add(entry, found.sku, found.pack_quantity)
        return
    entry.suggestions = suggest(text, entry.location)
    if not entry.suggestions:
        entry.problem = _("No SKU has the code, barcode or name “%(text)s”. Check it, or search by name.") % {
            "text": text
        }
    elif len(entry.suggestions) == 1:
        _add(entry, entry.suggestions.pop().sku, Decimal(1))
    else:
        return
    if entry.problem:
        return
    entry.typed_code = ""


def _add(entry: Entry, sku: Sku, quantity: Decimal) -> None:
    """One more of a SKU that stands on the entry is added to its line, which moves to the top."""
    entry.typed_code = ""
    line = next((line for line in entry.lines if line.sku.pk == sku.pk), None)
    if line is None and entry.is_full:
        entry.problem = _("An entry takes %(most)d lines. Post these first.") % {"most": MAX_LINES}
        return
    if line is None:
        line = Line(sku.code, format_plain(quantity), sku)
    else:
        line.typed = format_plain((line.quantity or ZERO) + quantity)
        entry.lines.remove(line)
    entry.lines.insert(0, line)
    fill_available(entry)


def remove_line(entry: Entry, code: str) -> None:
    entry.lines = [line for line in entry.lines if line.code != code]


def check_entry(entry: Entry, *, may_be_zero: bool = False) -> bool:
    """Marks each line that is no quantity of its SKU. True when the entry can be posted."""
    if not entry.lines:
        entry.problem = _("There is nothing on the list yet. Scan or type a SKU first.")
    for line in entry.lines:
        line.error = _quantity_error(line, may_be_zero)
    return not entry.has_errors


def _quantity_error(line: Line, may_be_zero: bool) -> str:
    quantity = line.quantity
    if quantity is None:
        return _("“%(typed)s” is not a number. Write it like 3 or 1.5.") % {"typed": line.typed}
    if quantity < 0 or (quantity == 0 and not may_be_zero):
        return _("Write a number above zero, or take the line off.")
    if line.sku.unit == Unit.EACH and quantity != quantity.to_integral_value():
        return _("It is counted in whole pieces. Write a whole number.")
    if quantity != round(quantity, 3):
        return _("At most three decimals.")
    return ""


def show_refusal(entry: Entry, refusal: DomainError, *, advice: str) -> None:
    """Writes what the service refused beside the lines it is about."""
    rows: Sequence[Mapping[str, object]] = refusal.details
    for row in rows:
        number = row.get("line")
        if isinstance(number, int) and 1 <= number <= len(entry.lines):
            entry.lines[number - 1].error = _line_error(row, advice)
    if not any(line.error for line in entry.lines):
        entry.problem = refusal.message


def _line_error(row: Mapping[str, object], advice: str) -> str:
    if "available" in row:
        figures = {
            "left": format_quantity(Decimal(str(row["available"]))),
            "asked": format_quantity(Decimal(str(row["asked"]))),
        }
        return _("Only %(left)s there, %(asked)s asked.") % figures + (f" {advice}" if advice else "")
    return str(row.get("message", ""))


def format_plain(value: Decimal) -> str:
    """A number for an input field: 12, 1.5."""
    return f"{value.normalize():f}"
