"""Starts and stops tracking a SKU by lot, and brings the stock that is there along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.days import local_date
from inventory.locks import lock_levels, lock_sku
from inventory.models import Location, Lot, LotLevel, Movement, MovementKind, Posting, Sku, StockLevel
from inventory.models.location import VIRTUAL_KINDS
from inventory.selectors.places import counterpart_ids

# The lot of what stood there before anybody asked for lots.
FIRST_CODE = "START"


@dataclass(frozen=True, slots=True)
class Piece:
    """Stock at a place that changes its name; `quantity` may be below zero."""

    location: Location
    quantity: Decimal
    lot_id: int | None


@transaction.atomic
def start_lot_tracking(*, sku_id: int, user: User | None, now: datetime) -> Lot:
    """From now on each unit of the SKU belongs to a lot; what is there becomes the lot `FIRST_CODE`, without expiry.

    Raises `IllegalStateChange` for a kit and for a SKU that is tracked.
    """
    levels = _lock(sku_id)
    sku = lock_sku(sku_id)
    if sku.is_kit:
        raise IllegalStateChange(_("A kit has no stock of its own. Track its parts by lot instead."))
    if sku.is_lot_tracked:
        raise IllegalStateChange(_("%(sku)s is tracked by lot already.") % {"sku": sku.code})
    lot, _made = Lot.objects.get_or_create(sku=sku, code=FIRST_CODE, defaults={"received_at": now})
    pieces = [Piece(level.location, level.on_hand, None) for level in levels if level.on_hand]
    _rename(sku, pieces, lot, user, now)
    stands = [
        LotLevel(
            lot=lot,
            sku=sku,
            location=piece.location,
            on_hand=piece.quantity,
            may_go_negative=piece.location.may_go_negative,
        )
        for piece in pieces
    ]
    LotLevel.objects.bulk_create(
        stands, update_conflicts=True, unique_fields=["lot", "location"], update_fields=["on_hand"]
    )
    _switch(sku, user, now, is_lot_tracked=True)
    return lot


@transaction.atomic
def stop_lot_tracking(*, sku_id: int, user: User | None, now: datetime) -> None:
    """From now on the SKU has no lots; those of the past stay on record.

    Raises `IllegalStateChange` for a SKU that is not tracked, and while some of it is quarantined or expired.
    """
    levels = _lock(sku_id)
    sku = lock_sku(sku_id)
    if not sku.is_lot_tracked:
        raise IllegalStateChange(_("%(sku)s is not tracked by lot.") % {"sku": sku.code})
    if any(level.held for level in levels):
        raise IllegalStateChange(
            _("Some of %(sku)s is quarantined or expired. Release it or write it off first.") % {"sku": sku.code}
        )
    rows = LotLevel.objects.filter(sku=sku).exclude(on_hand=0).select_related("location").order_by("pk")
    _rename(sku, [Piece(row.location, row.on_hand, row.lot_id) for row in rows], None, user, now)
    LotLevel.objects.filter(sku=sku).update(on_hand=0, held_since=None)
    _switch(sku, user, now, is_lot_tracked=False)


def _lock(sku_id: int) -> list[StockLevel]:
    """Levels before the card, like everybody who posts. All that there may be, so that none is made meanwhile.

    An import has written its movements, and so shares the card, before it locks levels: who switches gives way to it
    sooner than the database looks for a deadlock, and is told that others are at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '600ms'")
    places = Location.objects.exclude(kind__in=VIRTUAL_KINDS).order_by("pk").values_list("pk", flat=True)
    pairs = [(sku_id, place_id) for place_id in places] if Sku.objects.filter(pk=sku_id).exists() else []
    lock_levels(pairs, missing=pairs)
    return list(StockLevel.objects.filter(sku=sku_id).select_related("location"))


def _rename(sku: Sku, pieces: Sequence[Piece], lot: Lot | None, user: User | None, now: datetime) -> None:
    """Out of the one name and into the other at the same instant: no level changes, and the books stay whole."""
    if not pieces:
        return
    posting = Posting.objects.create(
        kind=MovementKind.ADJUSTMENT, source_type="lot_tracking", source_id=sku.pk, posted_by=user, posted_at=now
    )
    loss = counterpart_ids()["loss"]
    new_id = lot.pk if lot else None
    rows: list[Movement] = []
    for piece in pieces:
        place = piece.location
        leaves, comes = (piece.lot_id, new_id) if piece.quantity > 0 else (new_id, piece.lot_id)
        for lot_id, ends in ((leaves, (place.pk, loss)), (comes, (loss, place.pk))):
            rows.append(
                Movement(
                    posting=posting,
                    line=len(rows) + 1,
                    kind=MovementKind.ADJUSTMENT,
                    sku=sku,
                    lot_id=lot_id,
                    source_id=ends[0],
                    destination_id=ends[1],
                    quantity=abs(piece.quantity),
                    occurred_at=now,
                    business_date=local_date(now, place.time_zone),
                )
            )
    Movement.objects.bulk_create(rows)


def _switch(sku: Sku, user: User | None, now: datetime, *, is_lot_tracked: bool) -> None:
    """The levels follow by their foreign key."""
    sku.is_lot_tracked = is_lot_tracked
    sku.save(update_fields=["is_lot_tracked"])
    record_audit(
        actor=user,
        action="sku.lot_tracking_started" if is_lot_tracked else "sku.lot_tracking_stopped",
        object_type="sku",
        object_id=sku.pk,
        now=now,
    )
