"""The only place that locks rows of the stock. Documents first, then levels: all in one statement, by SKU and location.

Why this cannot deadlock: every writer first inserts the rows that are missing, in that order, while it holds no level;
an insert waits for a rival that inserts the same row. Only then does it lock, in the same order. So nobody waits for a
level while holding a later one. A service that posts twice in one transaction locks the union of its levels first.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import connection

from inventory.array_literals import array
from inventory.domain.movements import Balance, Pair
from inventory.models import ClosedDay, Location, Posting, Reason, Sku, StockCount, Style, Transfer

# A level that no movement has touched yet.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

INSERT_MISSING = """
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, updated_at)
SELECT pair.sku_id, pair.location_id, 0, 0, place.may_go_negative, %s
FROM unnest(%s::bigint[], %s::bigint[]) AS pair (sku_id, location_id)
JOIN inventory_location place ON place.id = pair.location_id
ORDER BY pair.sku_id, pair.location_id
ON CONFLICT (sku_id, location_id) DO NOTHING
"""
LOCK = """
SELECT level.sku_id, level.location_id, level.id, level.on_hand, level.reserved, level.may_go_negative, level.updated_at
FROM inventory_stocklevel level
JOIN unnest(%s::bigint[], %s::bigint[]) AS pair (sku_id, location_id) USING (sku_id, location_id)
ORDER BY level.sku_id, level.location_id
FOR UPDATE OF level
"""
INSERT_MISSING_OF_TABLE = """
INSERT INTO inventory_stocklevel (sku_id, location_id, on_hand, reserved, may_go_negative, updated_at)
SELECT pair.sku_id, pair.location_id, 0, 0, place.may_go_negative, %s
FROM {table} pair
JOIN inventory_location place ON place.id = pair.location_id
WHERE NOT EXISTS (
    SELECT FROM inventory_stocklevel old WHERE old.sku_id = pair.sku_id AND old.location_id = pair.location_id
)
ORDER BY pair.sku_id, pair.location_id
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


def lock_levels(pairs: Sequence[Pair], *, missing: Iterable[Pair] = ()) -> dict[Pair, Balance]:
    """Locks the levels of real locations and gives them as they stand now. Call it inside a transaction.

    `missing` are the pairs that a look without a lock did not find; they are made before anything is locked.
    """
    absent = list(missing)
    with connection.cursor() as cursor:
        if absent:
            cursor.execute(INSERT_MISSING, (NEVER, *_columns(absent)))
        cursor.execute(LOCK, _columns(pairs))
        return {(row[0], row[1]): Balance(*row[2:]) for row in cursor.fetchall()}


def _columns(pairs: Sequence[Pair]) -> tuple[str, str]:
    return array(sku for sku, _place in pairs), array(place for _sku, place in pairs)


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


def lock_closed_day(location_id: int) -> ClosedDay:
    """Makes a second closing of the same location wait. Raises `ClosedDay.DoesNotExist`."""
    return ClosedDay.objects.select_for_update().get(location_id=location_id)
