"""What of the lots may not be sold: quarantine by a person, expiry by the calendar."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.array_literals import array
from inventory.domain.movements import Pair
from inventory.locks import lock_levels, lock_lot
from inventory.models import Lot, LotLevel, LotStatus
from inventory.services.stockouts import rebuild_stockouts_of_pairs

OBJECT = "lot"
MAX_REASON = 300
TRIES = 5
EVER = datetime(1970, 1, 1, tzinfo=UTC)

# Brings what is held at some places in line with the lots there. A lot is held from its quarantine or the end of its
# last day on, whichever comes first, but never from before `not_before`; it is free again now.
REFRESH = """
WITH stand AS (
    SELECT level.id, level.lot_id, level.sku_id, level.location_id, level.on_hand, level.held_since,
           LEAST(lot.quarantined_at, CASE WHEN ends.at <= %(now)s THEN ends.at END) AS since
    FROM inventory_lotlevel level
    JOIN unnest(%(skus)s::bigint[], %(places)s::bigint[]) AS pair (sku_id, location_id) USING (sku_id, location_id)
    JOIN inventory_lot lot ON lot.id = level.lot_id
    JOIN inventory_location place ON place.id = level.location_id
    CROSS JOIN LATERAL (SELECT (lot.expires_on + 1)::timestamp AT TIME ZONE place.time_zone AS at) ends
), turned AS (
    SELECT stand.*, CASE WHEN since IS NULL THEN NULL ELSE GREATEST(since, %(not_before)s) END AS held_from,
           CASE WHEN since IS NULL THEN -on_hand ELSE on_hand END AS change,
           CASE WHEN since IS NULL THEN %(now)s ELSE GREATEST(since, %(not_before)s) END AS at
    FROM stand WHERE (since IS NULL) <> (held_since IS NULL)
), marked AS (
    UPDATE inventory_lotlevel level SET held_since = turned.held_from FROM turned WHERE level.id = turned.id
), told AS (
    INSERT INTO inventory_lothold (lot_id, sku_id, location_id, change, at, recorded_by_id)
    SELECT lot_id, sku_id, location_id, change, at, %(user)s FROM turned WHERE change <> 0
), summed AS (
    SELECT sku_id, location_id, sum(change) AS change FROM turned GROUP BY sku_id, location_id
)
UPDATE inventory_stocklevel level SET held = level.held + summed.change
FROM summed WHERE level.sku_id = summed.sku_id AND level.location_id = summed.location_id
RETURNING level.sku_id, level.location_id
"""
DUE = """
SELECT DISTINCT level.sku_id, level.location_id
FROM inventory_lot lot
JOIN inventory_lotlevel level ON level.lot_id = lot.id
JOIN inventory_location place ON place.id = level.location_id
WHERE lot.expires_on <= %(latest)s AND level.held_since IS NULL AND level.on_hand <> 0
  AND (lot.expires_on + 1)::timestamp AT TIME ZONE place.time_zone <= %(now)s
ORDER BY level.sku_id, level.location_id LIMIT %(most)s
"""
MOST_AT_ONCE = 5_000


def quarantine_lot(*, lot_id: int, reason: str, user: User | None, now: datetime) -> Lot:
    """Keeps a lot from being sold anywhere from now on. Raises `IllegalStateChange` when it is kept already."""

    def change(lot: Lot) -> None:
        if lot.status == LotStatus.QUARANTINED:
            raise IllegalStateChange(_("Lot %(lot)s is in quarantine already.") % {"lot": lot.code})
        lot.status, lot.status_reason, lot.quarantined_at = LotStatus.QUARANTINED, told, now

    told = _reason(reason)
    return _change_lot(lot_id, change, "lot.quarantined", {"reason": told}, user, now)


def release_lot(*, lot_id: int, reason: str, user: User | None, now: datetime) -> Lot:
    """Lets a lot be sold again; what has expired stays held. Raises `IllegalStateChange` when it is not kept."""

    def change(lot: Lot) -> None:
        if lot.status != LotStatus.QUARANTINED:
            raise IllegalStateChange(_("Lot %(lot)s is not in quarantine.") % {"lot": lot.code})
        lot.status, lot.status_reason, lot.quarantined_at = LotStatus.AVAILABLE, told, None

    told = _reason(reason)
    return _change_lot(lot_id, change, "lot.released", {"reason": told}, user, now)


def correct_expiry(*, lot_id: int, expires_on: date | None, reason: str, user: User | None, now: datetime) -> Lot:
    """Gives a lot the expiry that is printed on it. What was sold or held before now stays as it was."""
    told = _reason(reason)
    data = {"reason": told, "expires_on": None if expires_on is None else expires_on.isoformat()}

    def change(lot: Lot) -> None:
        data["before"] = None if lot.expires_on is None else lot.expires_on.isoformat()
        lot.expires_on = expires_on

    return _change_lot(lot_id, change, "lot.expiry_corrected", data, user, now)


def hold_expired_lots(*, now: datetime) -> int:
    """Counts what has expired as held, from the end of its last day on. Returns how many SKUs and places it met.

    A posting that meets such a lot first does the same, so that being late harms nobody.
    """
    pairs = _due(now)
    with transaction.atomic():
        if pairs:
            lock_levels(pairs)
            _refresh(pairs, None, now, not_before=EVER)
    return len(pairs)


def hold_expired_of(pairs: Sequence[Pair], *, now: datetime) -> None:
    """The same for single SKUs at a location; call it under the lock of their levels, and read these anew."""
    _refresh(pairs, None, now, not_before=EVER)


def _due(now: datetime) -> list[Pair]:
    with connection.cursor() as cursor:
        # No place is more than a day ahead of UTC.
        cursor.execute(DUE, {"now": now, "latest": now.astimezone(UTC).date(), "most": MOST_AT_ONCE})
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _reason(text: str) -> str:
    told = text.strip()
    if not told or len(told) > MAX_REASON:
        raise InvalidInput(
            _("Say why, in at most %(most)d characters.") % {"most": MAX_REASON},
            details=[{"field": "reason", "message": _("Say why.")}],
        )
    return told


@transaction.atomic
def _change_lot(
    lot_id: int,
    change: Callable[[Lot], None],
    action: str,
    data: dict[str, str | None],
    user: User | None,
    now: datetime,
) -> Lot:
    lot, pairs = _lock(lot_id)
    # What expired before the change did so at its own moment, not at this one.
    _refresh(pairs, None, now, not_before=EVER)
    change(lot)
    lot.save(update_fields=["status", "status_reason", "quarantined_at", "expires_on"])
    _refresh(pairs, user, now, not_before=now)
    record_audit(actor=user, action=action, object_type=OBJECT, object_id=lot.pk, now=now, data=data)
    return lot


def _lock(lot_id: int) -> tuple[Lot, list[Pair]]:
    """The levels of every place where the lot is, then the lot.

    Whoever takes it to a new place holds the level it comes from and then shares the lot: so either he sees our change,
    or we see the new place, let go and lock it, too.
    """
    pairs = _places(lot_id)
    for _try in range(TRIES):
        before = transaction.savepoint()
        lock_levels(pairs)
        lot = lock_lot(lot_id)
        found = _places(lot_id)
        if set(found) <= set(pairs):
            return lot, pairs
        transaction.savepoint_rollback(before)
        pairs = found
    raise IllegalStateChange(_("The lot is being moved about just now. Try again in a moment."))


def _places(lot_id: int) -> list[Pair]:
    return sorted(LotLevel.objects.filter(lot=lot_id).values_list("sku_id", "location_id"))


def _refresh(pairs: Sequence[Pair], user: User | None, now: datetime, *, not_before: datetime) -> None:
    given: dict[str, Any] = {
        "skus": array(sku for sku, _place in pairs),
        "places": array(place for _sku, place in pairs),
        "now": now,
        "not_before": not_before,
        "user": user.pk if user else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, given)
        changed = [(row[0], row[1]) for row in cursor.fetchall()]
    rebuild_stockouts_of_pairs(pairs=changed, now=now)
