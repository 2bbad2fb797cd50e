"""Brings the open emergencies of a place in line with a plan, in sets: one statement each to withdraw, change and
add."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from inventory.models import Location, LocationKind
from orders.domain.by_calendar import Calendars
from orders.domain.decision import Decision
from orders.domain.emergency_ways import EXPRESS, Found, pack_ways
from orders.domain.reasons import pack_lines
from orders.models import Emergency
from orders.selectors.emergency_inputs import find_emergencies
from orders.services.emergency_rows import write_emergencies


def sync_emergencies(
    *,
    location: Location,
    open_ids: Sequence[int],
    decisions: Sequence[Decision],
    as_of: date,
    calendars: Calendars,
) -> None:
    """One open emergency for each need that something meets better than waiting, none for any other; in the plan's
    transaction. `as_of` is the last day that the forecast saw, `calendars` hold the day and the moment; `open_ids` are
    those that are looked at, on which the caller holds the lock: all others stay as they are.

    Only stores have them: a warehouse's customers are those of its stores, where the money is counted.
    """
    if location.kind != LocationKind.STORE:
        return
    found = find_emergencies(location=location, decisions=decisions, as_of=as_of, calendars=calendars)
    quiet = _quiet(location.pk, calendars.today) if found else set()
    wanted = [_fields(row) for row in found if row.sku_id not in quiet]
    write_emergencies(location_id=location.pk, locked=open_ids, found=wanted, now=calendars.now)


def _quiet(location_id: int, today: date) -> set[int]:
    """SKUs of the place of which somebody said to wait until a day that has not come: few, so all are read."""
    told = Emergency.objects.filter(location_id=location_id, quiet_until__gt=today)
    return set(told.values_list("sku_id", flat=True))


def _fields(row: Found) -> dict[str, Any]:
    best = row.best
    return {
        "sku_id": row.sku_id,
        "runs_out_on": row.runs_out_on,
        "relief_on": row.relief_on,
        "kind": best.kind,
        "supplier_id": best.party_id if best.kind == EXPRESS else None,
        "source_id": None if best.kind == EXPRESS else best.party_id,
        "quantity": best.quantity,
        "expected_on": best.arrives_on,
        "stockout_cost": row.waiting.total,
        "saving": row.saving,
        "ways": pack_ways(row.ways),
        "reason": {"lines": pack_lines(row.lines)},
    }
