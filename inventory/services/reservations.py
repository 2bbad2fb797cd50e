"""Holding stock for somebody, and what becomes of it: handed over, released, held longer, or held elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from inventory.domain.goods import GoodsLine, Piece, unfold
from inventory.domain.movements import (
    QUANTITY_LIMIT,
    Balance,
    MovementLine,
    Pair,
    find_shortages,
    plain,
)
from inventory.domain.reservations import Hold, moment_for
from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.locks import lock_levels
from inventory.models import Location, Reservation, ReservationEvent, ReservationEventKind, ReservationState, Sku
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.kits import parts_of
from inventory.services.lot_holds import hold_expired_of
from inventory.services.posting_checks import quantity_message
from inventory.services.reserved import Told, change_reserved, settle_expired

MAX_LINES = 1_000
MAX_REFERENCE = 120
# A reservation that was moved elsewhere while we waited for its place is looked for again.
MOVED_ATTEMPTS = 5
# Stands for "out of the shelf" where a check needs a destination.
NOWHERE = 0


class _Moved(Exception):
    """A reservation is no longer where it was before the lock."""


@dataclass(frozen=True)
class Locked:
    """Reservations by id with their levels, both under the lock of the levels, settled at `moment`."""

    rows: dict[int, Reservation]
    balances: dict[Pair, Balance]
    moment: datetime


def reserve_stock(
    *,
    location: Location,
    lines: Sequence[GoodsLine],
    reference: str,
    key: str | None,
    user: User | None,
    now: datetime,
    expires_at: datetime | None = None,
) -> list[Reservation]:
    """Holds every line or none; a kit is held as its parts. Nothing moves.

    A place that may go negative promises before it has booked what it promises. A repeat with the same `key` returns
    the first reservations. Raises `OutOfStock` (a row per offending line), `InvalidLines`, `InvalidInput`,
    `KeyAlreadyUsed`.
    """
    _check_form(location, lines, reference, expires_at, now)
    pieces = unfold(dict(enumerate(lines, start=1)), parts_of({line.sku_id for line in lines}))
    skus = Sku.objects.in_bulk({piece.sku_id for piece in pieces})
    _check_pieces(pieces, skus)
    pairs = sorted({(piece.sku_id, location.pk) for piece in pieces})
    with transaction.atomic():
        balances = _settled(pairs, pairs, now)
        first = list(Reservation.objects.filter(key=key).order_by("line")) if key is not None else []
        if first:
            return _repeat(first, pieces, location, reference)
        refuse_shortages(pieces, location, balances, skus)
        moment = moment_for(balances.values(), now)
        made = _make(pieces, location, reference, key, user, moment, expires_at)
        told = [_told(row, row.quantity, ReservationEventKind.RESERVED, moment, user) for row in made]
        change_reserved(balances, told, now)
    return made


def _settled(pairs: Sequence[Pair], missing: Sequence[Pair], now: datetime) -> dict[Pair, Balance]:
    """The locked levels, without reservations and with the lots that have expired by now."""
    balances = settle_expired(lock_levels(pairs, missing=missing), now)
    tracked = [pair for pair, balance in balances.items() if balance.is_lot_tracked]
    if not tracked:
        return balances
    hold_expired_of(tracked, now=now)
    return dict(lock_levels(pairs))


def _check_form(
    location: Location, lines: Sequence[GoodsLine], reference: str, expires_at: datetime | None, now: datetime
) -> None:
    if location.kind not in STOCKING_KINDS:
        raise InvalidInput(_("Stock is reserved at a store or a warehouse."))
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidInput(_("A reservation takes 1 to %(most)d lines.") % {"most": MAX_LINES})
    if len(reference) > MAX_REFERENCE:
        raise InvalidInput(_("The reference has at most %(most)d characters.") % {"most": MAX_REFERENCE})
    check_expiry(expires_at, now)


def check_expiry(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and expires_at <= now:
        raise InvalidInput(
            _("Say a moment in the future until which it is reserved."),
            details=[{"field": "expires_at", "message": _("It lies in the past.")}],
        )


def _check_pieces(pieces: Sequence[Piece], skus: Mapping[int, Sku]) -> None:
    faults = []
    for piece in pieces:
        sku = skus.get(piece.sku_id)
        if sku is None:
            faults.append({"line": piece.line, "message": _("There is no such SKU.")})
        elif message := quantity_message(piece.quantity, sku.unit):
            faults.append({"line": piece.line, "sku": sku.code, "message": message})
    if faults:
        raise InvalidLines(_("Line %(line)d: %(message)s") % faults[0], details=faults)


def refuse_shortages(
    pieces: Sequence[Piece], location: Location, balances: Mapping[Pair, Balance], skus: Mapping[int, Sku]
) -> None:
    """Raises `OutOfStock` that names each line which asks for more than is available, the lines before it served."""
    taken = [MovementLine(piece.sku_id, location.pk, NOWHERE, piece.quantity) for piece in pieces]
    here = {(line.sku_id, line.source_id): balances[line.sku_id, line.source_id] for line in taken}
    details = [
        {
            "line": pieces[short.line - 1].line,
            "sku": skus[short.sku_id].code,
            "location": location.code,
            "asked": plain(short.asked),
            "available": plain(short.available),
        }
        for short in find_shortages(taken, here)
    ]
    if details:
        message = _("Only %(available)s of %(sku)s can still be reserved at %(location)s, but %(asked)s asked.")
        raise OutOfStock(message % details[0], details=details)
    _refuse_too_much(pieces, location, balances, skus)


def _refuse_too_much(
    pieces: Sequence[Piece], location: Location, balances: Mapping[Pair, Balance], skus: Mapping[int, Sku]
) -> None:
    """A place that may go below zero promises what it likes, but no more than can be kept."""
    ends = {piece.sku_id: balances[piece.sku_id, location.pk].reserved for piece in pieces}
    faults = []
    for piece in pieces:
        ends[piece.sku_id] += piece.quantity
        if ends[piece.sku_id] >= QUANTITY_LIMIT:
            message = _("With it, more would be reserved than can be kept. Check the quantity.")
            faults.append({"line": piece.line, "sku": skus[piece.sku_id].code, "message": message})
    if faults:
        raise InvalidLines(_("Line %(line)d: %(message)s") % faults[0], details=faults)


def _make(
    pieces: Sequence[Piece],
    location: Location,
    reference: str,
    key: str | None,
    user: User | None,
    moment: datetime,
    expires_at: datetime | None,
) -> list[Reservation]:
    rows = [
        Reservation(
            sku_id=piece.sku_id,
            location=location,
            kit_id=piece.kit_id,
            quantity=piece.quantity,
            expires_at=expires_at,
            reference=reference,
            key=key,
            line=number,
            created_by=user,
            created_at=moment,
        )
        for number, piece in enumerate(pieces, start=1)
    ]
    try:
        with transaction.atomic():
            return Reservation.objects.bulk_create(rows)
    except IntegrityError as error:
        # Somebody else used the key for other levels while we waited for ours.
        raise _key_used(key) from error


def _repeat(first: list[Reservation], pieces: Sequence[Piece], location: Location, reference: str) -> list[Reservation]:
    """The reservations that this key made, if they say the same. They may have moved or been handed over since."""
    stored = [(row.sku_id, row.quantity, row.kit_id) for row in first]
    made = ReservationEvent.objects.filter(reservation=first[0], kind=ReservationEventKind.RESERVED)
    is_same = stored == [(piece.sku_id, piece.quantity, piece.kit_id) for piece in pieces]
    if not is_same or first[0].reference != reference or made.get().location_id != location.pk:
        raise _key_used(first[0].key)
    return first


def _key_used(key: str | None) -> KeyAlreadyUsed:
    return KeyAlreadyUsed(
        _("The key %(key)s was used for another reservation. Send a new key, or the same lines.") % {"key": key}
    )


def _told(row: Reservation, change: Decimal, kind: str, moment: datetime, user: User | None) -> Told:
    hold = Hold(row.sku_id, row.location_id, change, moment)
    return Told(hold, kind, row.pk, user_id=user.pk if user else None)


def lock_reservations(*, ids: Sequence[int], now: datetime, also: Sequence[Pair] = ()) -> Locked:
    """Locks the levels of these reservations and of the pairs `also`, in one statement; call it inside a transaction.

    What has expired by `now` is expired in the answer. Raises `Reservation.DoesNotExist`.
    """
    for _attempt in range(MOVED_ATTEMPTS):
        try:
            with transaction.atomic():
                return _lock_where_they_are(ids, now, also)
        except _Moved:
            continue
    raise IllegalStateChange(_("The reservation is being moved just now. Try again."))


def _lock_where_they_are(ids: Sequence[int], now: datetime, also: Sequence[Pair]) -> Locked:
    places = set(Reservation.objects.filter(pk__in=ids).values_list("sku_id", "location_id"))
    balances = _settled(sorted(places | set(also)), also, now)
    rows = Reservation.objects.select_related("sku", "location").in_bulk(list(ids))
    if len(rows) < len(set(ids)):
        raise Reservation.DoesNotExist
    if any((row.sku_id, row.location_id) not in balances for row in rows.values()):
        raise _Moved
    return Locked(rows, balances, moment_for(balances.values(), now))


def require_pending(row: Reservation) -> None:
    """Raises `IllegalStateChange` that says what became of it."""
    if row.state != ReservationState.PENDING:
        values = {"number": row.pk, "state": row.get_state_display()}
        raise IllegalStateChange(_("Reservation %(number)s is “%(state)s”; nothing is reserved any more.") % values)


@transaction.atomic
def release_reservation(*, reservation_id: int, user: User | None, now: datetime) -> Reservation:
    """Lets go of what is still held. One that is released or expired stays as it is.

    Raises `IllegalStateChange` when all of it was handed over.
    """
    locked = lock_reservations(ids=[reservation_id], now=now)
    row = locked.rows[reservation_id]
    if row.state in (ReservationState.RELEASED, ReservationState.EXPIRED):
        return row
    require_pending(row)
    told = _told(row, row.issued - row.quantity, ReservationEventKind.RELEASED, locked.moment, user)
    row.state, row.closed_at = ReservationState.RELEASED, locked.moment
    row.save(update_fields=["state", "closed_at"])
    change_reserved(locked.balances, [told], now)
    return row


@transaction.atomic
def extend_reservation(
    *, reservation_id: int, expires_at: datetime | None, user: User | None, now: datetime
) -> Reservation:
    """Holds it until another moment; None holds it until somebody lets go. Raises `IllegalStateChange`."""
    check_expiry(expires_at, now)
    row = lock_reservations(ids=[reservation_id], now=now).rows[reservation_id]
    require_pending(row)
    row.expires_at = expires_at
    row.save(update_fields=["expires_at"])
    return row


@transaction.atomic
def reassign_reservation(
    *,
    reservation_id: int,
    user: User | None,
    now: datetime,
    location: Location | None = None,
    reference: str | None = None,
) -> Reservation:
    """Holds what is left of it at another place, or for somebody else, or both: all of it at once.

    Raises `OutOfStock` when the other place has too little, `IllegalStateChange`, `InvalidInput`.
    """
    if location is None and reference is None:
        raise InvalidInput(_("Say another place or another reference."))
    if reference is not None and len(reference) > MAX_REFERENCE:
        raise InvalidInput(_("The reference has at most %(most)d characters.") % {"most": MAX_REFERENCE})
    sku_id = Reservation.objects.values_list("sku_id", flat=True).get(pk=reservation_id)
    also = [(sku_id, location.pk)] if location is not None else []
    locked = lock_reservations(ids=[reservation_id], now=now, also=also)
    row = locked.rows[reservation_id]
    require_pending(row)
    if reference is not None:
        row.reference = reference
    if location is not None and location.pk != row.location_id:
        _move(row, location, locked, user, now)
    row.save(update_fields=["reference", "location"])
    return row


def _move(row: Reservation, location: Location, locked: Locked, user: User | None, now: datetime) -> None:
    if location.kind not in STOCKING_KINDS:
        raise InvalidInput(_("Stock is reserved at a store or a warehouse."))
    left = row.quantity - row.issued
    refuse_shortages([Piece(1, row.sku_id, left)], location, locked.balances, {row.sku_id: row.sku})
    freed = _told(row, -left, ReservationEventKind.MOVED, locked.moment, user)
    row.location = location
    held = _told(row, left, ReservationEventKind.MOVED, locked.moment, user)
    change_reserved(locked.balances, [freed, held], now)


def expire_due(*, now: datetime, pairs_at_once: int = 500) -> int:
    """Settles everything that has expired by `now`; returns how many SKUs at how many places it concerned.

    Nothing waits for it: whoever reads or posts meanwhile reckons with expiry by itself.
    """
    due = Reservation.objects.filter(state=ReservationState.PENDING, expires_at__lte=now)
    pairs = sorted(set(due.values_list("sku_id", "location_id")))
    for start in range(0, len(pairs), pairs_at_once):
        with transaction.atomic():
            settle_expired(lock_levels(pairs[start : start + pairs_at_once]), now)
    return len(pairs)
