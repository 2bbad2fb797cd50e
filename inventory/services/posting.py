"""The one door through which stock moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.array_literals import array
from inventory.domain.days import local_date
from inventory.domain.movements import (
    Balance,
    MovementLine,
    Pair,
    distinct_pairs,
    find_shortages,
    net_effects,
    plain,
)
from inventory.errors import KeyAlreadyUsed, OutOfStock
from inventory.locks import lock_levels
from inventory.models import Posting
from inventory.services.posting_checks import PairFacts, check_lines, check_skus_and_places, open_posting
from inventory.services.stockouts import Crossing, is_crossing, note_crossings, rebuild_stockouts_of_pairs

__all__ = ["MAX_LINES", "MovementLine", "post_movements"]

MAX_LINES = 10_000
# Within this much, a moment before the last movement is only the wait for a lock, or a clock being set.
CLOCK_SLACK = timedelta(minutes=1)

WRITE = """
WITH moved AS (
    INSERT INTO inventory_movement (
        posting_id, line, kind, sku_id, source_id, destination_id, quantity, unit_price, reason_id, reverses_id,
        occurred_at, business_date
    )
    SELECT %s, line.*
    FROM unnest(
        %s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::bigint[],
        %s::bigint[], %s::timestamptz[], %s::date[]
    ) AS line
)
UPDATE inventory_stocklevel level
SET on_hand = level.on_hand + change.quantity, updated_at = GREATEST(level.updated_at, change.at)
FROM unnest(%s::bigint[], %s::numeric[], %s::timestamptz[]) AS change (level_id, quantity, at)
WHERE level.id = change.level_id
"""


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
) -> Posting:
    """Posts 1 to `MAX_LINES` movements, whole or not at all, in a number of statements that does not depend on theirs.

    A repeat with the same `key` returns the first posting. Raises `OutOfStock` (a row per offending line),
    `InvalidLines`, or `KeyAlreadyUsed` when the key belongs to another content.
    """
    _check_count(lines)
    header = Posting(
        key=key, kind=kind, source_type=source_type, source_id=source_id, note=note, posted_by=posted_by, posted_at=now
    )
    check_lines(lines, now)
    pairs = distinct_pairs(lines)
    with transaction.atomic():
        facts = open_posting(header, pairs)
        if facts is None:
            return _first_posting(header, lines)
        _move(header, lines, facts, now)
    return header


def _check_count(lines: Sequence[MovementLine]) -> None:
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(_("A posting takes 1 to %(most)d lines.") % {"most": MAX_LINES})


def _move(header: Posting, lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], now: datetime) -> None:
    check_skus_and_places(lines, facts)
    real = sorted(pair for pair, fact in facts.items() if not fact.is_virtual)
    balances = lock_levels(real, missing=[pair for pair in real if not facts[pair].level_exists])
    _refuse_shortages(lines, facts, balances)
    stamps = _stamp(lines, facts, balances, now)
    effects, moments = net_effects(lines), _moments_by_pair(lines, stamps)
    _write(header, lines, stamps, balances, effects, moments)
    _keep_stockouts(header, facts, balances, effects, moments)


def _refuse_shortages(
    lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], balances: Mapping[Pair, Balance]
) -> None:
    shortages = find_shortages(lines, balances)
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


def _stamp(
    lines: Sequence[MovementLine], facts: Mapping[Pair, PairFacts], balances: Mapping[Pair, Balance], now: datetime
) -> list[Stamp]:
    """Gives lines without a moment of their own one that is not before the last movement of a level they touch."""
    latest = max((balance.updated_at for balance in balances.values()), default=now)
    moment = latest if now < latest <= now + CLOCK_SLACK else now
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
    lines: Sequence[MovementLine],
    stamps: Sequence[Stamp],
    balances: Mapping[Pair, Balance],
    effects: Mapping[Pair, Decimal],
    moments: Mapping[Pair, Moments],
) -> None:
    """Movements and levels in one statement."""
    columns = (
        array(range(1, len(lines) + 1)),
        array(line.kind or header.kind for line in lines),
        array(line.sku_id for line in lines),
        array(line.source_id for line in lines),
        array(line.destination_id for line in lines),
        array(line.quantity for line in lines),
        array(line.unit_price for line in lines),
        array(line.reason_id for line in lines),
        array(line.reverses_id for line in lines),
        array(stamp.at for stamp in stamps),
        array(stamp.day for stamp in stamps),
        array(balance.level_id for balance in balances.values()),
        array(effects[pair] for pair in balances),
        array(moments[pair][1] for pair in balances),
    )
    with connection.cursor() as cursor:
        cursor.execute(WRITE, (header.pk, *columns))


def _keep_stockouts(
    header: Posting,
    facts: Mapping[Pair, PairFacts],
    balances: Mapping[Pair, Balance],
    effects: Mapping[Pair, Decimal],
    moments: Mapping[Pair, Moments],
) -> None:
    crossings, retold = [], []
    for pair, balance in balances.items():
        first, last = moments[pair]
        if first < balance.updated_at or first < last:
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


def _first_posting(repeat: Posting, lines: Sequence[MovementLine]) -> Posting:
    """The posting that this key made, if it says the same."""
    first = Posting.objects.get(key=repeat.key)
    if first.kind != repeat.kind or not _same_content(first, lines):
        raise KeyAlreadyUsed(
            _("The key %(key)s was used for another posting. Send a new key, or the same lines.") % {"key": repeat.key}
        )
    return first


def _same_content(first: Posting, lines: Sequence[MovementLine]) -> bool:
    rows = first.movements.order_by("line").values_list(
        "sku_id", "source_id", "destination_id", "quantity", "unit_price", "reason_id", "reverses_id", "occurred_at"
    )
    stored = list(rows)
    return len(stored) == len(lines) and all(
        row[:7] == _content(line) and line.occurred_at in (None, row[7])
        for row, line in zip(stored, lines, strict=True)
    )


def _content(line: MovementLine) -> tuple[int, int, int, Decimal, Decimal | None, int | None, int | None]:
    return (
        line.sku_id,
        line.source_id,
        line.destination_id,
        line.quantity,
        line.unit_price,
        line.reason_id,
        line.reverses_id,
    )
