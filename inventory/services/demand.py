"""Closing days: what was sold, what was lost and how long the shelf was full, per SKU and day, written into blocks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q

from inventory.domain.blocks import block_start, days_between
from inventory.domain.days import instant
from inventory.locks import lock_closed_day, lock_levels
from inventory.models import NEVER, ClosedDay, DemandBlock, Listing, Location
from inventory.models.demand import CLOSES_AT_HOUR, OPENS_AT_HOUR, UNLISTED_SHARE
from inventory.selectors.places import counterpart_ids
from inventory.services.reservations import expire_due
from inventory.services.stockouts import rebuild_stockouts_of_pairs

# Sales that a till sends late change days that were closed before; so many of them are closed again each time.
REOPENED_DAYS = 7

# A sale that was reversed never was, whenever the reversal came; so reversals are no rows of their own here.
# What a warehouse ships to our own places is no demand: its plan adds up what the customers of those places ask for.
# Days before a listing began are not the ledger's to tell: they keep the history that was imported for them.
CLOSE = """
WITH day AS (
    SELECT * FROM unnest(%(days)s::date[], %(blocks)s::date[], %(opens)s::timestamptz[], %(closes)s::timestamptz[])
        AS day (on_day, block, opens_at, closes_at)
), series AS (
    SELECT sku_id, listed_on, COALESCE(listed_from, '00:00') AS listed_from,
           COALESCE(delisted_on, 'infinity'::date) AS delisted_on FROM inventory_listing
    WHERE location_id = %(location)s AND listed_on <= %(last)s AND COALESCE(delisted_on, 'infinity') > %(first)s
), moved AS (
    SELECT sku_id, business_date AS on_day,
           sum(CASE WHEN source_id = %(location)s THEN quantity ELSE -quantity END) AS quantity
    FROM inventory_movement moved
    WHERE business_date BETWEEN %(first)s AND %(last)s AND kind <> 'reversal'
      AND (source_id = %(location)s AND destination_id = %(customers)s
           OR source_id = %(customers)s AND destination_id = %(location)s)
      AND NOT EXISTS (SELECT FROM inventory_movement undo WHERE undo.reverses_id = moved.id)
    GROUP BY sku_id, business_date
), lost AS (
    SELECT sku_id, business_date AS on_day, sum(quantity) AS quantity FROM inventory_lostsale
    WHERE location_id = %(location)s AND business_date BETWEEN %(first)s AND %(last)s
    GROUP BY sku_id, business_date
), empty AS (
    SELECT event.sku_id, day.on_day,
           sum(EXTRACT(epoch FROM LEAST(event.ended_at, day.closes_at) - GREATEST(event.started_at, day.opens_at)))
               / EXTRACT(epoch FROM day.closes_at - day.opens_at) AS share
    FROM inventory_stockoutevent event
    JOIN day ON event.started_at < day.closes_at AND COALESCE(event.ended_at, 'infinity') > day.opens_at
    WHERE event.location_id = %(location)s AND day.closes_at > day.opens_at
    GROUP BY event.sku_id, day.on_day, day.opens_at, day.closes_at
), cell AS (
    SELECT series.sku_id, day.block, day.on_day,
           CASE WHEN is_ours THEN COALESCE(moved.quantity, 0) ELSE COALESCE(past.sold[place], 0) END::real AS sold,
           CASE WHEN is_ours THEN COALESCE(lost.quantity, 0) ELSE COALESCE(past.lost[place], 0) END::real AS lost,
           CASE WHEN NOT is_ours THEN COALESCE(past.in_stock[place], 0)
                WHEN day.on_day < series.delisted_on AND day.closes_at > day.opens_at
                THEN GREATEST(1 - COALESCE(empty.share, 0) - CASE WHEN day.on_day = series.listed_on
                     THEN {unlisted} ELSE 0 END, 0) ELSE 0 END::real AS in_stock
    FROM series CROSS JOIN day
    CROSS JOIN LATERAL (SELECT day.on_day >= series.listed_on AS is_ours, day.on_day - day.block + 1 AS place) AS told
    LEFT JOIN moved USING (sku_id, on_day)
    LEFT JOIN lost USING (sku_id, on_day)
    LEFT JOIN empty USING (sku_id, on_day)
    LEFT JOIN inventory_demandblock past
        ON past.location_id = %(location)s AND past.sku_id = series.sku_id AND past.starts_on = day.block
)
INSERT INTO inventory_demandblock AS old (location_id, sku_id, starts_on, sold, lost, in_stock)
SELECT %(location)s, sku_id, block,
       array_fill(0::real, ARRAY[min(on_day) - block]) || array_agg(sold ORDER BY on_day),
       array_fill(0::real, ARRAY[min(on_day) - block]) || array_agg(lost ORDER BY on_day),
       array_fill(0::real, ARRAY[min(on_day) - block]) || array_agg(in_stock ORDER BY on_day)
FROM cell GROUP BY sku_id, block ORDER BY sku_id, block
ON CONFLICT (location_id, sku_id, starts_on) DO UPDATE SET
    sold = {kept_sold} || EXCLUDED.sold[{kept} + 1:],
    lost = {kept_lost} || EXCLUDED.lost[{kept} + 1:],
    in_stock = {kept_in_stock} || EXCLUDED.in_stock[{kept} + 1:]
"""
# Days of the first block that lie before the range stay as they are; a series with a gap there is filled with zeros.
KEPT_DAYS = "(CASE WHEN old.starts_on = %(first_block)s THEN %(kept)s ELSE 0 END)"
KEPT = f"(old.{{column}} || array_fill(0::real, ARRAY[{KEPT_DAYS}]))[1:{KEPT_DAYS}]"
CLOSE_STATEMENT = CLOSE.format(
    kept=KEPT_DAYS,
    unlisted=UNLISTED_SHARE,
    **{f"kept_{column}": KEPT.format(column=column) for column in ("sold", "lost", "in_stock")},
)


@dataclass(frozen=True)
class Closed:
    """The days that were written, both included, and how many blocks they touched."""

    first_day: date
    last_day: date
    block_count: int


def close_days(*, location_id: int, through: date, now: datetime, since: date | None = None) -> Closed | None:
    """Writes the demand of every listed SKU there, from the last closed day on through `through`.

    The last `REOPENED_DAYS` closed days, days of series that are new, and days from `since` on are written again.
    Running it again gives the same. None when nothing is listed there yet.
    """
    location = Location.objects.get(pk=location_id)
    # What expired during the day was available from then on, whether somebody has noticed or not.
    expire_due(now=now)
    with transaction.atomic():
        _tell_new_listings(location_id, through, now)
    with transaction.atomic():
        closed = _lock_closed_day(location_id, now)
        first, last = _range(location_id, closed, through, since)
        if first is None or first > last:
            return None
        count = _write(location, first, last)
        closed.closed_through, closed.closed_at = last, now
        if closed.priced_through is not None:
            # What changed the demand of these days may have changed what was paid on them.
            closed.priced_through = min(closed.priced_through, first - timedelta(days=1))
        closed.save(update_fields=["closed_through", "closed_at", "priced_through"])
    return Closed(first, last, count)


def _tell_new_listings(location_id: int, through: date, now: datetime) -> None:
    """A listing that began or ended lately opens or ends an interval without any movement."""
    since = through - timedelta(days=REOPENED_DAYS)
    recent = Listing.objects.filter(Q(listed_on__gte=since) | Q(delisted_on__gte=since), location_id=location_id)
    pairs = sorted((sku_id, location_id) for sku_id in recent.values_list("sku_id", flat=True))
    if pairs:
        lock_levels(pairs, missing=pairs)
        rebuild_stockouts_of_pairs(pairs=pairs, now=now)


def _lock_closed_day(location_id: int, now: datetime) -> ClosedDay:
    """The row that makes a second closing of the same location wait."""
    blank = ClosedDay(location_id=location_id, closed_through=NEVER, closed_at=now)
    ClosedDay.objects.bulk_create([blank], ignore_conflicts=True)
    return lock_closed_day(location_id)


def _range(location_id: int, closed: ClosedDay, through: date, since: date | None) -> tuple[date | None, date]:
    """First and last day to write; a series without any block is written from its first day on."""
    is_first = closed.closed_through == NEVER
    last = through if is_first else max(through, closed.closed_through)
    blocks = DemandBlock.objects.filter(location_id=location_id, sku_id=OuterRef("sku_id"))
    # NOT IN would look through a list of all blocks for each listing as soon as that list outgrows work_mem.
    new = Listing.objects.filter(~Exists(blocks), location_id=location_id, listed_on__lte=last)
    starts = [new.aggregate(day=Min("listed_on"))["day"], since]
    if not is_first:
        starts.append(min(closed.closed_through, last) - timedelta(days=REOPENED_DAYS - 1))
    return min((day for day in starts if day is not None), default=None), last


def _write(location: Location, first: date, last: date) -> int:
    days = days_between(first, last)
    arguments: dict[str, Any] = {
        "location": location.pk,
        "customers": counterpart_ids()["customer"],
        "first": first,
        "last": last,
        "days": days,
        "blocks": [block_start(day) for day in days],
        "opens": [instant(day, OPENS_AT_HOUR, location.time_zone) for day in days],
        "closes": [instant(day, CLOSES_AT_HOUR, location.time_zone) for day in days],
        "first_block": block_start(first),
        "kept": (first - block_start(first)).days,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_STATEMENT, arguments)
        return int(cursor.rowcount)
