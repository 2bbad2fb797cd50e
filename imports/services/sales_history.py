"""Writer of sales history: what was sold before the ledger began.

A shop's files seldom have a row for a day without sales, so every day between the first and the last sale of a SKU
at a location counts,
with zero where nothing is said.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from imports.domain.columns import ParsedRow
from imports.domain.errors import CellError
from imports.services.context import ImportContext
from imports.services.stock import list_pairs
from inventory.domain.days import local_date
from inventory.models import Listing, Location, Sku
from inventory.services.demand_history import DayOfDemand, write_demand_history

# The forecast reads two years; a row from long before is more likely a slip than a help.
MOST_DAYS = 1_100

Pair = tuple[int, int]
Sums = dict[Pair, dict[date, tuple[Decimal, Decimal]]]


def write_sales(rows: list[ParsedRow], context: ImportContext) -> int:
    """Rows of the same SKU, location and day are summed, as the lines of a till are."""
    skus = context.resolve(Sku, rows, "sku")
    places = context.resolve_locations(rows)
    context.errors.refuse_if_any()
    _check_days(rows, skus, places, context)
    context.errors.refuse_if_any()
    sums = _sum(rows, skus, places)
    listed = list_pairs({pair: _today(pair, places, context) for pair in sums}, context, only_new=True)
    changed = sum(
        write_demand_history(
            location_id=place.pk, days=_days_at(place, sums, last_days(rows)[place.code]), now=context.now
        )
        for place in places.values()
    )
    return changed + listed


def last_days(rows: list[ParsedRow]) -> dict[str, date]:
    """The last day that the file knows of each location: a SKU without sales until then sold nothing."""
    found: dict[str, date] = {}
    for row in rows:
        code, day = row.values["location"], row.values["date"]
        found[code] = max(found.get(code, day), day)
    return found


def _check_days(
    rows: list[ParsedRow], skus: dict[str, int], places: dict[str, Location], context: ImportContext
) -> None:
    """History ends where the ledger begins: the day on which the SKU was listed there, today at the latest."""
    found = Listing.objects.filter(location__in=places.values(), sku__in=skus.values())
    listed = {(sku, place): day for sku, place, day in found.values_list("sku_id", "location_id", "listed_on")}
    lasts = last_days(rows)
    today = {code: local_date(context.now, place.time_zone) for code, place in places.items()}
    for row in rows:
        code, day = row.values["location"], row.values["date"]
        begins = listed.get((skus[row.values["sku"]], places[code].pk), today[code])
        if day >= today[code]:
            context.errors.add(CellError(row.number, "date", "day_in_future", day.isoformat()))
        elif day >= begins:
            context.errors.add(CellError(row.number, "date", "day_in_ledger", day.isoformat()))
        elif (lasts[code] - day).days > MOST_DAYS:
            context.errors.add(CellError(row.number, "date", "day_too_early", day.isoformat(), str(MOST_DAYS)))


def _sum(rows: list[ParsedRow], skus: dict[str, int], places: dict[str, Location]) -> Sums:
    sums: Sums = defaultdict(dict)
    for row in rows:
        days = sums[skus[row.values["sku"]], places[row.values["location"]].pk]
        sold, lost = days.get(row.values["date"], (Decimal(0), Decimal(0)))
        days[row.values["date"]] = (sold + row.values["quantity"], lost + (row.values["lost"] or Decimal(0)))
    return sums


def _days_at(place: Location, sums: Sums, last: date) -> list[DayOfDemand]:
    found: list[DayOfDemand] = []
    for (sku_id, location_id), days in sums.items():
        if location_id != place.pk:
            continue
        first = min(days)
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            sold, lost = days.get(day, (Decimal(0), Decimal(0)))
            found.append(DayOfDemand(sku_id, day, float(sold), float(lost)))
    return found


def _today(pair: Pair, places: dict[str, Location], context: ImportContext) -> date:
    zone = next(place.time_zone for place in places.values() if place.pk == pair[1])
    return local_date(context.now, zone)
