"""Reads up to ten thousand lines of mixed movements: by hand, as a serializer a line takes longer than the posting."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.fields import DateTimeField

from accounts.models import User
from accounts.unknown_fields import faults_of
from inventory.api.line_codes import NameFault, resolve_each
from inventory.models import Location, Lot, MovementKind, Reason, Sku
from inventory.selectors.scope import locations_for
from inventory.services.batches import BATCH_KINDS, BatchLine

Line = Mapping[str, Any]
MOMENT = DateTimeField()
LONGEST = 60
FIELDS = frozenset(
    {"kind", "sku", "sku_id", "barcode", "pack", "quantity", "location", "destination", "reason", "unit_price",
     "occurred_at", "lot"}
)  # fmt: skip


class LineFault(Exception):
    """What is wrong with one field of a line."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.row = {field: [message]}


class UnknownFields(LineFault):
    """Names that no line has."""

    def __init__(self, line: Line) -> None:
        self.row = faults_of(line.keys(), FIELDS, FIELDS)


@dataclass(frozen=True, slots=True)
class Names:
    """What the lines may name, by code and by id, read once for all of them."""

    places: Mapping[str | int, Location]
    reasons: Mapping[str, int]
    lots: Mapping[tuple[int, str], int]


class Reading:
    """Lines that are read step by step; one with a fault is left out of the steps that follow, and told at the end."""

    def __init__(self, sent: list[Any]) -> None:
        self.count = len(sent)
        self.values: dict[int, Any] = dict(enumerate(sent))
        self.faults: dict[int, dict[str, list[str]]] = {}

    def step(self, read: Callable[[int, Any], Any]) -> None:
        """Puts `read(number, value)` in the place of each value."""
        for number, value in list(self.values.items()):
            try:
                self.values[number] = read(number, value)
            except LineFault as error:
                self.faults[number] = error.row
                del self.values[number]

    def end(self) -> list[Any]:
        """The values. Raises ValidationError when there were faults."""
        if self.faults:
            raise ValidationError({"lines": [self.faults.get(number, {}) for number in range(self.count)]})
        return list(self.values.values())


def read_lines(sent: list[Any], user: User) -> list[BatchLine]:
    """The lines, checked. Raises ValidationError that names every line which cannot be understood."""
    lines = Reading(sent)
    lines.step(lambda _number, line: _plain(line))
    plain = dict(lines.values)
    codes = _codes_of(plain.values())
    lines.step(lambda _number, line: _coded(line, codes))
    resolved = dict(zip(lines.values, resolve_each(list(lines.values.values())), strict=True))
    lines.step(lambda number, _line: _known(resolved[number]))
    names = _look_up(plain.values(), lines.values.values(), user)
    lines.step(lambda number, named: _line(plain[number], named, names))
    return lines.end()


def _plain(line: Any) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise LineFault("non_field_errors", _("A line is an object."))
    if not line.keys() <= FIELDS:
        raise UnknownFields(line)
    kind = line.get("kind")
    if kind not in BATCH_KINDS:
        raise LineFault("kind", _("Choose one of: %(known)s.") % {"known": ", ".join(BATCH_KINDS)})
    if sum(line.get(name) is not None for name in ("sku", "sku_id", "barcode")) != 1:
        raise LineFault("sku", _("Name the SKU by its code, its id or a barcode, one of the three."))
    for name in ("sku", "barcode", "pack", "reason", "lot"):
        if not isinstance(line.get(name) or "", str) or len(line.get(name) or "") > LONGEST:
            raise LineFault(name, _("This is no text of at most %(most)d characters.") % {"most": LONGEST})
    price = None if line.get("unit_price") is None else _number(line, "unit_price", 4)
    if price is not None and price < 0:
        raise LineFault("unit_price", _("A price is not below zero."))
    values = {"quantity": _number(line, "quantity", 3), "unit_price": price, "occurred_at": _moment(line)}
    return {**line, **values, "pack": line.get("pack") or ""}


def _number(line: Line, name: str, decimals: int) -> Decimal:
    value = line.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 30:
        raise LineFault(name, _("This is no number."))
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10 ** (14 - decimals):
        raise LineFault(name, _("This is no number, or one that is too large."))
    if number != round(number, decimals):
        raise LineFault(name, _("At most %(most)d decimals are kept.") % {"most": decimals})
    return number


def _moment(line: Line) -> datetime | None:
    value = line.get("occurred_at")
    if value is None:
        return None
    try:
        moment = MOMENT.run_validation(value)
    except ValidationError as error:
        detail: Any = error.detail
        raise LineFault("occurred_at", str(detail[0])) from error
    return moment if isinstance(moment, datetime) else None


def _codes_of(lines: Iterable[Line]) -> dict[int, str]:
    """The codes of SKUs that are named by their ids."""
    ids = {line["sku_id"] for line in lines if _is_id(line.get("sku_id"))}
    return dict(Sku.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else {}


def _coded(line: Line, codes: Mapping[int, str]) -> dict[str, Any]:
    """A SKU that was named by its id, by its code; the rest is resolved as the lines of every other act are."""
    kept = {name: line[name] for name in ("sku", "barcode", "quantity", "pack") if line.get(name) is not None}
    if line.get("sku_id") is None:
        return kept
    code = codes.get(line["sku_id"]) if _is_id(line["sku_id"]) else None
    if code is None:
        raise LineFault("sku_id", _("There is no SKU with this id."))
    return {**kept, "sku": code}


def _known(found: dict[str, Any] | NameFault) -> dict[str, Any]:
    if isinstance(found, NameFault):
        raise LineFault(found.field, found.message)
    return found


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _look_up(lines: Iterable[Line], named: Iterable[Line], user: User) -> Names:
    places: dict[str | int, Location] = {}
    for place in locations_for(user):
        places |= {place.code: place, place.pk: place}
    reasons = dict(Reason.objects.filter(is_active=True).values_list("code", "pk"))
    lots = {line["lot"] for line in lines if line.get("lot")}
    found = Lot.objects.filter(code__in=lots, sku__in={row["sku_id"] for row in named}) if lots else ()
    return Names(places, reasons, {(lot.sku_id, lot.code): lot.pk for lot in found})


def _line(line: Line, named: Line, names: Names) -> BatchLine:
    kind, quantity = line["kind"], named["quantity"]
    if quantity == 0 or (quantity < 0 and kind != MovementKind.ADJUSTMENT):
        raise LineFault("quantity", _not_above_zero(kind, quantity))
    lot_id = names.lots.get((named["sku_id"], line["lot"])) if line.get("lot") else None
    if line.get("lot") and lot_id is None:
        raise LineFault("lot", _("This SKU has no such lot."))
    return BatchLine(
        kind=kind,
        sku_id=named["sku_id"],
        location=_place(line, "location", names),
        quantity=quantity,
        destination=_place(line, "destination", names) if kind == MovementKind.TRANSFER else None,
        reason_id=_reason(line, names) if kind == MovementKind.ADJUSTMENT else None,
        unit_price=line["unit_price"],
        occurred_at=line["occurred_at"],
        lot_id=lot_id,
    )


def _not_above_zero(kind: str, quantity: Decimal) -> str:
    if quantity and kind == MovementKind.SALE:
        return _("A sale is above zero. What a customer brought back is a line of the kind return, above zero too.")
    return _("The quantity must be above zero.")


def _place(line: Line, name: str, names: Names) -> Location:
    value = line.get(name)
    if value is None:
        raise LineFault(name, _("Name a location of yours here, by its code or its id."))
    place = names.places.get(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if place is None:
        raise LineFault(
            name, _("There is no location %(value)s, or it is not yours.") % {"value": str(value)[:LONGEST]}
        )
    return place


def _reason(line: Line, names: Names) -> int:
    reason = names.reasons.get(line.get("reason") or "")
    if reason is None:
        known = ", ".join(sorted(names.reasons))
        raise LineFault("reason", _("Unknown reason. Choose one of: %(known)s.") % {"known": known})
    return reason
