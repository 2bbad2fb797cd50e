"""Which lots a set of movement lines takes from: first expired, first out; what may not be sold is never picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from inventory.domain.days import instant
from inventory.domain.movements import ZERO, MovementLine, Pair, Shortage

# (lot_id, location_id): the key of a lot level.
LotPlace = tuple[int, int]
# What people take for use must be good; what goes to the waste or back to its supplier may be anything.
USES = ("customer", "production")
WAYS_OUT = ("loss", "supplier")


@dataclass(frozen=True, slots=True)
class LotStand:
    """A lot at a location as it stands under our lock; `level_id` None where it never stood.

    From `held_from` on it may not be sold there: quarantined, or expired. `held_since` is what the level knows of it.
    """

    lot_id: int
    sku_id: int
    location_id: int
    code: str
    expires_on: date | None
    received_at: datetime
    quarantined_at: datetime | None = None
    level_id: int | None = None
    on_hand: Decimal = ZERO
    held_since: datetime | None = None
    held_from: datetime | None = None

    @property
    def place(self) -> LotPlace:
        return self.lot_id, self.location_id

    def may_be_sold(self, at: datetime) -> bool:
        return self.held_from is None or at < self.held_from


def held_from(
    *, expires_on: date | None, quarantined_at: datetime | None, zone_name: str, now: datetime
) -> datetime | None:
    """The moment from which a lot may not be sold at a place in that zone, if it has come by `now`."""
    moments = [quarantined_at] if quarantined_at is not None else []
    if expires_on is not None:
        ends_at = expiry_instant(expires_on, zone_name)
        moments += [ends_at] if ends_at <= now else []
    return min(moments, default=None)


def expiry_instant(expires_on: date, zone_name: str) -> datetime:
    """The first moment after the last day on which it may be sold."""
    if expires_on == date.max:
        # Other systems write 9999-12-31 for "never"; there is no day after it.
        return datetime.max.replace(tzinfo=UTC)
    return instant(expires_on + timedelta(days=1), 0, zone_name)


def fefo_order(stand: LotStand) -> tuple[bool, date, datetime, int]:
    """First expired, first out; what never expires comes last, the older first."""
    return stand.expires_on is None, stand.expires_on or date.max, stand.received_at, stand.lot_id


@dataclass(frozen=True, slots=True)
class LotPlan:
    """Lines that each name their lot. `origins[i]` is the number (from 1) of the line that `lines[i]` is a part of."""

    lines: list[MovementLine]
    origins: list[int]
    shortages: list[Shortage]


@dataclass(slots=True)
class LotPicker:
    """Serves lines in their order. `stands` are the lots of the tracked pairs, `reserved` what is promised of a pair,
    `negative` the pairs that may go below zero, `kinds` the kinds of locations, `held_now` those not to be sold now.
    """

    stands: Mapping[LotPlace, LotStand]
    reserved: Mapping[Pair, Decimal]
    negative: frozenset[Pair]
    kinds: Mapping[int, str]
    moment: datetime
    left: dict[LotPlace, Decimal] = field(default_factory=dict)
    free: dict[Pair, Decimal] = field(default_factory=dict)
    candidates: dict[Pair, list[LotStand]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.free = {pair: -reserved for pair, reserved in self.reserved.items()}
        for stand in sorted(self.stands.values(), key=fefo_order):
            pair = stand.sku_id, stand.location_id
            self.left[stand.place] = stand.on_hand
            if stand.level_id is not None:
                self.candidates.setdefault(pair, []).append(stand)
            if stand.may_be_sold(self.moment):
                self.free[pair] = self.free.get(pair, ZERO) + stand.on_hand

    def plan(self, lines: Sequence[MovementLine]) -> LotPlan:
        """What the same posting brings in named lots may leave again, whatever the order of the lines."""
        brought = [line for line in lines if line.lot_id is not None]
        for line in brought:
            self._put(line)
        plan = LotPlan([], [], [])
        for number, line in enumerate(lines, start=1):
            pair = line.sku_id, line.source_id
            if pair not in self.reserved:
                self._keep(plan, number, line)
                continue
            parts, taken = self._take(line)
            for part in parts:
                self._keep(plan, number, part)
                if line.lot_id is None:
                    self._put(part)
            if taken < line.quantity:
                plan.shortages.append(Shortage(number, *pair, line.quantity, taken))
        return plan

    def _keep(self, plan: LotPlan, number: int, line: MovementLine) -> None:
        plan.lines.append(line)
        plan.origins.append(number)

    def _put(self, line: MovementLine) -> None:
        place = (line.lot_id or 0, line.destination_id)
        stand = self.stands.get(place)
        if stand is None:  # the destination is none of our places
            return
        self.left[place] += line.quantity
        if stand.may_be_sold(self.moment):
            pair = line.sku_id, line.destination_id
            self.free[pair] = self.free.get(pair, ZERO) + line.quantity

    def _take(self, line: MovementLine) -> tuple[list[MovementLine], Decimal]:
        """Parts of the line by lot, and how much they are together."""
        pair, wanted = (line.sku_id, line.source_id), line.quantity
        stands = self._stands_for(line, pair)
        parts = []
        for stand in stands:
            share = min(wanted, self._takable(stand, pair))
            if share > 0:
                parts.append(self._part(line, stand, share))
                wanted -= share
            if wanted <= 0:
                break
        if wanted > 0 and pair in self.negative and stands:
            # A shop that sells before it books: what is missing is missing from the lot that came last.
            parts.append(self._part(line, stands[-1], wanted))
            wanted = ZERO
        return _merged(parts), line.quantity - wanted

    def _stands_for(self, line: MovementLine, pair: Pair) -> list[LotStand]:
        if line.lot_id is not None:
            return [self.stands[line.lot_id, line.source_id]]
        is_way_out = self.kinds[line.destination_id] in WAYS_OUT
        at = line.occurred_at or self.moment
        return [stand for stand in self.candidates.get(pair, []) if is_way_out or stand.may_be_sold(at)]

    def _takable(self, stand: LotStand, pair: Pair) -> Decimal:
        left = self.left[stand.place]
        is_promised = stand.may_be_sold(self.moment) and pair not in self.negative
        return min(left, self.free[pair]) if is_promised else left

    def _part(self, line: MovementLine, stand: LotStand, quantity: Decimal) -> MovementLine:
        self.left[stand.place] -= quantity
        if stand.may_be_sold(self.moment):
            self.free[stand.sku_id, stand.location_id] -= quantity
        return replace(line, quantity=quantity, lot_id=stand.lot_id)


def _merged(parts: list[MovementLine]) -> list[MovementLine]:
    """The remainder that makes a lot negative belongs to the part that took the rest of it."""
    if len(parts) > 1 and parts[-1].lot_id == parts[-2].lot_id:
        return [*parts[:-2], replace(parts[-1], quantity=parts[-2].quantity + parts[-1].quantity)]
    return parts


def propose_picks(quantity: Decimal, stands: Sequence[LotStand], at: datetime) -> list[tuple[LotStand, Decimal]]:
    """The picking proposal for a quantity: which lots to take it from, first expired first. May be short."""
    picks = []
    for stand in sorted(stands, key=fefo_order):
        share = min(quantity, stand.on_hand) if stand.may_be_sold(at) else ZERO
        if share > 0:
            picks.append((stand, share))
            quantity -= share
    return picks


def split_by_lot(
    lines: Sequence[MovementLine], lots: Mapping[int, Sequence[tuple[int, Decimal]]]
) -> list[MovementLine]:
    """The lines cut by lot, in the order of `lots` (by SKU: lot and how much of it there is); a SKU without stays.

    A line that names its lot keeps it, and is served before those that do not.
    """
    left = {sku_id: dict(rows) for sku_id, rows in lots.items()}
    for line in lines:
        if line.lot_id is not None and line.lot_id in left.get(line.sku_id, {}):
            left[line.sku_id][line.lot_id] -= line.quantity
    parts: list[MovementLine] = []
    for line in lines:
        if line.lot_id is not None:
            parts.append(line)
            continue
        wanted = line.quantity
        there = left.get(line.sku_id, {})
        for lot_id in there:
            share = min(wanted, there[lot_id])
            if share > 0:
                parts.append(replace(line, quantity=share, lot_id=lot_id))
                there[lot_id] -= share
                wanted -= share
        if wanted > 0:
            parts.append(replace(line, quantity=wanted))
    return parts
