"""Stock on its way between our own places."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from inventory.domain.goods import unfold
from inventory.domain.lots import split_by_lot
from inventory.domain.movements import ZERO, plain, quantity_fault
from inventory.locks import lock_transfer
from inventory.models import Location, MovementKind, Posting, Sku, Transfer, TransferLine, TransferState
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.kits import parts_of
from inventory.selectors.lot_levels import lots_on_the_way
from inventory.selectors.places import counterpart_ids
from inventory.services.adjustments import find_reason
from inventory.services.posting import MovementLine, post_movements
from inventory.services.sales import GoodsLine

SOURCE_TYPE = "transfer"


@transaction.atomic
def create_transfer(
    *,
    source: Location,
    destination: Location,
    lines: Sequence[GoodsLine],
    user: User | None,
    now: datetime,
    expected_on: date | None = None,
) -> Transfer:
    """A draft; nothing moves yet. A kit is sent as its parts. Raises `InvalidInput` naming the line."""
    if source.pk == destination.pk or {source.kind, destination.kind} - set(STOCKING_KINDS):
        raise InvalidInput(_("A transfer goes from one store or warehouse to another one."))
    _check_lines(lines)
    transfer = Transfer.objects.create(
        number=_next_number(now),
        source=source,
        destination=destination,
        created_at=now,
        created_by=user,
        expected_on=expected_on,
    )
    TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, sku_id=sku_id, quantity=quantity) for sku_id, quantity in _units(lines).items()
    )
    return transfer


def _units(lines: Sequence[GoodsLine]) -> dict[int, Decimal]:
    """How much of each SKU goes on the way: a part of two kits goes once."""
    pieces = unfold(dict(enumerate(lines, start=1)), parts_of({line.sku_id for line in lines}))
    units: dict[int, Decimal] = {}
    for piece in pieces:
        units[piece.sku_id] = units.get(piece.sku_id, ZERO) + piece.quantity
    return units


def _check_lines(lines: Sequence[GoodsLine]) -> None:
    if not lines:
        raise InvalidInput(_("A transfer needs at least one line."))
    units = dict(Sku.objects.filter(pk__in=[line.sku_id for line in lines]).values_list("pk", "unit"))
    seen: set[int] = set()
    for number, line in enumerate(lines, start=1):
        if line.sku_id not in units:
            raise InvalidInput(_("Line %(line)d: there is no such SKU.") % {"line": number})
        if line.sku_id in seen:
            raise InvalidInput(_("Line %(line)d: this SKU stands on the transfer already.") % {"line": number})
        if quantity_fault(line.quantity, units[line.sku_id]):
            raise InvalidInput(_("Line %(line)d: the quantity does not fit the unit.") % {"line": number})
        seen.add(line.sku_id)


def _next_number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('inventory_transfer_number')")
        (number,) = cursor.fetchone()
    return f"TR-{now.year}-{number:06d}"


@transaction.atomic
def ship_transfer(*, transfer_id: int, user: User | None, now: datetime) -> Transfer:
    """Takes the goods from their place and puts them in transit. Raises `OutOfStock`, `IllegalStateChange`."""
    transfer = _lock(transfer_id, TransferState.DRAFT)
    in_transit = counterpart_ids()["in_transit"]
    lines = [
        MovementLine(line.sku_id, transfer.source_id, in_transit, line.quantity)
        for line in transfer.lines.order_by("pk")
    ]
    _post(transfer, lines, f"transfer/{transfer.pk}/ship", user, now)
    transfer.state, transfer.shipped_at = TransferState.SHIPPED, now
    transfer.save(update_fields=["state", "shipped_at"])
    return transfer


@transaction.atomic
def receive_transfer(
    *,
    transfer_id: int,
    key: str | None,
    user: User | None,
    now: datetime,
    received: Mapping[int, Decimal] | None = None,
    is_final: bool = False,
    reason_code: str = "",
) -> Transfer:
    """Takes in what came: everything, or `received` (sku_id -> quantity).

    With `is_final` nothing more is expected, and what is missing is lost for the reason given. A repeat of the same
    `key` changes nothing. Raises `IllegalStateChange`, `InvalidInput` when more came than was sent.
    """
    if key is not None and Posting.objects.filter(key=key, source_type=SOURCE_TYPE, source_id=transfer_id).exists():
        return Transfer.objects.get(pk=transfer_id)
    transfer = _lock(transfer_id, TransferState.SHIPPED)
    lines = list(transfer.lines.select_related("sku").order_by("pk"))
    arrived = _arrivals(lines, received)
    missing = {line.sku_id: line.quantity - line.received - arrived[line.sku_id] for line in lines}
    moved = _arrival_lines(transfer, arrived)
    if is_final and any(missing.values()):
        moved += _missing_lines(missing, find_reason(reason_code).pk)
    tracked = [line.sku_id for line in lines if line.sku.is_lot_tracked]
    if tracked:
        moved = split_by_lot(moved, lots_on_the_way(transfer, tracked))
    if moved:
        _post(transfer, moved, key, user, now)
    for line in lines:
        line.received += arrived[line.sku_id]
    TransferLine.objects.bulk_update(lines, ["received"])
    if is_final or not any(missing.values()):
        transfer.state, transfer.received_at = TransferState.RECEIVED, now
        transfer.save(update_fields=["state", "received_at"])
    return transfer


def _arrivals(lines: Sequence[TransferLine], received: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    if received is None:
        return {line.sku_id: line.quantity - line.received for line in lines}
    strangers = set(received) - {line.sku_id for line in lines}
    if strangers:
        raise InvalidInput(_("This transfer does not carry one of these SKUs."))
    for line in lines:
        quantity, open_quantity = received.get(line.sku_id, ZERO), line.quantity - line.received
        if not quantity.is_finite() or not 0 <= quantity <= open_quantity:
            values = {"sku": line.sku.code, "open": plain(open_quantity)}
            raise InvalidInput(_("%(sku)s: at most %(open)s can still arrive.") % values, details=[values])
    return {line.sku_id: received.get(line.sku_id, ZERO) for line in lines}


def _arrival_lines(transfer: Transfer, arrived: Mapping[int, Decimal]) -> list[MovementLine]:
    in_transit = counterpart_ids()["in_transit"]
    return [
        MovementLine(sku_id, in_transit, transfer.destination_id, quantity)
        for sku_id, quantity in arrived.items()
        if quantity
    ]


def _missing_lines(missing: Mapping[int, Decimal], reason_id: int) -> list[MovementLine]:
    places = counterpart_ids()
    return [
        MovementLine(
            sku_id, places["in_transit"], places["loss"], quantity, reason_id=reason_id, kind=MovementKind.ADJUSTMENT
        )
        for sku_id, quantity in missing.items()
        if quantity
    ]


@transaction.atomic
def cancel_transfer(*, transfer_id: int, user: User | None, now: datetime) -> Transfer:
    """Drops a draft. What was shipped has to be received, or sent back by another transfer."""
    transfer = _lock(transfer_id, TransferState.DRAFT)
    transfer.state = TransferState.CANCELLED
    transfer.save(update_fields=["state"])
    return transfer


def _lock(transfer_id: int, state: TransferState) -> Transfer:
    transfer = lock_transfer(transfer_id)
    if transfer.state != state:
        values = {"number": transfer.number, "state": transfer.get_state_display(), "needed": state.label}
        raise IllegalStateChange(_("%(number)s is “%(state)s”; this needs “%(needed)s”.") % values)
    return transfer


def _post(
    transfer: Transfer, lines: Sequence[MovementLine], key: str | None, user: User | None, now: datetime
) -> Posting:
    return post_movements(
        lines=lines,
        kind=MovementKind.TRANSFER,
        key=key,
        now=now,
        posted_by=user,
        source_type=SOURCE_TYPE,
        source_id=transfer.pk,
        note=transfer.number,
    )
