"""The only place that locks rows of the stock. Documents first, then levels: all in one statement, by SKU and location.

Why this cannot deadlock: every writer first inserts the rows that are missing, in that order, while it holds no level;
an insert waits for a rival that inserts the same row. Only then does it lock, in the same order. So nobody waits for a
level while holding a later one. A service that posts twice in one transaction locks the union of its levels first.
`look_and_lock` locks nothing while a row is missing, so that its caller can insert it holding no level. The key of a
posting is written last: who waits for a rival with the same key waits for one that has all its levels already.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from accounts.statements import Statement
from inventory.array_literals import array
from inventory.domain.movements import Balance, Pair
from inventory.models import ClosedDay, Location, Posting, Reason, Sku, StockCount, Style, Transfer
from inventory.models.lot import Lot

# A level that no movement has touched yet.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# What a posting must know of its pairs, and their levels as they stand under our lock: one journey to the database.
# Nothing is locked when a level has to be made first, or when the posting was made before. The lock is a part of its
# own that the rest only reads, so that every level is locked, and in order.
LOOK_AND_LOCK = Statement("""
WITH pair AS MATERIALIZED (
    SELECT pair.sku_id, pair.location_id, sku.code AS sku_code, sku.unit, place.code, place.kind, place.time_zone,
           listing.listed_on, listing.listed_from, listing.delisted_on, sku.is_kit, place.is_active, EXISTS (
               SELECT FROM inventory_stocklevel old
               WHERE old.sku_id = pair.sku_id AND old.location_id = pair.location_id
           ) AS has_level
    FROM unnest($1::bigint[], $2::bigint[]) AS pair (sku_id, location_id)
    LEFT JOIN inventory_sku sku ON sku.id = pair.sku_id
    LEFT JOIN inventory_location place ON place.id = pair.location_id
    LEFT JOIN inventory_listing listing ON listing.sku_id = pair.sku_id AND listing.location_id = pair.location_id
), earlier AS MATERIALIZED (
    SELECT id FROM inventory_posting WHERE key = $3::text
), locked AS MATERIALIZED (
    SELECT level.sku_id, level.location_id, level.id, level.on_hand, level.reserved, level.may_go_negative,
           level.updated_at, level.held, level.is_lot_tracked
    FROM inventory_stocklevel level
    JOIN unnest($1::bigint[], $2::bigint[]) AS pair (sku_id, location_id) USING (sku_id, location_id)
    WHERE NOT EXISTS (SELECT FROM earlier) AND NOT EXISTS (
        SELECT FROM pair WHERE NOT has_level AND kind NOT IN ('supplier', 'customer', 'loss', 'production')
    )
    ORDER BY level.sku_id, level.location_id
    FOR UPDATE OF level
)
SELECT EXISTS (SELECT FROM earlier), pair.sku_id, pair.location_id, pair.sku_code, pair.unit, pair.code, pair.kind,
       pair.time_zone, pair.has_level, pair.listed_on, pair.listed_from, pair.delisted_on, pair.is_kit, pair.is_active,
       locked.id, locked.on_hand, locked.reserved, locked.may_go_negative, locked.updated_at, locked.held,
       locked.is_lot_tracked
FROM pair LEFT JOIN locked USING (sku_id, location_id)
""")
# A place that is being told whether it may go negative is waited for, and read again: the copy cannot be an old one. So
# is a SKU that becomes a kit.
INSERT_MISSING = Statement("""
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, is_lot_tracked, updated_at)
SELECT pair.sku_id, pair.location_id, 0, 0, place.may_go_negative, sku.is_lot_tracked, $1::timestamptz
FROM unnest($2::bigint[], $3::bigint[]) AS pair (sku_id, location_id)
JOIN inventory_sku sku ON sku.id = pair.sku_id
JOIN inventory_location place ON place.id = pair.location_id
ORDER BY pair.sku_id, pair.location_id
FOR SHARE OF place, sku
ON CONFLICT (sku_id, location_id) DO NOTHING
""")
LOCK = Statement("""
SELECT level.sku_id, level.location_id, level.id, level.on_hand, level.reserved, level.may_go_negative,
       level.updated_at, level.held, level.is_lot_tracked
FROM inventory_stocklevel level
JOIN unnest($1::bigint[], $2::bigint[]) AS pair (sku_id, location_id) USING (sku_id, location_id)
ORDER BY level.sku_id, level.location_id
FOR UPDATE OF level
""")
# Lots come after levels. Shared, since many tills sell from one lot; whoever changes a lot waits for them.
LOCK_LOTS = """
WITH standing AS (
    SELECT level.lot_id, level.location_id, level.id, level.on_hand, level.held_since
    FROM inventory_lotlevel level
    JOIN unnest(%s::bigint[], %s::bigint[]) AS pair (sku_id, location_id) USING (sku_id, location_id)
    WHERE level.on_hand <> 0 OR level.may_go_negative OR level.lot_id = ANY(%s::bigint[])
), wanted AS (
    SELECT lot_id FROM standing UNION SELECT unnest(%s::bigint[])
)
SELECT lot.id, lot.sku_id, lot.code, lot.expires_on, lot.quarantined_at, lot.received_at,
       standing.location_id, standing.id, standing.on_hand, standing.held_since
FROM inventory_lot lot
JOIN wanted ON wanted.lot_id = lot.id
LEFT JOIN standing ON standing.lot_id = lot.id
ORDER BY lot.id
FOR SHARE OF lot
"""
INSERT_MISSING_OF_TABLE = """
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, is_lot_tracked, updated_at)
SELECT pair.sku_id, pair.location_id, 0, 0, place.may_go_negative, sku.is_lot_tracked, %s
FROM {table} pair
JOIN inventory_sku sku ON sku.id = pair.sku_id
JOIN inventory_location place ON place.id = pair.location_id
WHERE NOT EXISTS (
    SELECT FROM inventory_stocklevel old WHERE old.sku_id = pair.sku_id AND old.location_id = pair.location_id
)
ORDER BY pair.sku_id, pair.location_id
FOR SHARE OF place, sku
ON CONFLICT (sku_id, location_id) DO NOTHING
"""
LOCK_OF_TABLE = """
SELECT count(*) FROM (
    SELECT level.id FROM inventory_stocklevel level JOIN {table} pair USING (sku_id, location_id)
    ORDER BY level.sku_id, level.location_id
    FOR UPDATE OF level
) locked
"""
LOCK_AT = """
SELECT count(*) FROM (
    SELECT id FROM inventory_stocklevel WHERE location_id = ANY(%s) ORDER BY sku_id, location_id FOR UPDATE
) locked
"""

LOCK_OF_SKU = """
SELECT count(*) FROM (
    SELECT id FROM inventory_stocklevel WHERE sku_id = %s ORDER BY sku_id, location_id FOR UPDATE
) locked
"""


def lock_levels(pairs: Sequence[Pair], *, missing: Iterable[Pair] = ()) -> dict[Pair, Balance]:
    """Locks the levels of real locations and gives them as they stand now. Call it inside a transaction.

    `missing` are the pairs that a look without a lock did not find; they are made before anything is locked.
    """
    absent = list(missing)
    if absent:
        INSERT_MISSING.rows(NEVER, *_columns(absent))
    return {(row[0], row[1]): Balance(*row[2:]) for row in LOCK.rows(*_columns(pairs))}


@dataclass(frozen=True, slots=True)
class Look:
    """`facts` are columns of `PairFacts` by pair; `balances` is empty when a level is missing or the key was used."""

    is_key_used: bool
    facts: dict[Pair, tuple[Any, ...]]
    balances: dict[Pair, Balance]


def look_and_lock(pairs: Sequence[Pair], *, key: str | None) -> Look:
    """Looks at the pairs and locks their levels, unless one of them has to be made first or `key` was used before."""
    rows = LOOK_AND_LOCK.rows(*_columns(pairs), key)
    facts = {(row[1], row[2]): row[3:14] for row in rows}
    balances = {(row[1], row[2]): Balance(*row[14:]) for row in rows if row[14] is not None}
    return Look(rows[0][0], facts, balances)


def _columns(pairs: Sequence[Pair]) -> tuple[str, str]:
    return array(sku for sku, _place in pairs), array(place for _sku, place in pairs)


class LockedLot(NamedTuple):
    """A lot at a location; the last four are None for a lot that stands at none of the places asked for."""

    lot_id: int
    sku_id: int
    code: str
    expires_on: date | None
    quarantined_at: datetime | None
    received_at: datetime
    location_id: int | None
    level_id: int | None
    on_hand: Decimal | None
    held_since: datetime | None


def lock_lots(pairs: Sequence[Pair], named: Collection[int]) -> list[LockedLot]:
    """The lots that stand at these pairs and the ones `named`, kept from changing until we are done; call it when the
    levels of the pairs are locked. A row per lot and location.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_LOTS, (*_columns(pairs), array(named), array(named)))
        return [LockedLot(*row) for row in cursor.fetchall()]


def lock_lot(lot_id: int) -> Lot:
    """A lot for a change of its own, after every level where it stands. Raises `Lot.DoesNotExist`."""
    return Lot.objects.select_for_update().get(pk=lot_id)


def lock_levels_of(table: str) -> int:
    """The same for a temporary table with the columns (sku_id, location_id), for loads of any size. Returns a count."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_MISSING_OF_TABLE.format(table=table), [NEVER])
        cursor.execute(LOCK_OF_TABLE.format(table=table))
        (count,) = cursor.fetchone()
    return int(count)


def lock_levels_at(location_ids: Sequence[int]) -> None:
    """Every level of these locations, for work that must see their whole past stand still."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_AT, [list(location_ids)])


def lock_levels_of_sku(sku_id: int) -> None:
    """Every level of a SKU, for a change of it that depends on all its stock; its card is locked before."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OF_SKU, [sku_id])


def lock_posting(posting_id: int) -> Posting:
    """Makes a second reversal wait, and then see the first. Raises `Posting.DoesNotExist`."""
    return Posting.objects.select_for_update().get(pk=posting_id)


def lock_transfer(transfer_id: int) -> Transfer:
    """Makes a second act on the same transfer wait, and then see the first. Raises `Transfer.DoesNotExist`."""
    return Transfer.objects.select_for_update().get(pk=transfer_id)


def lock_stock_count(count_id: int) -> StockCount:
    """Makes entries and decisions on the same count wait for each other. Raises `StockCount.DoesNotExist`."""
    return StockCount.objects.select_for_update().get(pk=count_id)


def lock_sku(sku_id: int) -> Sku:
    """The card of a SKU, for a change that depends on what stands there. Raises `Sku.DoesNotExist`."""
    return Sku.objects.select_for_update().get(pk=sku_id)


def lock_style(style_id: int) -> Style:
    """A style with its axes and variants, for a change that depends on them. Raises `Style.DoesNotExist`."""
    return Style.objects.select_for_update().get(pk=style_id)


def lock_reasons() -> list[Reason]:
    """All reasons, so that names stay different and one of them stays active."""
    return list(Reason.objects.select_for_update().order_by("pk"))


def lock_location(location_id: int) -> Location:
    """A place, for a change of its card or of the bins in it. Raises `Location.DoesNotExist`."""
    return Location.objects.select_for_update(of=("self",)).get(pk=location_id)


def lock_rules_of_place(location_id: int) -> Location:
    """A place, for a change of what its levels copy; levels are locked after it. A posting that holds levels may still
    point at the place, but makes no new level there meanwhile. Raises `Location.DoesNotExist`.
    """
    return Location.objects.select_for_update(no_key=True, of=("self",)).get(pk=location_id)


def lock_rules_of_bins(location_id: int) -> list[int]:
    """The bins inside a place that is locked so, at any depth. Whoever makes a bin locks the place that it is made in,
    so once a row of bins is locked, those inside them are all there are.
    """
    found: list[int] = []
    parents = [location_id]
    while parents:
        rows = Location.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
        parents = list(
            rows.filter(parent__in=parents).exclude(pk__in=[location_id, *found]).values_list("pk", flat=True)
        )
        found += parents
    return found


def lock_closed_day(location_id: int) -> ClosedDay:
    """Makes a second closing of the same location wait. Raises `ClosedDay.DoesNotExist`."""
    return ClosedDay.objects.select_for_update().get(location_id=location_id)


def lock_closed_days(location_ids: Iterable[int]) -> list[ClosedDay]:
    """Those of several locations, in order."""
    rows = ClosedDay.objects.select_for_update().filter(location_id__in=set(location_ids))
    return list(rows.order_by("location_id"))


def lock_skus(sku_ids: Iterable[int]) -> dict[int, Sku]:
    """The cards of several SKUs, by id, locked in the order of their ids; one that does not exist is missing.

    A posting that holds levels may still point at the card, so that levels may be locked after it.
    """
    rows = Sku.objects.select_for_update(no_key=True).filter(pk__in=set(sku_ids)).order_by("pk")
    return {sku.pk: sku for sku in rows}
