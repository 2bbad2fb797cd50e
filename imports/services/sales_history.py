"""Writer of sales history: what was sold before the ledger began.

A shop's files seldom have a row for a day without sales, so every day between the first and the last sale of a SKU
at a location counts, with zero where nothing is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from imports.models import ImportStage
from imports.services.context import ImportContext
from imports.services.staging import UNKNOWN_LOCATION, UNKNOWN_SKU, Check, check_all, resolve_lines, stage_listings
from inventory.services.bulk_listings import list_pairs_of
from inventory.services.bulk_steps import run
from inventory.services.demand_history import DayOfDemand, write_demand_history

# The forecast reads two years; a row from long before is more likely a slip than a help.
MOST_DAYS = 1_100
# Days that are written in one statement.
DAYS_AT_ONCE = 20_000

# History ends where the ledger begins: the day on which the SKU was listed there, today at the latest.
BORDERS = """
DROP TABLE IF EXISTS pg_temp.staged_border;
CREATE TEMPORARY TABLE staged_border ON COMMIT DROP AS
SELECT row.line, row.date, row.location_id, row.sku_id,
       (%s::timestamptz AT TIME ZONE row.time_zone)::date AS today, listing.listed_on AS begins,
       max(row.date) OVER (PARTITION BY row.location_id) AS last
FROM staged_line row
LEFT JOIN inventory_listing listing ON listing.sku_id = row.sku_id AND listing.location_id = row.location_id
WHERE row.sku_id IS NOT NULL AND row.location_id IS NOT NULL
"""
DAY_CHECKS = (
    Check("date", "day_in_future", "SELECT line, date::text, '' FROM staged_border WHERE date >= today"),
    Check(
        "date", "day_in_ledger", "SELECT line, date::text, '' FROM staged_border WHERE date < today AND date >= begins"
    ),
    Check(
        "date",
        "day_too_early",
        f"SELECT line, date::text, '{MOST_DAYS}' FROM staged_border "  # noqa: S608  # a number of our own
        f"WHERE date < LEAST(today, COALESCE(begins, today)) AND last - date > {MOST_DAYS}",
    ),
)
# Rows of the same SKU, location and day are summed, as the lines of a till are; those below zero were brought back.
SUMS = """
DROP TABLE IF EXISTS pg_temp.staged_day;
CREATE TEMPORARY TABLE staged_day ON COMMIT DROP AS
SELECT location_id, sku_id, date, sum(quantity) AS sold, sum(COALESCE(lost, 0)) AS lost
FROM staged_line GROUP BY location_id, sku_id, date;
CREATE INDEX ON staged_day (location_id, sku_id);
ANALYZE staged_day
"""
SERIES = """
SELECT location_id, sku_id, min(date), max(max(date)) OVER (PARTITION BY location_id)
FROM staged_day GROUP BY location_id, sku_id ORDER BY location_id, sku_id
"""
DAYS_OF = "SELECT sku_id, date, sold, lost FROM staged_day WHERE location_id = %s AND sku_id = ANY(%s)"


@dataclass(frozen=True)
class Series:
    """The last day is the location's: a SKU without sales until then sold nothing."""

    sku_id: int
    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


def write_staged_sales(context: ImportContext) -> int:
    """Returns of how many days of a SKU the figures changed, and how many SKUs were put on sale."""
    resolve_lines(context)
    check_all([UNKNOWN_SKU, UNKNOWN_LOCATION], context)
    run(BORDERS, [context.now])
    check_all(DAY_CHECKS, context)
    context.errors.refuse_if_any()
    stage_listings("staged_border", context)
    listed = list_pairs_of(
        table="pg_temp.staged_listing", now=context.now, may_begin_earlier=False, may_begin_again=True
    )
    run(SUMS)
    return listed + _write_days(context)


def _write_days(context: ImportContext) -> int:
    found = run(SERIES)
    changed = done = 0
    for location_id, rows in groupby(found, key=lambda row: int(row[0])):
        for batch in _batches(Series(row[1], row[2], row[3]) for row in rows):
            days = _days(location_id, batch)
            changed += write_demand_history(location_id=location_id, days=days, now=context.now)
            done += len(batch)
            context.progress.tell(ImportStage.WRITING, done / len(found))
    return changed


def _batches(series: Iterator[Series]) -> Iterator[list[Series]]:
    batch: list[Series] = []
    for one in series:
        batch.append(one)
        if sum(known.length for known in batch) >= DAYS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _days(location_id: int, batch: list[Series]) -> list[DayOfDemand]:
    rows = run(DAYS_OF, [location_id, [series.sku_id for series in batch]])
    said = {(sku_id, day): (sold, lost) for sku_id, day, sold, lost in rows}
    nothing = (Decimal(0), Decimal(0))
    found = []
    for series in batch:
        for offset in range(series.length):
            day = series.first + timedelta(days=offset)
            sold, lost = said.get((series.sku_id, day), nothing)
            found.append(DayOfDemand(series.sku_id, day, float(sold), float(lost)))
    return found
