"""`reserved` of the levels: changed under their lock, together with its history and the stockouts it makes or ends.

A reservation belongs to its level: whoever changes it holds the level, so that handing over, releasing and expiring
cannot meet. What has expired is settled by the first who locks the level, at the moment at which it expired.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from inventory.array_literals import array
from inventory.domain.days import local_date
from inventory.domain.movements import Balance, Pair
from inventory.domain.reservations import Hold, Outcome, Turn, apply_holds
from inventory.models import Listing, ReservationEvent
from inventory.services.stockouts import Crossing, note_crossings, rebuild_stockouts_of_pairs

# One statement, so that an act that finds something expired pays for one journey more, and one that finds nothing too.
SETTLE = """
WITH due AS (
    SELECT held.id, held.sku_id, held.location_id, held.quantity - held.issued AS remainder, held.expires_at
    FROM inventory_reservation held
    JOIN {pairs} USING (sku_id, location_id)
    WHERE held.state = 'pending' AND held.expires_at <= %s
), closed AS (
    UPDATE inventory_reservation held SET state = 'expired', closed_at = due.expires_at FROM due WHERE held.id = due.id
), told AS (
    INSERT INTO inventory_reservationevent (reservation_id, kind, sku_id, location_id, change, at)
    SELECT id, 'expired', sku_id, location_id, -remainder, expires_at FROM due ORDER BY expires_at, id
), freed AS (
    SELECT sku_id, location_id, sum(remainder) AS quantity, max(expires_at) AS at FROM due GROUP BY sku_id, location_id
), lowered AS (
    UPDATE inventory_stocklevel level
    SET reserved = level.reserved - freed.quantity, updated_at = GREATEST(level.updated_at, freed.at)
    FROM freed WHERE level.sku_id = freed.sku_id AND level.location_id = freed.location_id
)
SELECT sku_id, location_id, -remainder, expires_at FROM due ORDER BY expires_at, id
"""
SETTLE_PAIRS = SETTLE.format(pairs="unnest(%s::bigint[], %s::bigint[]) AS pair (sku_id, location_id)")
CHANGE = """
UPDATE inventory_stocklevel level
SET reserved = level.reserved + change.quantity, updated_at = GREATEST(level.updated_at, change.at)
FROM unnest(%s::bigint[], %s::numeric[], %s::timestamptz[]) AS change (level_id, quantity, at)
WHERE level.id = change.level_id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A hold with what it belongs to; `kind` is one of `ReservationEventKind`."""

    hold: Hold
    kind: str
    reservation_id: int
    posting_id: int | None = None
    user_id: int | None = None


def settle_expired(balances: Mapping[Pair, Balance], now: datetime) -> dict[Pair, Balance]:
    """The locked levels without what has expired by now. Costs nothing while nothing of them is reserved."""
    held = [pair for pair, balance in balances.items() if balance.reserved > 0]
    if not held:
        return dict(balances)
    columns = array(sku for sku, _place in held), array(place for _sku, place in held)
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_PAIRS, [*columns, now])
        holds = [Hold(*row) for row in cursor.fetchall()]
    outcome = apply_holds(balances, holds)
    _keep_stockouts(outcome, now)
    return outcome.balances


def settle_expired_of(table: str, now: datetime) -> None:
    """The same for the locked levels of a table with the columns (sku_id, location_id); the caller tells stockouts."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE.format(pairs=f"{table} pair"), [now])


def change_reserved(
    balances: Mapping[Pair, Balance], told: Sequence[Told], now: datetime, *, is_quiet: bool = False
) -> dict[Pair, Balance]:
    """Writes the holds to the levels and their history; gives the levels as they stand then.

    `is_quiet` leaves the stockouts to the posting that follows at the same moment and takes the same goods away.
    """
    outcome = apply_holds(balances, [row.hold for row in told])
    changed = {row.hold.pair for row in told}
    shift_reserved(
        outcome.balances, {pair: outcome.balances[pair].reserved - balances[pair].reserved for pair in changed}
    )
    if not is_quiet:
        write_history(told)
        _keep_stockouts(outcome, now)
    return outcome.balances


def shift_reserved(balances: Mapping[Pair, Balance], changes: Mapping[Pair, Decimal]) -> None:
    """Adds to `reserved` of locked levels and nothing more. No statement for no changes."""
    if not changes:
        return
    columns = (
        array(balances[pair].level_id for pair in changes),
        array(changes.values()),
        array(balances[pair].updated_at for pair in changes),
    )
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, columns)


def write_history(told: Iterable[Told]) -> None:
    ReservationEvent.objects.bulk_create(
        ReservationEvent(
            reservation_id=row.reservation_id,
            kind=row.kind,
            sku_id=row.hold.sku_id,
            location_id=row.hold.location_id,
            change=row.hold.change,
            at=row.hold.at,
            posting_id=row.posting_id,
            recorded_by_id=row.user_id,
        )
        for row in told
    )


def _keep_stockouts(outcome: Outcome, now: datetime) -> None:
    listed = _listed([turn for turn in outcome.turns if turn.is_out])
    kept = [turn for turn in outcome.turns if not turn.is_out or turn in listed]
    note_crossings([Crossing(*turn.pair, turn.at, turn.is_out) for turn in kept])
    rebuild_stockouts_of_pairs(pairs=outcome.retold, now=now)


def _listed(turns: Sequence[Turn]) -> set[Turn]:
    """Those whose SKU is on sale there on that day; nothing else can be missed."""
    if not turns:
        return set()
    rows = Listing.objects.filter(
        sku_id__in={turn.pair[0] for turn in turns}, location_id__in={turn.pair[1] for turn in turns}
    ).select_related("location")
    listings = {(row.sku_id, row.location_id): row for row in rows}
    return {turn for turn in turns if turn.pair in listings and _is_on_sale(listings[turn.pair], turn.at)}


def _is_on_sale(listing: Listing, at: datetime) -> bool:
    day = local_date(at, listing.location.time_zone)
    return listing.listed_on <= day and (listing.delisted_on is None or day < listing.delisted_on)
