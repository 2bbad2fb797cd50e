"""Handing over what is held: the reservation is lowered and the goods leave in one act, under one lock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.goods import GoodsLine
from inventory.domain.kits import part_prices
from inventory.domain.movements import MovementLine, Pair, plain, quantity_fault
from inventory.domain.reservations import Hold
from inventory.errors import KeyAlreadyUsed
from inventory.models import (
    Location,
    MovementKind,
    Posting,
    Reservation,
    ReservationEvent,
    ReservationEventKind,
    ReservationState,
    Sku,
    Transfer,
)
from inventory.selectors.kits import parts_of
from inventory.selectors.places import counterpart_ids
from inventory.services.posting import post_movements
from inventory.services.reservations import MAX_REFERENCE, Locked, lock_reservations, require_pending
from inventory.services.reserved import Told, change_reserved, shift_reserved, write_history
from inventory.services.sending import send_goods
from inventory.services.stockouts import rebuild_stockouts_of_pairs

SOURCE_TYPE = "reservation"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """Hand over so much of a reservation; `quantity` None means all that is left of it."""

    reservation_id: int
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Issued:
    """The posting that took the goods away; `transfer` is set when they went to another place of ours."""

    posting: Posting
    reservations: list[Reservation]
    transfer: Transfer | None = None


# What of each reservation (by id) is handed over.
Taken = Mapping[int, Decimal]


def issue_reservation(
    *,
    reservation_id: int,
    key: str | None,
    user: User | None,
    now: datetime,
    quantity: Decimal | None = None,
    destination: Location | None = None,
) -> Issued:
    """Hands over one reservation, whole or in part; see `issue_reservations`."""
    lines = [IssueLine(reservation_id, quantity)]
    return issue_reservations(lines=lines, key=key, user=user, now=now, destination=destination)


@transaction.atomic
def issue_reservations(
    *,
    lines: Sequence[IssueLine],
    key: str | None,
    user: User | None,
    now: datetime,
    destination: Location | None = None,
) -> Issued:
    """Hands over reservations of one place in one posting: a sale, or with `destination` a transfer that leaves now.

    A part that is not handed over stays held. A repeat of a sale with the same `key` returns the first posting.
    Raises `IllegalStateChange` when one of them is closed, `InvalidInput` naming the line for a quantity that is not
    held or for two places, `KeyAlreadyUsed` when the key did something else, `Reservation.DoesNotExist`.
    """
    ids = [line.reservation_id for line in lines]
    _check_ids(ids)
    locked = lock_reservations(ids=ids, now=now, also=_pairs_on_the_way(ids) if destination else ())
    rows = [locked.rows[number] for number in ids]
    first = Posting.objects.filter(key=key).first() if key is not None else None
    if first is not None:
        _refuse_another(first, lines)
        return Issued(first, rows)
    taken = _taken(rows, lines)
    told = _told(rows, taken, locked, user)
    _lower(rows, taken, locked)
    change_reserved(locked.balances, told, now, is_quiet=True)
    rest = _rest_behind_held_lots(rows, locked)
    shift_reserved(locked.balances, {pair: -quantity for pair, quantity in rest.items()})
    issued = _hand_over(rows, taken, key, user, locked.moment, destination)
    shift_reserved(locked.balances, rest)
    write_history([_with_posting(row, issued.posting) for row in told])
    _tell_anew(locked, told, rest)
    return issued


def _refuse_another(first: Posting, lines: Sequence[IssueLine]) -> None:
    """Raises `KeyAlreadyUsed` unless `first` handed these over; a line without a quantity may have been any."""
    told = ReservationEvent.objects.filter(posting=first, kind=ReservationEventKind.ISSUED)
    given = {number: -change for number, change in told.values_list("reservation_id", "change")}
    same = [line for line in lines if line.reservation_id in given]
    if len(same) < len(lines) or any(line.quantity not in (None, given[line.reservation_id]) for line in same):
        raise KeyAlreadyUsed(
            _("Something else was handed over with this page or key before. See what is left, then do it once more.")
        )


def _check_ids(ids: Sequence[int]) -> None:
    if not ids:
        raise InvalidInput(_("Name at least one reservation."))
    if len(set(ids)) < len(ids):
        raise InvalidInput(_("A reservation stands on the list twice. Add its quantities up."))


def _pairs_on_the_way(ids: Sequence[int]) -> list[Pair]:
    """What the transfer brings on its way is locked together with what it takes."""
    in_transit = counterpart_ids()["in_transit"]
    skus = Reservation.objects.filter(pk__in=ids).values_list("sku_id", flat=True)
    return sorted({(sku_id, in_transit) for sku_id in skus})


def _taken(rows: Sequence[Reservation], lines: Sequence[IssueLine]) -> dict[int, Decimal]:
    if len({row.location_id for row in rows}) > 1:
        raise InvalidInput(_("Hand over what is reserved at one place at a time."))
    faults = []
    taken: dict[int, Decimal] = {}
    for number, (row, line) in enumerate(zip(rows, lines, strict=True), start=1):
        require_pending(row)
        left = row.quantity - row.issued
        taken[row.pk] = left if line.quantity is None else line.quantity
        if quantity_fault(taken[row.pk], row.sku.unit) or taken[row.pk] > left:
            message = _(
                "%(asked)s of %(sku)s cannot be handed over: %(left)s are reserved. Ask for that or less, in its unit."
            ) % {"asked": plain(taken[row.pk]), "sku": row.sku.code, "left": plain(left)}
            faults.append({"line": number, "reservation": row.pk, "message": message})
    if faults:
        raise InvalidInput(_("Line %(line)d: %(message)s") % faults[0], details=faults)
    return taken


def _told(rows: Sequence[Reservation], taken: Taken, locked: Locked, user: User | None) -> list[Told]:
    return [
        Told(
            Hold(row.sku_id, row.location_id, -taken[row.pk], locked.moment),
            ReservationEventKind.ISSUED,
            row.pk,
            user_id=user.pk if user else None,
        )
        for row in rows
    ]


def _with_posting(row: Told, posting: Posting) -> Told:
    return Told(row.hold, row.kind, row.reservation_id, posting.pk, row.user_id)


def _lower(rows: Sequence[Reservation], taken: Taken, locked: Locked) -> None:
    for row in rows:
        row.issued += taken[row.pk]
        if row.issued == row.quantity:
            row.state, row.closed_at = ReservationState.ISSUED, locked.moment
    Reservation.objects.bulk_update(rows, ["issued", "state", "closed_at"])


def _rest_behind_held_lots(rows: Sequence[Reservation], locked: Locked) -> dict[Pair, Decimal]:
    """What stays held of these where lots were kept back since: it must not keep the good ones from whom they are for.

    What others hold still does. What expires at this very moment is no longer held.
    """
    rest: dict[Pair, Decimal] = {}
    for row in rows:
        pair, left = (row.sku_id, row.location_id), row.quantity - row.issued
        is_over = row.expires_at is not None and row.expires_at <= locked.moment
        if left and locked.balances[pair].held and not is_over:
            rest[pair] = rest.get(pair, Decimal(0)) + left
    return rest


def _hand_over(
    rows: Sequence[Reservation],
    taken: Taken,
    key: str | None,
    user: User | None,
    moment: datetime,
    destination: Location | None,
) -> Issued:
    if destination is not None:
        goods = _summed(rows, taken)
        transfer = send_goods(source=rows[0].location, destination=destination, lines=goods, user=user, now=moment)
        posting = Posting.objects.filter(source_type="transfer", source_id=transfer.pk).latest("pk")
        return Issued(posting, list(rows), transfer)
    customers, prices = counterpart_ids()["customer"], _prices(rows)
    posting = post_movements(
        lines=[
            MovementLine(row.sku_id, row.location_id, customers, taken[row.pk], unit_price=prices[row.pk])
            for row in rows
        ],
        kind=MovementKind.SALE,
        key=key,
        now=moment,
        posted_by=user,
        source_type=SOURCE_TYPE,
        source_id=rows[0].pk,
        note=_note(rows),
        customer=_customer(rows),
    )
    return Issued(posting, list(rows))


def _summed(rows: Sequence[Reservation], taken: Taken) -> list[GoodsLine]:
    """A transfer names each SKU once."""
    sums: dict[int, Decimal] = {}
    for row in rows:
        sums[row.sku_id] = sums.get(row.sku_id, Decimal(0)) + taken[row.pk]
    return [GoodsLine(sku_id, quantity) for sku_id, quantity in sums.items()]


def _prices(rows: Sequence[Reservation]) -> dict[int, Decimal]:
    """The price of the card, or for a part of a kit its share of the price of the kit."""
    kit_ids = {row.kit_id for row in rows if row.kit_id is not None}
    cards = dict(Sku.objects.filter(pk__in=kit_ids).values_list("pk", "price"))
    shares: dict[tuple[int | None, int], Decimal] = {}
    for kit_id, parts in parts_of(kit_ids).items():
        for part, price in zip(parts, part_prices(parts, cards[kit_id]), strict=True):
            shares[kit_id, part.sku_id] = price
    return {row.pk: shares.get((row.kit_id, row.sku_id), row.sku.price) for row in rows}


def _note(rows: Sequence[Reservation]) -> str:
    """For whom it was held, and which kits it made up."""
    kits = Sku.objects.filter(pk__in={row.kit_id for row in rows if row.kit_id is not None}).order_by("code")
    references = sorted({row.reference for row in rows if row.reference})
    return " · ".join([*references, *kits.values_list("code", flat=True)])[:300]


def _customer(rows: Sequence[Reservation]) -> str:
    """For whom it was held."""
    return " · ".join(sorted({row.reference for row in rows if row.reference}))[:MAX_REFERENCE]


def _tell_anew(locked: Locked, told: Sequence[Told], rest: Iterable[Pair]) -> None:
    """Of levels whose past the posting told before the history of the reservation was complete: where the clock went
    back, and where it did not see what stays held."""
    pairs = {row.hold.pair for row in told if locked.moment < locked.balances[row.hold.pair].updated_at}
    rebuild_stockouts_of_pairs(pairs=sorted(pairs.union(rest)), now=locked.moment)
