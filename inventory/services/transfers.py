"""Stock on its way between our own places."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.days import local_date
from inventory.domain.goods import unfold
from inventory.domain.movements import QUANTITY_LIMIT, ZERO
from inventory.models import Location, Sku, Transfer, TransferLine, TransferState
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.kits import parts_of
from inventory.selectors.places import counterpart_ids
from inventory.services.lots import Wanted, known_lots
from inventory.services.numbers import TRANSFERS, draw_number
from inventory.services.posting import MovementLine
from inventory.services.posting_checks import closed_message, quantity_message, refuse_lines
from inventory.services.sales import GoodsLine
from inventory.services.transfer_acts import SOURCE_TYPE, lock_in_state, post_transfer, record_transfer
from inventory.services.transfer_arrivals import Arrival, Difference, receive_transfer

__all__ = [
    "SOURCE_TYPE",
    "Arrival",
    "Difference",
    "cancel_transfer",
    "create_transfer",
    "edit_transfer",
    "receive_transfer",
    "ship_transfer",
]


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
    _check_ends(source, destination)
    lot_ids = _check_lines(lines)
    transfer = Transfer.objects.create(
        number=draw_number(TRANSFERS, local_date(now, source.time_zone)),
        source=source,
        destination=destination,
        created_at=now,
        created_by=user,
        expected_on=expected_on,
    )
    _write_lines(transfer, lines, lot_ids)
    record_transfer(transfer, "created", user, now)
    return transfer


@transaction.atomic
def edit_transfer(
    *,
    transfer_id: int,
    source: Location,
    destination: Location,
    lines: Sequence[GoodsLine],
    user: User | None,
    now: datetime,
    expected_on: date | None = None,
) -> Transfer:
    """Writes a draft anew. Raises `IllegalStateChange` once it was shipped, `InvalidInput` naming the line."""
    transfer = lock_in_state(transfer_id, TransferState.DRAFT)
    _check_ends(source, destination)
    lot_ids = _check_lines(lines)
    transfer.source, transfer.destination, transfer.expected_on = source, destination, expected_on
    transfer.save(update_fields=["source", "destination", "expected_on"])
    transfer.lines.all().delete()
    _write_lines(transfer, lines, lot_ids)
    record_transfer(transfer, "edited", user, now)
    return transfer


def _check_ends(source: Location, destination: Location) -> None:
    if source.pk == destination.pk or {source.kind, destination.kind} - set(STOCKING_KINDS):
        raise InvalidInput(_("A transfer goes from one store or warehouse to another one."))
    _require_open(destination)


def _require_open(destination: Location) -> None:
    """What leaves for a closed place could not arrive."""
    if not destination.is_active:
        raise InvalidInput(closed_message(destination.name))


def _write_lines(transfer: Transfer, lines: Sequence[GoodsLine], lot_ids: Sequence[int | None]) -> None:
    units = _units(lines, lot_ids)
    too_much = [sku_id for (sku_id, _lot_id), quantity in units.items() if quantity >= QUANTITY_LIMIT]
    if too_much:
        code = Sku.objects.values_list("code", flat=True).get(pk=too_much[0])
        raise InvalidInput(_("All lines together send too much of %(sku)s. Check the quantities.") % {"sku": code})
    TransferLine.objects.bulk_create(
        TransferLine(transfer=transfer, sku_id=sku_id, lot_id=lot_id, quantity=quantity)
        for (sku_id, lot_id), quantity in units.items()
    )


def _units(lines: Sequence[GoodsLine], lot_ids: Sequence[int | None]) -> dict[tuple[int, int | None], Decimal]:
    """How much of each SKU and lot goes on the way: a part of two kits goes once."""
    pieces = unfold(dict(enumerate(lines, start=1)), parts_of({line.sku_id for line in lines}))
    units: dict[tuple[int, int | None], Decimal] = {}
    for piece in pieces:
        key = piece.sku_id, None if piece.kit_id is not None else lot_ids[piece.line - 1]
        units[key] = units.get(key, ZERO) + piece.quantity
    return units


def _check_lines(lines: Sequence[GoodsLine]) -> list[int | None]:
    """The lot of each line. Raises `InvalidLines` naming every line that cannot be sent."""
    if not lines:
        raise InvalidInput(_("A transfer needs at least one line."))
    units = dict(Sku.objects.filter(pk__in=[line.sku_id for line in lines]).values_list("pk", "unit"))
    lot_ids, faults = known_lots([Wanted(line.sku_id, line.lot) for line in lines])
    seen: set[tuple[int, str]] = set()
    for number, line in enumerate(lines, start=1):
        name = line.sku_id, line.lot.code.strip().upper() if line.lot else ""
        message = _line_message(line, units.get(line.sku_id), name in seen)
        if message:
            faults.append({"line": number, "message": message})
        seen.add(name)
    refuse_lines(sorted(faults, key=lambda fault: int(fault["line"])))
    return lot_ids


def _line_message(line: GoodsLine, unit: str | None, is_seen: bool) -> str:
    if unit is None:
        return _("There is no such SKU.")
    if is_seen:
        return _("This SKU stands on the transfer already.")
    return quantity_message(line.quantity, unit) or ""


@transaction.atomic
def ship_transfer(*, transfer_id: int, user: User | None, now: datetime) -> Transfer:
    """Takes the goods from their place and puts them in transit. Raises `OutOfStock`, `IllegalStateChange`."""
    transfer = lock_in_state(transfer_id, TransferState.DRAFT)
    _require_open(transfer.destination)
    in_transit = counterpart_ids()["in_transit"]
    lines = [
        MovementLine(line.sku_id, transfer.source_id, in_transit, line.quantity, lot_id=line.lot_id)
        for line in transfer.lines.order_by("pk")
    ]
    post_transfer(transfer, lines, f"transfer/{transfer.pk}/ship", user, now)
    transfer.state, transfer.shipped_at = TransferState.SHIPPED, now
    transfer.save(update_fields=["state", "shipped_at"])
    record_transfer(transfer, "shipped", user, now)
    return transfer


@transaction.atomic
def cancel_transfer(*, transfer_id: int, user: User | None, now: datetime) -> Transfer:
    """Drops a draft. What was shipped has to be received, or sent back by another transfer."""
    transfer = lock_in_state(transfer_id, TransferState.DRAFT)
    transfer.state = TransferState.CANCELLED
    transfer.save(update_fields=["state"])
    record_transfer(transfer, "cancelled", user, now)
    return transfer
