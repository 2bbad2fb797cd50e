"""What a person enters at the shelf: a place and lines of codes and quantities. Nothing typed is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.text import format_quantity
from inventory.domain.goods import LotName
from inventory.domain.lots import LotStand, propose_picks
from inventory.domain.movements import plain
from inventory.domain.packs import PackSize, units_of
from inventory.domain.typed_numbers import NotANumber, read_number
from inventory.models import Location, Sku, Style, Unit
from inventory.number_fields import two_meanings
from inventory.selectors.lookup import Suggestion, available_at
from inventory.selectors.lots import stands_at
from inventory.selectors.packs import in_packs, packs_of
from inventory.selectors.styles import Matrix
from inventory.selectors.substitutes import Offer

MAX_LINES = 200
LARGEST = Decimal(10) ** 8
ZERO, ONE = Decimal(0), Decimal(1)
TEXTS = ("note", "customer", "reason", "direction", "destination", "reference", "until", "transfer", "expected")


@dataclass
class Line:
    """One SKU. `typed` is the number as entered, of units or of packs called `pack`."""

    code: str
    typed: str
    sku: Sku
    available: Decimal = ZERO
    error: str = ""
    pack: str = ""
    packs: Sequence[PackSize] = ()
    # What may be sold instead, where this one is short.
    offers: Sequence[Offer] = ()
    # Of a SKU that is tracked by lot: the code and the last day as typed, and the lots that stand there.
    lot: str = ""
    expires: str = ""
    stands: Sequence[LotStand] = ()

    @property
    def size(self) -> Decimal | None:
        """Units in one of what was counted; None for a pack that the SKU does not have any more."""
        return next((pack.quantity for pack in self.packs if pack.name == self.pack), None) if self.pack else ONE

    @property
    def quantity(self) -> Decimal | None:
        """In the SKU's unit; None where that cannot be told."""
        count, size = read_quantity(self.typed), self.size
        return None if count is None or size is None else units_of(count, size)

    @property
    def lot_name(self) -> LotName | None:
        return typed_lot(self.lot, self.expires)

    @property
    def picks(self) -> list[tuple[LotStand, Decimal, Decimal]]:
        """The lots that may be sold in the order in which they are picked: how much each has, and gives to the line."""
        now = timezone.now()
        shares = {stand.lot_id: share for stand, share in propose_picks(self.quantity or ZERO, self.stands, now)}
        most = propose_picks(LARGEST, self.stands, now)
        return [(stand, left, shares.get(stand.lot_id, ZERO)) for stand, left in most]

    @property
    def equals(self) -> str:
        """The same quantity the other way: units where packs were typed, packs where units were."""
        quantity = self.quantity
        if quantity is None or not self.packs:
            return ""
        return format_quantity(quantity) if self.pack else in_packs(quantity, self.packs)


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
    # Styles that are entered as a matrix, and their cells as read for the page.
    styles: list[Style] = field(default_factory=list)
    grids: list[Matrix] = field(default_factory=list)
    suggested_styles: list[Style] = field(default_factory=list)
    # A scanned code that no SKU has, and what was typed to attach it.
    unknown_code: str = ""
    attach_sku: str = ""
    attach_quantity: str = "1"
    attach_choices: list[Suggestion] = field(default_factory=list)

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

    @property
    def listed_lines(self) -> list[Line]:
        """The lines that stand on the list; the others are cells of a matrix."""
        cells = {cell.sku.pk for grid in self.grids for cell in grid.cells if cell.sku is not None}
        return [line for line in self.lines if line.sku.pk not in cells]


def read_quantity(text: str) -> Decimal | None:
    """A number as people write it, with a point or a comma before the decimals; None where it is none, or can mean
    two."""
    try:
        value = read_number(text)
    except NotANumber:
        return None
    return value if abs(value) < LARGEST else None


def new_entry(location: Location) -> Entry:
    return Entry(location, key=uuid4().hex)


def read_entry(post: QueryDict, location: Location) -> Entry:
    """The entry as sent, its matrices left out. Lines whose code is unknown by now are told in `problem`."""
    key = post.get("key", "")
    entry = Entry(location, key=key if key.isalnum() and len(key) == 32 else uuid4().hex)
    entry.texts = {name: post.get(name, "")[:300] for name in TEXTS}
    entry.typed_code = post.get("code", "").strip()[:100]
    entry.unknown_code = post.get("unknown_code", "").strip()[:60]
    entry.attach_sku = post.get("attach_sku", "").strip()[:100]
    entry.attach_quantity = post.get("attach_quantity", "1").strip()[:20]
    _read_lines(entry, post)
    fill_lines(entry)
    return entry


def _read_lines(entry: Entry, post: QueryDict) -> None:
    codes, quantities = post.getlist("line_code")[:MAX_LINES], post.getlist("line_quantity")
    # A line without a choice of packs sends none; then no line does.
    packs = post.getlist("line_pack") or [""] * len(codes)
    lots, days = (post.getlist(name) or [""] * len(codes) for name in ("line_lot", "line_expires"))
    skus = {sku.code: sku for sku in Sku.objects.filter(code__in=codes)}
    for code, typed, pack, lot, day in zip(codes, quantities, packs, lots, days, strict=False):
        if code in skus:
            line = Line(code, typed[:20], skus[code], pack=pack[:40], lot=lot.strip()[:60], expires=day.strip()[:20])
            entry.lines.append(line)
        else:
            entry.problem = _("There is no SKU %(code)s any more; its line was taken off.") % {"code": code}


def fill_lines(entry: Entry) -> None:
    """Reads what is there of each line, and its packs."""
    sku_ids = [line.sku.pk for line in entry.lines]
    available = available_at(entry.location, sku_ids)
    packs = packs_of(sku_ids) if sku_ids else {}
    tracked = [line.sku.pk for line in entry.lines if line.sku.is_lot_tracked]
    stands = stands_at(entry.location, tracked, now=timezone.now()) if tracked else {}
    for line in entry.lines:
        line.stands = stands.get(line.sku.pk, ())
        line.available = available.get(line.sku.pk, ZERO)
        line.packs = packs.get(line.sku.pk, ())


def check_entry(entry: Entry, *, may_be_zero: bool = False) -> bool:
    """Marks each line that is no quantity of its SKU. True when the entry can be posted."""
    if not entry.lines and not entry.problem:
        entry.problem = _("There is nothing on the list yet. Scan or type a SKU first.")
    for line in entry.lines:
        line.error = _quantity_error(line, may_be_zero) or _expiry_error(line)
    return not entry.has_errors


def _quantity_error(line: Line, may_be_zero: bool) -> str:
    count = read_quantity(line.typed)
    if count is None:
        words = _("“%(typed)s” is not a number. Write it like 3 or 1.5.") % {"typed": line.typed}
        return two_meanings(line.typed) or words
    if line.size is None:
        return _("It has no pack “%(pack)s” any more. Choose another one.") % {"pack": line.pack}
    if count < 0 or (count == 0 and not may_be_zero):
        return _("Write a number above zero, or take the line off.")
    return _fineness_error(line, units_of(count, line.size))


def _expiry_error(line: Line) -> str:
    if line.expires and parse_day(line.expires) is None:
        return _("“%(typed)s” is no date. Write it like 2027-03-31.") % {"typed": line.expires}
    if line.expires and not line.lot:
        return _("Write the code of the lot that expires then.")
    return ""


def typed_lot(code: str, expires: str) -> LotName | None:
    """The lot that was typed; None where no code was. An expiry that is no date counts as none: the check of the entry
    has told of it."""
    return LotName(code, parse_day(expires)) if code else None


def parse_day(text: str) -> date | None:
    """A date as the field of a browser sends it."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _fineness_error(line: Line, quantity: Decimal) -> str:
    figures = {"count": line.typed, "pack": line.pack, "units": plain(quantity)}
    if line.sku.unit == Unit.EACH and quantity != quantity.to_integral_value():
        if line.pack:
            return _("%(count)s × %(pack)s are %(units)s, but it is counted in whole pieces.") % figures
        return _("It is counted in whole pieces. Write a whole number.")
    if quantity != round(quantity, 3):
        if line.pack:
            return _("%(count)s × %(pack)s are %(units)s: finer than three decimals.") % figures
        return _("At most three decimals.")
    return _("This is too much for one line.") if quantity >= LARGEST else ""


def show_refusal(entry: Entry, refusal: DomainError, *, advice: str) -> None:
    """Writes what the service refused beside the lines it is about."""
    rows: Sequence[Mapping[str, object]] = refusal.details
    for row in rows:
        number = row.get("line")
        if isinstance(number, int) and 1 <= number <= len(entry.lines):
            entry.lines[number - 1].error = _line_error(row, entry.lines[number - 1].code, advice)
    if not any(line.error for line in entry.lines):
        entry.problem = refusal.message


def _line_error(row: Mapping[str, object], code: str, advice: str) -> str:
    if "available" in row:
        figures = {
            "left": format_quantity(Decimal(str(row["available"]))),
            "asked": format_quantity(Decimal(str(row["asked"]))),
            "part": row.get("sku", code),
        }
        if figures["part"] != code:  # The line is a kit.
            return _("Its part %(part)s: only %(left)s there, %(asked)s asked.") % figures
        return _("Only %(left)s there, %(asked)s asked.") % figures + (f" {advice}" if advice else "")
    return str(row.get("message", ""))
