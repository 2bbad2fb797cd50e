"""The one door through which stock moves."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import DomainError, InvalidInput
from accounts.models import User
from accounts.statements import Statement, Value
from inventory.array_literals import array, numbers
from inventory.domain.days import local_date
from inventory.domain.movements import (
    ZERO,
    Balance,
    MovementLine,
    Pair,
    distinct_pairs,
    find_shortages,
    net_effects,
    plain,
)
from inventory.errors import OutOfStock
from inventory.locks import Look, lock_levels, look_and_lock
from inventory.models import Posting, Sku
from inventory.services.posting_checks import (
    Fault,
    PairFacts,
    line_faults,
    refuse_kits,
    too_much_faults,
)
from inventory.services.posting_lots import WRITE_LOTS, LotWork, plan_lots, write_columns
from inventory.services.posting_repeats import first_posting
from inventory.services.reserved import settle_expired
from inventory.services.stockouts import Crossing, is_crossing, note_crossings, rebuild_stockouts_of_pairs

__all__ = ["MAX_LINES", "MovementLine", "post_movements"]

MAX_LINES = 10_000
# Within this much, a moment before the last movement is only the wait for a lock, or a clock being set.
CLOCK_SLACK = timedelta(minutes=1)

# Header, movements and levels, or nothing at all when a rival wrote the same key meanwhile.
WRITE = """
WITH header AS (
    INSERT INTO inventory_posting (key, kind, source_type, source_id, note, customer, posted_by_id, posted_at)
    VALUES (%s::text, %s::text, %s::text, %s::bigint, %s::text, %s::text, %s::bigint, %s::timestamptz)
    ON CONFLICT (key) DO NOTHING
    RETURNING id
), moved AS (
    INSERT INTO inventory_movement (
        posting_id, line, kind, sku_id, source_id, destination_id, quantity, unit_price, reason_id, reverses_id,
        lot_id, occurred_at, business_date
    )
    SELECT header.id, line.*
    FROM header, unnest(
        %s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::timestamptz[], %s::date[]
    ) AS line
{lots}), changed_levels AS (
    UPDATE inventory_stocklevel level
    SET on_hand = level.on_hand + change.quantity, updated_at = GREATEST(level.updated_at, change.at){held}
    FROM header, unnest(%s::bigint[], %s::numeric[], %s::timestamptz[]{held_column})
        AS change (level_id, quantity, at{held_name})
    WHERE level.id = change.level_id
)
SELECT id FROM header
"""
WRITE_MOVEMENTS = Statement(WRITE.format(lots="", held="", held_column="", held_name=""))
WRITE_WITH_LOTS = Statement(
    WRITE.format(
        lots=WRITE_LOTS, held=", held = level.held + change.held", held_column=", %s::numeric[]", held_name=", held"
    )
)
FIND_KEY = Statement("SELECT id FROM inventory_posting WHERE key = $1::text")
# First and last moment at which a posting touches a level.
Moments = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a line took effect: the instant, and the day it belongs to."""

    at: datetime
    day: date


def post_movements(
    *,
    lines: Sequence[MovementLine],
    kind: str,
    key: str | None,
    now: datetime,
    posted_by: User | None = None,
    source_type: str = "",
    source_id: int | None = None,
    note: str = "",
    customer: str = "",
) -> Posting:
    """Posts 1 to `MAX_LINES` movements, whole or not at all, in a number of statements that does not depend on theirs.

    A repeat with the same `key` returns the first posting. Raises `OutOfStock` (a row per offending line),
    `InvalidLines`, or `KeyAlreadyUsed` when the key belongs to another content.
    """
    _check_count(lines)
    header = Posting(
        key=key, kind=kind, source_type=source_type, source_id=source_id, note=note, customer=customer.strip(),
        posted_by=posted_by, posted_at=now,
    )  # fmt: skip
    # Nothing is written before nothing can be refused, so a transaction of the caller's needs no savepoint.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        return _post(header, lines, distinct_pairs(lines), now)


def _post(header: Posting, lines: Sequence[MovementLine], pairs: Sequence[Pair], now: datetime) -> Posting:
    look = look_and_lock(pairs, key=header.key)
    if look.is_key_used:
        return first_posting(header, lines)
    try:
        is_written = _move(header, lines, look, now)
    except DomainError:
        # What is refused may be the repeat of an act that was done while we waited for its levels.
        if header.key is None or not FIND_KEY.rows(header.key):
            raise
        is_written = False
    return header if is_written else first_posting(header, lines)


def _check_count(lines: Sequence[MovementLine]) -> None:
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(_("A posting takes 1 to %(most)d lines.") % {"most": MAX_LINES})


def _move(header: Posting, lines: Sequence[MovementLine], look: Look, now: datetime) -> bool:
    """Whether it was written; not when a rival wrote the same key meanwhile."""
    facts = {pair: PairFacts(*columns) for pair, columns in look.facts.items()}
    faults = line_faults(lines, facts, header.kind, now)
    balances = _as_they_are(facts, look, now) if faults else settle_expired(_balances(lines, facts, look), now)
    moment = _moment(balances, now)
    effects = net_effects(_sound(lines, faults))
    ends = {pair: balance.on_hand + effects[pair] for pair, balance in balances.items()}
    faults += _of_others(faults, too_much_faults(lines, ends, facts))
    work = plan_lots(lines=lines, kind=header.kind, facts=facts, balances=balances, moment=moment, faults=faults)
    _refuse_shortages(lines, facts, balances, work)
    moved = work.plan.lines
    stamps = _stamp(moved, facts, moment)
    moments = _moments_by_pair(moved, stamps)
    held = _write(header, work, stamps, balances, effects, moments)
    if held is None:
        return False
    # What was held before we noticed tells the past anew.
    noticed = frozenset((stand.sku_id, stand.location_id) for stand in work.noticed)
    available = {pair: effects[pair] - held.get(pair, ZERO) for pair in balances} if held else effects
    _keep_stockouts(header, facts, balances, available, moments, noticed)
    return True


def _sound(lines: Sequence[MovementLine], faults: Sequence[Fault]) -> Sequence[MovementLine]:
    """The lines as they add up: those with a fault say nothing about the stock."""
    faulty = {fault["line"] for fault in faults}
    if not faulty:
        return lines
    return [replace(line, quantity=ZERO) if number in faulty else line for number, line in enumerate(lines, start=1)]


def _of_others(faults: Sequence[Fault], found: Sequence[Fault]) -> list[Fault]:
    """Faults of lines that had none before."""
    faulty = {fault["line"] for fault in faults}
    return [fault for fault in found if fault["line"] not in faulty]


def _as_they_are(facts: Mapping[Pair, PairFacts], look: Look, now: datetime) -> dict[Pair, Balance]:
    """The levels for a posting that is refused anyway: nothing is written, and one that is missing stands at zero."""
    real = [pair for pair, fact in facts.items() if fact.sku_code and fact.location_code and not fact.is_virtual]
    # The look locks none of the levels where one of them is missing.
    there = look.balances or lock_levels([pair for pair in sorted(real) if facts[pair].level_exists], missing=[])
    missing = {sku_id for sku_id, place_id in real if (sku_id, place_id) not in there}
    tracked = set(Sku.objects.filter(pk__in=missing, is_lot_tracked=True).values_list("pk", flat=True))
    return {
        pair: there.get(pair)
        or Balance(0, ZERO, ZERO, may_go_negative=False, updated_at=now, is_lot_tracked=pair[0] in tracked)
        for pair in real
    }


def _balances(lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], look: Look) -> Mapping[Pair, Balance]:
    """The locked levels, in their order; those that are missing are made first."""
    real = sorted(pair for pair, fact in facts.items() if not fact.is_virtual)
    missing = [pair for pair in real if not facts[pair].level_exists]
    balances = lock_levels(real, missing=missing) if missing else look.balances
    # A SKU becomes a kit under the lock of its levels, and takes the empty ones away.
    gone = {sku_id for sku_id, location_id in real if (sku_id, location_id) not in balances}
    refuse_kits(lines, facts, gone | kits_among({sku_id for sku_id, _place in missing}))
    return {pair: balances[pair] for pair in real}


def kits_among(sku_ids: Collection[int]) -> set[int]:
    """Those that are kits by now. No statement for none."""
    return set(Sku.objects.filter(pk__in=sku_ids, is_kit=True).values_list("pk", flat=True)) if sku_ids else set()


def _refuse_shortages(
    lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], balances: Mapping[Pair, Balance], work: LotWork
) -> None:
    untracked = {pair: balance for pair, balance in balances.items() if not balance.is_lot_tracked}
    shortages = sorted([*find_shortages(lines, untracked), *work.plan.shortages], key=lambda short: short.line)
    if not shortages:
        return
    details = [
        {
            "line": short.line,
            "sku": facts[short.sku_id, short.location_id].sku_code,
            "location": facts[short.sku_id, short.location_id].location_code,
            "asked": plain(short.asked),
            "available": plain(short.available),
        }
        for short in shortages
    ]
    first = details[0]
    message = _("Only %(available)s of %(sku)s left at %(location)s, but %(asked)s asked.") % first
    raise OutOfStock(message, details=details)


def _moment(balances: Mapping[Pair, Balance], now: datetime) -> datetime:
    """The moment of lines without one of their own: not before the last movement of a level they touch."""
    latest = max((balance.updated_at for balance in balances.values()), default=now)
    return latest if now < latest <= now + CLOCK_SLACK else now


def _stamp(lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], moment: datetime) -> list[Stamp]:
    days: dict[tuple[datetime, str], date] = {}
    stamps = []
    for line in lines:
        at, zone_name = line.occurred_at or moment, zone_of(line, facts)
        day = days.get((at, zone_name))
        if day is None:
            day = days[at, zone_name] = local_date(at, zone_name)
        stamps.append(Stamp(at, day))
    return stamps


def zone_of(line: MovementLine, facts: Mapping[Pair, PairFacts]) -> str:
    """The zone of the place where the act happened: where stock left, or where it arrived when it came from outside."""
    source = facts[line.sku_id, line.source_id]
    return source.time_zone if source.is_place else facts[line.sku_id, line.destination_id].time_zone


def _write(
    header: Posting,
    work: LotWork,
    stamps: Sequence[Stamp],
    balances: Mapping[Pair, Balance],
    effects: Mapping[Pair, Decimal],
    moments: Mapping[Pair, Moments],
) -> Mapping[Pair, Decimal] | None:
    """Header, movements, levels and lot levels in one statement. Gives the changes of `held`, None for a used key."""
    columns = (*_header_columns(header), *_movement_columns(header, work.plan.lines, stamps))
    levels = (
        numbers(balance.level_id for balance in balances.values()),
        numbers(effects[pair] for pair in balances),
        array(moments[pair][1] for pair in balances),
    )
    if work.stands:
        lots = write_columns(work, [stamp.at for stamp in stamps])
        held_now = array(lots.held.get(pair, ZERO) for pair in balances)
        rows, held = WRITE_WITH_LOTS.rows(*columns, *lots.columns, *levels, held_now), lots.held
    else:
        rows, held = WRITE_MOVEMENTS.rows(*columns, *levels), {}
    if not rows:
        return None
    header.pk, header._state.adding = rows[0][0], False
    return held


def _header_columns(header: Posting) -> tuple[Value, ...]:
    return (
        header.key,
        header.kind,
        header.source_type,
        header.source_id,
        header.note,
        header.customer,
        header.posted_by_id,
        header.posted_at,
    )


def _movement_columns(header: Posting, lines: Sequence[MovementLine], stamps: Sequence[Stamp]) -> tuple[str, ...]:
    return (
        numbers(range(1, len(lines) + 1)),
        array(line.kind or header.kind for line in lines),
        numbers(line.sku_id for line in lines),
        numbers(line.source_id for line in lines),
        numbers(line.destination_id for line in lines),
        numbers(line.quantity for line in lines),
        array(line.unit_price for line in lines),
        array(line.reason_id for line in lines),
        array(line.reverses_id for line in lines),
        array(line.lot_id for line in lines),
        array(stamp.at for stamp in stamps),
        array(stamp.day for stamp in stamps),
    )


def _keep_stockouts(
    header: Posting,
    facts: Mapping[Pair, PairFacts],
    balances: Mapping[Pair, Balance],
    effects: Mapping[Pair, Decimal],
    moments: Mapping[Pair, Moments],
    noticed: frozenset[Pair],
) -> None:
    """`effects` are those on what is available; the past of the pairs in `noticed` has changed."""
    crossings, retold = [], []
    for pair, balance in balances.items():
        first, last = moments[pair]
        if first < balance.updated_at or first < last or pair in noticed or facts[pair].begins_after(last):
            # It changes the past, or has a past of its own: the intervals are read from the ledger anew.
            retold.append(pair)
        elif is_crossing(balance.available, balance.available + effects[pair]) and facts[pair].is_listed_on(last):
            crossings.append(Crossing(*pair, last, is_out=effects[pair] < 0))
    note_crossings(crossings)
    rebuild_stockouts_of_pairs(pairs=retold, now=header.posted_at)


def _moments_by_pair(lines: Sequence[MovementLine], stamps: Sequence[Stamp]) -> dict[Pair, Moments]:
    moments: dict[Pair, Moments] = {}
    for line, stamp in zip(lines, stamps, strict=True):
        for pair in ((line.sku_id, line.source_id), (line.sku_id, line.destination_id)):
            first, last = moments.get(pair, (stamp.at, stamp.at))
            moments[pair] = (min(first, stamp.at), max(last, stamp.at))
    return moments
