"""The lots of a posting: read under the lock of their levels, picked, and written in the statement of the movements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.text import format_date
from inventory.array_literals import array
from inventory.domain.lots import USES, LotPicker, LotPlace, LotPlan, LotStand, fefo_order, held_from
from inventory.domain.movements import ZERO, Balance, MovementLine, Pair
from inventory.locks import LockedLot, lock_lots
from inventory.models import MovementKind
from inventory.services.posting_checks import Fault, PairFacts, refuse_lines

# Part of the statement that writes the movements. A lot that comes back to a place where it stood once is found by the
# conflict, since only lots with stock are read.
WRITE_LOTS = """
), arrived AS (
    INSERT INTO inventory_lotlevel (lot_id, sku_id, location_id, on_hand, may_go_negative, held_since)
    SELECT new.* FROM header, unnest(
        %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::boolean[], %s::timestamptz[]
    ) AS new
    ON CONFLICT (lot_id, location_id) DO UPDATE
    SET on_hand = inventory_lotlevel.on_hand + EXCLUDED.on_hand, held_since = EXCLUDED.held_since
), changed AS (
    UPDATE inventory_lotlevel lot
    SET on_hand = lot.on_hand + change.quantity, held_since = change.held_since
    FROM header, unnest(%s::bigint[], %s::numeric[], %s::timestamptz[]) AS change (level_id, quantity, held_since)
    WHERE lot.id = change.level_id
), held AS (
    INSERT INTO inventory_lothold (posting_id, lot_id, sku_id, location_id, change, at)
    SELECT header.id, hold.*
    FROM header, unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::timestamptz[]) AS hold
"""


@dataclass(frozen=True, slots=True)
class LotWork:
    """What a posting does to lots, or nothing at all when no SKU of it is tracked."""

    plan: LotPlan
    stands: Mapping[LotPlace, LotStand] = field(default_factory=dict)
    negative: frozenset[Pair] = frozenset()

    @property
    def noticed(self) -> list[LotStand]:
        """Lots that expired here and that nobody has counted as held yet."""
        return [stand for stand in self.stands.values() if _is_unnoticed(stand)]


def _is_unnoticed(stand: LotStand) -> bool:
    return bool(stand.on_hand and stand.level_id and stand.held_since is None and stand.held_from is not None)


def plan_lots(
    *,
    lines: Sequence[MovementLine],
    kind: str,
    facts: Mapping[Pair, PairFacts],
    balances: Mapping[Pair, Balance],
    moment: datetime,
    faults: Sequence[Fault] = (),
) -> LotWork:
    """Gives each line of a tracked SKU its lot. One statement, and none where nothing is tracked.

    Raises `InvalidLines` for a lot that is missing, unknown, of another SKU, or not to be sold; `faults` that were
    found before are told with them.
    """
    tracked = {pair: balance for pair, balance in balances.items() if balance.is_lot_tracked}
    if not tracked:
        refuse_lines([*faults, *_untracked_faults(lines, facts, tracked)])
        return LotWork(LotPlan(list(lines), list(range(1, len(lines) + 1)), []))
    stands = read_stands(lines, facts, tracked, moment)
    lines = _found(lines, kind, tracked, stands)
    of_lots = _faults(lines, kind, facts, tracked, stands, moment)
    refuse_lines([*faults, *_untracked_faults(lines, facts, tracked), *of_lots])
    negative = frozenset(pair for pair, balance in tracked.items() if balance.may_go_negative)
    picker = LotPicker(
        stands=stands,
        reserved={pair: balance.reserved for pair, balance in tracked.items()},
        negative=negative,
        kinds={location_id: fact.location_kind for (_sku, location_id), fact in facts.items()},
        moment=moment,
    )
    plan = picker.plan(lines)
    return LotWork(plan, _with_destinations(plan.lines, stands, facts, tracked, moment), negative)


def _found(
    lines: Sequence[MovementLine], kind: str, tracked: Mapping[Pair, Balance], stands: Mapping[LotPlace, LotStand]
) -> list[MovementLine]:
    """What a count of all lots found too much of is held to be of the lot that has to be sold first."""
    if kind != MovementKind.COUNT:
        return list(lines)
    first: dict[Pair, LotStand] = {}
    for stand in sorted(stands.values(), key=fefo_order):
        if stand.on_hand > 0:
            first.setdefault((stand.sku_id, stand.location_id), stand)
    return [
        replace(line, lot_id=first[line.sku_id, line.destination_id].lot_id)
        if line.lot_id is None and (line.sku_id, line.destination_id) in first
        else line
        for line in lines
    ]


def read_stands(
    lines: Iterable[MovementLine], facts: Mapping[Pair, PairFacts], tracked: Mapping[Pair, Balance], moment: datetime
) -> dict[LotPlace, LotStand]:
    """Locks the lots at the tracked pairs and the named ones, and gives each with every place it is at or comes to."""
    named = sorted({line.lot_id for line in lines if line.lot_id is not None})
    stands: dict[LotPlace, LotStand] = {}
    known: dict[int | None, LockedLot] = {}
    for row in lock_lots(sorted(tracked), named):
        known[row.lot_id] = row
        if row.location_id is not None:
            stand = _stand(row, row.location_id, facts[row.sku_id, row.location_id].time_zone, moment)
            stands[stand.place] = stand
    for line in lines:
        lot = known.get(line.lot_id)
        if lot is None or lot.sku_id != line.sku_id:
            continue
        for place_id in (line.source_id, line.destination_id):
            pair = line.sku_id, place_id
            if pair in tracked and (lot.lot_id, place_id) not in stands:
                stand = _stand(lot, place_id, facts[pair].time_zone, moment)
                stands[stand.place] = stand
    return stands


def _stand(lot: LockedLot | LotStand, location_id: int, zone_name: str, moment: datetime) -> LotStand:
    """The lot at this place; where what we know of it is of another place, it never stood here."""
    is_here = lot.location_id == location_id
    held_since = lot.held_since if is_here else None
    since = held_since or held_from(
        expires_on=lot.expires_on, quarantined_at=lot.quarantined_at, zone_name=zone_name, now=moment
    )
    return LotStand(
        lot_id=lot.lot_id,
        sku_id=lot.sku_id,
        location_id=location_id,
        code=lot.code,
        expires_on=lot.expires_on,
        received_at=lot.received_at,
        quarantined_at=lot.quarantined_at,
        level_id=lot.level_id if is_here else None,
        on_hand=(lot.on_hand or ZERO) if is_here else ZERO,
        held_since=held_since,
        held_from=since,
    )


def _with_destinations(
    lines: Iterable[MovementLine],
    stands: dict[LotPlace, LotStand],
    facts: Mapping[Pair, PairFacts],
    tracked: Mapping[Pair, Balance],
    moment: datetime,
) -> dict[LotPlace, LotStand]:
    """Adds the places that picked lots go to."""
    for line in lines:
        pair = line.sku_id, line.destination_id
        if line.lot_id is None or pair not in tracked or (line.lot_id, line.destination_id) in stands:
            continue
        stand = _stand(stands[line.lot_id, line.source_id], line.destination_id, facts[pair].time_zone, moment)
        stands[stand.place] = stand
    return stands


def _untracked_faults(
    lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], tracked: Mapping[Pair, Balance]
) -> list[Fault]:
    skus = {sku_id for sku_id, _place in tracked}
    return [
        _fault(number, line, facts, _("This SKU is not tracked by lot. Leave the lot out."))
        for number, line in enumerate(lines, start=1)
        if line.lot_id is not None and line.sku_id not in skus
    ]


def _faults(
    lines: Sequence[MovementLine],
    kind: str,
    facts: Mapping[Pair, PairFacts],
    tracked: Mapping[Pair, Balance],
    stands: Mapping[LotPlace, LotStand],
    moment: datetime,
) -> list[Fault]:
    faults = []
    for number, line in enumerate(lines, start=1):
        # A line with neither end in a place that we know has other faults.
        if not {(line.sku_id, line.source_id), (line.sku_id, line.destination_id)} & tracked.keys():
            continue
        is_from_us = (line.sku_id, line.source_id) in tracked
        ours = line.source_id if is_from_us else line.destination_id
        if line.lot_id is None:
            message = _nameless_message(kind, is_from_us)
        elif (line.lot_id, ours) not in stands:
            message = _("This SKU has no such lot.")
        else:
            is_use = is_from_us and facts[line.sku_id, line.destination_id].location_kind in USES
            is_use = is_use and MovementKind.REVERSAL not in (kind, line.kind)
            message = hold_message(stands[line.lot_id, ours], line.occurred_at or moment) if is_use else ""
        if message:
            faults.append(_fault(number, line, facts, message))
    return faults


def _nameless_message(kind: str, is_from_us: bool) -> str:
    if kind == MovementKind.REVERSAL:
        return _("It was posted before the SKU was tracked by lot. Adjust the stock instead.")
    return "" if is_from_us else _("This SKU is tracked by lot. Say which lot it is.")


def hold_message(stand: LotStand, at: datetime) -> str:
    """Why this lot may not be sold at that moment; empty when it may."""
    if stand.may_be_sold(at):
        return ""
    if stand.quarantined_at is not None:
        return _("Lot %(lot)s is in quarantine. Take another lot, or have it released.") % {"lot": stand.code}
    day = format_date(stand.expires_on or date.max)
    return _("Lot %(lot)s expired after %(day)s. Take another lot.") % {"lot": stand.code, "day": day}


def _fault(number: int, line: MovementLine, facts: Mapping[Pair, PairFacts], message: str) -> Fault:
    return {"line": number, "message": message, "sku": facts[line.sku_id, line.source_id].sku_code}


@dataclass(frozen=True, slots=True)
class LotWrites:
    """Values for `WRITE_LOTS`, and the change of `held` that they mean for each pair."""

    columns: tuple[Any, ...]
    held: Mapping[Pair, Decimal]


def write_columns(work: LotWork, moments: Sequence[datetime]) -> LotWrites:
    """`moments` are those of the planned lines."""
    deltas: dict[LotPlace, Decimal] = {}
    holds: dict[tuple[LotPlace, datetime], Decimal] = {}
    for stand in work.noticed:
        deltas[stand.place] = ZERO
        _add(holds, (stand.place, stand.held_from), stand.on_hand)
    for line, at in zip(work.plan.lines, moments, strict=True):
        for place_id, change in ((line.source_id, -line.quantity), (line.destination_id, line.quantity)):
            moved = work.stands.get((line.lot_id or 0, place_id))
            if moved is not None:
                _add(deltas, moved.place, change)
                if moved.held_from is not None:
                    _add(holds, (moved.place, max(at, moved.held_from)), change)
    held: dict[Pair, Decimal] = {}
    for (place, _at), change in holds.items():
        _add(held, (work.stands[place].sku_id, place[1]), change)
    return LotWrites(_lot_columns(work, deltas, holds), held)


def _add(sums: dict[Any, Decimal], key: Any, change: Decimal) -> None:
    sums[key] = sums.get(key, ZERO) + change


def _lot_columns(
    work: LotWork,
    deltas: Mapping[LotPlace, Decimal],
    holds: Mapping[tuple[LotPlace, datetime], Decimal],
) -> tuple[Any, ...]:
    made = [work.stands[place] for place in sorted(deltas) if work.stands[place].level_id is None]
    kept = [work.stands[place] for place in sorted(deltas) if work.stands[place].level_id is not None]
    told = [(work.stands[place], at, change) for (place, at), change in holds.items() if change]
    return (
        array(stand.lot_id for stand in made),
        array(stand.sku_id for stand in made),
        array(stand.location_id for stand in made),
        array(deltas[stand.place] for stand in made),
        array((stand.sku_id, stand.location_id) in work.negative for stand in made),
        array(stand.held_from for stand in made),
        array(stand.level_id for stand in kept),
        array(deltas[stand.place] for stand in kept),
        array(stand.held_from for stand in kept),
        array(stand.lot_id for stand, _at, _change in told),
        array(stand.sku_id for stand, _at, _change in told),
        array(stand.location_id for stand, _at, _change in told),
        array(change for _stand, _at, change in told),
        array(at for _stand, at, _change in told),
    )
