"""What must be true of lines before stock is locked for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from inventory.domain.days import local_date, zone
from inventory.domain.movements import PRICE_LIMIT, QUANTITY_LIMIT, MovementLine, Pair, plain, quantity_fault
from inventory.errors import InvalidLines
from inventory.models.location import VIRTUAL_KINDS, LocationKind
from inventory.models.movement import MovementKind

# What is wrong with a line: its number, a message, perhaps its SKU.
Fault = dict[str, Any]

# A till whose clock runs a little ahead is no reason to refuse its sale.
FUTURE_SLACK = timedelta(minutes=5)


class PairFacts(NamedTuple):
    """What a posting must know of a SKU at a location, beside its balance."""

    sku_code: str | None
    unit: str
    location_code: str | None
    location_kind: str
    time_zone: str
    level_exists: bool
    listed_on: date | None
    listed_from: time | None
    delisted_on: date | None
    is_kit: bool
    is_open: bool | None

    @property
    def is_virtual(self) -> bool:
        return self.location_kind in VIRTUAL_KINDS

    @property
    def is_place(self) -> bool:
        """A place on the map, with a clock on its wall."""
        return not self.is_virtual and self.location_kind != LocationKind.IN_TRANSIT

    def begins_after(self, at: datetime) -> bool:
        """Whether it was put on sale later on that very day."""
        if self.listed_on is None or self.listed_from is None:
            return False
        wall = at.astimezone(zone(self.time_zone))
        return wall.date() == self.listed_on and wall.time() < self.listed_from

    def is_listed_on(self, at: datetime) -> bool:
        if self.listed_on is None:
            return False
        day = local_date(at, self.time_zone)
        return self.listed_on <= day and (self.delisted_on is None or day < self.delisted_on)


def line_faults(
    lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], kind: str, now: datetime
) -> list[Fault]:
    """Of lines that are wrong whatever the stock is, all that is: nowhere to go, in the future, an unknown SKU or
    location, a kit, a place that was closed, a quantity that the unit does not allow, a price too large.

    What stands at a closed place goes out or is counted to nothing, and nothing comes in; an act is undone there too.
    """
    latest = now + FUTURE_SLACK
    return [
        _fault(number, message, facts[line.sku_id, line.source_id].sku_code)
        for number, line in enumerate(lines, start=1)
        for message in _messages(line, facts, kind, latest)
    ]


def _messages(line: MovementLine, facts: Mapping[Pair, PairFacts], kind: str, latest: datetime) -> Iterator[str]:
    source, destination = facts[line.sku_id, line.source_id], facts[line.sku_id, line.destination_id]
    if line.source_id == line.destination_id:
        yield _("A movement must go from one location to another one.")
    if line.occurred_at is not None and line.occurred_at > latest:
        yield _("It is dated in the future.")
    place = _place_fault(source, destination)
    if place is not None:
        yield place
    elif destination.is_place and not destination.is_open and kind != MovementKind.REVERSAL:
        yield closed_message(destination.location_code)
    quantity = quantity_message(line.quantity, source.unit) if source.sku_code is not None else None
    if quantity is not None:
        yield quantity
    if line.unit_price is not None and line.unit_price >= PRICE_LIMIT:
        # A kit whose part weighs a gram makes the kilo of it cost a thousand times as much.
        yield _(
            "A unit of it would cost %(price)s, more than can be kept. Check the price, or the parts of the kit."
        ) % {"price": plain(line.unit_price)}


def refuse_kits(lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], kit_ids: Collection[int]) -> None:
    """Refuses lines of SKUs that became kits while the posting waited for their levels."""
    codes = {line.sku_id: facts[line.sku_id, line.source_id].sku_code for line in lines if line.sku_id in kit_ids}
    refuse_lines(
        [
            _fault(number, _kit_message(codes[line.sku_id]), codes[line.sku_id])
            for number, line in enumerate(lines, start=1)
            if line.sku_id in codes
        ]
    )


def closed_message(place: str | None) -> str:
    return _("%(place)s is closed, so nothing comes in there. Open it again, or name another place.") % {"place": place}


def _kit_message(code: str | None) -> str:
    return _("%(sku)s is a kit and has no stock of its own. Name its parts.") % {"sku": code}


def too_much_faults(
    lines: Sequence[MovementLine], ends: Mapping[Pair, Decimal], facts: Mapping[Pair, PairFacts]
) -> list[Fault]:
    """Of lines that would leave a level (`ends` by pair) larger, or further below zero, than can be kept."""
    full = {pair for pair, on_hand in ends.items() if abs(on_hand) >= QUANTITY_LIMIT}
    faults: list[Fault] = []
    if not full:
        return faults
    for number, line in enumerate(lines, start=1):
        if (line.sku_id, line.destination_id) in full or (line.sku_id, line.source_id) in full:
            message = _("With it, the stock would be a number that is too large to be kept. Check the quantity.")
            faults.append(_fault(number, message, facts[line.sku_id, line.source_id].sku_code))
    return faults


def _place_fault(source: PairFacts, destination: PairFacts) -> str | None:
    if source.sku_code is None:
        return _("There is no such SKU.")
    if source.is_kit:
        return _kit_message(source.sku_code)
    if source.location_code is None or destination.location_code is None:
        return _("There is no such location.")
    if source.is_virtual and destination.is_virtual:
        return _("At least one end must be a place of ours.")
    return None


def quantity_message(quantity: Decimal, unit: str) -> str | None:
    """What is wrong with a quantity of that unit."""
    fault = quantity_fault(quantity, unit)
    if fault is None:
        return None
    return {
        "not_a_number": _("The quantity must be a number."),
        "not_positive": _("The quantity must be above zero."),
        "too_large": _("The quantity is too large."),
        "not_whole": _("This SKU is counted in whole units; %(quantity)s is not whole."),
        "too_fine": _("The quantity %(quantity)s has more than 3 decimals."),
    }[fault] % {"quantity": quantity}


def _fault(line: int, message: str, sku: str | None = None) -> Fault:
    return {"line": line, "message": message} | ({"sku": sku} if sku else {})


def refuse_lines(faults: Sequence[Fault]) -> None:
    if faults:
        first = min(faults, key=lambda fault: int(fault["line"]))
        raise InvalidLines(_("Line %(line)d: %(message)s") % first, details=faults)
