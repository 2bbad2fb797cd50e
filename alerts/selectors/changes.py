"""Where stock or orders changed since the last look, so that a sale raises its alert without looking at every shop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import AuditEvent
from inventory.models import Location, LotHold, Movement, ReservationEvent, TransferLine
from inventory.models.location import STOCKING_KINDS
from jobs.models import JobShard, JobState
from orders.models import PurchaseOrderLine, ReorderLevel, ReplenishmentProposal
from suppliers.models import SupplierTerms

# Numbers are given before they are committed: what was taken this long ago is certainly there or will never be.
OVERLAP = timedelta(seconds=90)
# More movements than this at once are an import; then whole locations are looked at.
MANY = 100_000


MARKS = ("movement_mark", "audit_mark", "reservation_mark", "hold_mark")
Marks = tuple[int, int, int, int]
_MARKS = """
SELECT COALESCE((SELECT max(id) FROM inventory_movement), 0), COALESCE((SELECT max(id) FROM accounts_auditevent), 0),
       COALESCE((SELECT max(id) FROM inventory_reservationevent), 0),
       COALESCE((SELECT max(id) FROM inventory_lothold), 0)
"""


@dataclass(frozen=True)
class Changes:
    """`skus` per location; None stands for all of them. The marks are where the next look begins."""

    skus: dict[int, list[int] | None]
    movement_mark: int
    audit_mark: int
    reservation_mark: int
    hold_mark: int

    def as_result(self) -> dict[str, Any]:
        """As JSON keeps it; the keys of an object are texts there."""
        places = [{"location_id": number, "sku_ids": ids} for number, ids in sorted(self.skus.items())]
        marks = {name: getattr(self, name) for name in MARKS}
        return {"places": places, **marks}


def changes_since_last_look(*, job: str, step: str, now: datetime) -> Changes:
    """What the look before (long enough ago) has not seen; everything when there was none or there is too much."""
    marks = _marks_now()
    before = _last_marks(job, step, now)
    if before is None or _are_many(before[0], marks[0]):
        return Changes(dict.fromkeys(_all_locations(), None), *marks)
    return Changes(_changed_skus(*before), *marks)


def has_changed(*, job: str, step: str) -> bool:
    """Whether a mark has moved since the newest look. What was committed late is left to the next look by the clock."""
    looks = JobShard.objects.filter(run__job=job, step=step, state=JobState.DONE).order_by("-pk")
    seen = looks.values_list("result", flat=True).first()
    return seen is None or tuple(seen.get(name, 0) for name in MARKS) != _marks_now()


def _marks_now() -> Marks:
    with connection.cursor() as cursor:
        cursor.execute(_MARKS)
        movement, audit, reservation, hold = cursor.fetchone()
    return movement, audit, reservation, hold


def _last_marks(job: str, step: str, now: datetime) -> Marks | None:
    looks = JobShard.objects.filter(
        run__job=job, run__state=JobState.DONE, step=step, state=JobState.DONE, started_at__lt=now - OVERLAP
    )
    result = looks.order_by("-pk").values_list("result", flat=True).first()
    if result is None:
        return None
    # A look of an earlier version knew of no reservations and no lots.
    return (
        result["movement_mark"],
        result["audit_mark"],
        result.get("reservation_mark", 0),
        result.get("hold_mark", 0),
    )


def _are_many(mark: int, last: int) -> bool:
    """Rows are looked at only where the numbers allow for many: loads that were taken back leave gaps in them."""
    return last - mark > MANY and Movement.objects.filter(pk__gt=mark).order_by("pk")[MANY : MANY + 1].exists()


def _all_locations() -> list[int]:
    return list(Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True).values_list("pk", flat=True))


def _changed_skus(
    movement_mark: int, audit_mark: int, reservation_mark: int, hold_mark: int
) -> dict[int, list[int] | None]:
    moved = Movement.objects.filter(pk__gt=movement_mark)
    pairs = set(moved.values_list("source_id", "sku_id").distinct())
    pairs |= set(moved.values_list("destination_id", "sku_id").distinct())
    pairs |= set(_pairs_of_documents(audit_mark))
    held = ReservationEvent.objects.filter(pk__gt=reservation_mark)
    pairs |= set(held.values_list("location_id", "sku_id").distinct())
    # What expired or was quarantined cannot be sold any more, though it has not moved.
    lots = LotHold.objects.filter(pk__gt=hold_mark)
    pairs |= set(lots.values_list("location_id", "sku_id").distinct())
    found: dict[int, list[int] | None] = {number: [] for number in _all_locations()}
    for location_id, sku_id in sorted(pairs):
        skus = found.get(location_id)
        if skus is not None:
            skus.append(sku_id)
    return {number: skus for number, skus in found.items() if skus}


def _pairs_of_documents(audit_mark: int) -> Iterable[tuple[int, int]]:
    """Approving, sending or cancelling an order, or shipping a transfer, changes what is coming, or promised
    away, without a movement; other terms change what is asked for it, so that nobody buys at yesterday's price. A
    proposal that somebody rejects or makes smaller, or that expires, answers its alert no longer."""
    kinds = ["purchase_order", "transfer", "supplier_terms", "proposal"]
    events = AuditEvent.objects.filter(pk__gt=audit_mark, object_type__in=kinds)
    touched = set(events.values_list("object_type", "object_id"))
    orders = [int(number) for kind, number in touched if kind == "purchase_order"]
    transfers = [int(number) for kind, number in touched if kind == "transfer"]
    terms = [int(number) for kind, number in touched if kind == "supplier_terms"]
    proposals = [int(number) for kind, number in touched if kind == "proposal"]
    if terms:
        skus = SupplierTerms.objects.filter(pk__in=terms).values("sku_id")
        yield from ReorderLevel.objects.filter(sku_id__in=skus).values_list("location_id", "sku_id")
    yield from ReplenishmentProposal.objects.filter(pk__in=proposals).values_list("location_id", "sku_id")
    yield from PurchaseOrderLine.objects.filter(order__in=orders).values_list("order__location_id", "sku_id")
    for end in ("transfer__destination_id", "transfer__source_id"):
        yield from TransferLine.objects.filter(transfer__in=transfers).values_list(end, "sku_id")
