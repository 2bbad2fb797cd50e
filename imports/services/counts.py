"""Writer of counts: what was found on the shelves sets the levels, with everything sold since reckoned in."""

from typing import Any

from accounts.errors import DomainError
from imports.domain.errors import CellError
from imports.domain.kinds import COUNTS
from imports.models import ImportStage
from imports.services.context import ImportContext
from imports.services.staging import (
    NOT_WHOLE,
    UNKNOWN_LOCATION,
    UNKNOWN_SKU,
    Check,
    check_all,
    doubled,
    resolve_lines,
)
from inventory.models import Location
from inventory.services.bulk_steps import run
from inventory.services.counts import Counted, correct_count
from inventory.services.posting import MAX_LINES

# A day without a time is its evening: what was there when the shop closed.
MOMENTS = """
ALTER TABLE staged_line ADD COLUMN at timestamptz;
UPDATE staged_line SET at = CASE
    WHEN length(counted_at) = 10
    THEN LEAST((counted_at::date + 1)::timestamp AT TIME ZONE time_zone - interval '1 second', %(now)s)
    WHEN counted_at ~ '[+-][0-9]{2}:[0-9]{2}$' THEN counted_at::timestamptz
    ELSE counted_at::timestamp AT TIME ZONE time_zone END
WHERE counted_at IS NOT NULL
"""
IN_FUTURE = """
SELECT line, counted_at, '' FROM staged_line
WHERE at > %s OR length(counted_at) = 10 AND counted_at::date > (%s::timestamptz AT TIME ZONE time_zone)::date
"""
PLACES = "SELECT DISTINCT location_id FROM staged_line ORDER BY location_id"
ROWS = """
SELECT line, sku_id, quantity, at FROM staged_line WHERE location_id = %s AND sku_id > %s ORDER BY sku_id LIMIT %s
"""


def write_staged_counts(context: ImportContext) -> int:
    """Returns how many levels were corrected."""
    resolve_lines(context)
    check_all([doubled(COUNTS), UNKNOWN_SKU, UNKNOWN_LOCATION, NOT_WHOLE], context)
    run(MOMENTS, {"now": context.now})
    check_all([Check("counted_at", "moment_in_future", IN_FUTURE, (context.now, context.now))], context)
    context.errors.refuse_if_any()
    places = Location.objects.in_bulk([row[0] for row in run(PLACES)])
    changed = 0
    for number, place in enumerate(places.values()):
        context.progress.tell(ImportStage.WRITING, number / len(places))
        changed += _count_place(place, context)
    context.errors.refuse_if_any()
    return changed


def _count_place(place: Location, context: ImportContext) -> int:
    """As many lines at a time as a posting takes."""
    changed = last = number = 0
    while rows := run(ROWS, [place.pk, last, MAX_LINES]):
        last, number = rows[-1][1], number + 1
        changed += _correct(place, rows, f"import/{context.sha256[:24]}/{place.pk}/{number}", context)
    return changed


def _correct(place: Location, rows: list[tuple[Any, ...]], key: str, context: ImportContext) -> int:
    counts = [Counted(sku_id, quantity, at) for _line, sku_id, quantity, at in rows]
    try:
        posting = correct_count(
            location=place, counts=counts, key=key, user=context.user, now=context.now, note="import"
        )
    except DomainError as error:
        # What sold meanwhile says which SKU; of the rest only the sentence is known.
        skus = {str(row.get("sku")) for row in error.details}
        lines = run("SELECT line FROM staged_line WHERE sku = ANY(%s) AND location_id = %s", [list(skus), place.pk])
        for (line,) in lines or [(1,)]:
            context.errors.add(CellError(line, "quantity", "refused", hint=str(error)))
        return 0
    return posting.movements.count() if posting else 0
