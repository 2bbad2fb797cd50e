"""Brings the open emergencies of a place in line with a plan, in sets: one statement each to withdraw, change and
add."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from inventory.models import Location, LocationKind
from orders.domain.emergency_ways import EXPRESS, Found, pack_ways
from orders.domain.plan import Decision
from orders.domain.reasons import pack_lines
from orders.locks import lock_open_emergencies
from orders.models import Emergency, EmergencyState
from orders.selectors.emergency_inputs import find_emergencies

FIELDS = (
    "runs_out_on", "relief_on", "kind", "supplier_id", "source_id", "quantity", "expected_on", "stockout_cost",
    "saving", "ways", "reason",
)  # fmt: skip
WRITTEN = [*(name.removesuffix("_id") for name in FIELDS), "updated_at"]


def sync_emergencies(
    *,
    location: Location,
    decisions: Sequence[Decision],
    as_of: date,
    today: date,
    now: datetime,
    sku_ids: Collection[int] | None,
) -> None:
    """One open emergency for each need that something meets better than waiting, none for any other; in the plan's
    transaction. `as_of` is the last day that the forecast saw; of a plan of some `sku_ids` all others stay as they are.

    Only stores have them: a warehouse's customers are those of its stores, where the money is counted.
    """
    if location.kind != LocationKind.STORE:
        return
    found = find_emergencies(location=location, decisions=decisions, as_of=as_of, today=today)
    quiet = _quiet(location.pk, [row.sku_id for row in found], today)
    wanted = {row.sku_id: _fields(row) for row in found if row.sku_id not in quiet}
    there = lock_open_emergencies(location.pk, sku_ids)
    gone = [row.pk for row in there if row.sku_id not in wanted]
    changed = [row for row in there if row.sku_id in wanted and _refresh(row, wanted[row.sku_id], now)]
    known = {row.sku_id for row in there}
    added = [
        Emergency(location=location, sku_id=sku_id, created_at=now, updated_at=now, **fields)
        for sku_id, fields in wanted.items()
        if sku_id not in known
    ]
    if gone:
        Emergency.objects.filter(pk__in=gone).update(state=EmergencyState.WITHDRAWN, decided_at=now, updated_at=now)
    if changed:
        Emergency.objects.bulk_update(changed, WRITTEN)
    if added:
        Emergency.objects.bulk_create(added)


def _quiet(location_id: int, sku_ids: Collection[int], today: date) -> set[int]:
    """SKUs of which somebody said to wait until a day that has not come."""
    if not sku_ids:
        return set()
    told = Emergency.objects.filter(location_id=location_id, sku_id__in=sku_ids, quiet_until__gt=today)
    return set(told.values_list("sku_id", flat=True))


def _fields(row: Found) -> dict[str, Any]:
    best = row.best
    return {
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


def _refresh(row: Emergency, fields: dict[str, Any], now: datetime) -> bool:
    """Brings an open one up to date; False when there was nothing to change."""
    if all(getattr(row, name) == fields[name] for name in FIELDS):
        return False
    for name in FIELDS:
        setattr(row, name, fields[name])
    row.updated_at = now
    return True
